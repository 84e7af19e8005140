#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "shell/command.h"
#include "shell/edit.h"
#include "shell/out.h"

enum shell_status {
	SHELL_OK = 0,
	SHELL_REFUSED = 1,
	SHELL_USAGE = 64, /* sysexits: EX_USAGE */
	SHELL_AWAY = 69, /* EX_UNAVAILABLE */
	SHELL_NETWORK = 78, /* EX_CONFIG: the network file is wrong */
};

/* What a command works with. */
struct shell {
	struct api_client *api;
	struct out out, err;
	struct editor *editor; /* NULL: there is nobody to ask */
	int interrupt; /* for signals_take(); 0: nobody can interrupt */
	json_t *hello; /* the answer of that name; NULL: not asked yet */
	uint32_t *asns; /* the visitor's own, out of it */
	size_t n_asns;
	bool operator;
	bool ended; /* no further line is to be read */
};

/* Asks who is there, once. 0, or an exit status (printed). */
int shell_hello(struct shell *sh);
void shell_release(struct shell *sh);

/* From here on Ctrl-C stops a stream, and no longer what asks for it. */
void shell_interrupts(struct shell *sh);

/* Runs a typed line, or one that is in words: its exit status. */
int shell_line(struct shell *sh, const char *text, size_t len);
int shell_words(struct shell *sh, const char *const *words, size_t n);

/*
 * Asks the engine; `args` is taken over. 0 and *ok (the caller's reference),
 * or an exit status, after the fault was printed.
 */
int shell_call(struct shell *sh, const struct args *a, const char *op,
    json_t *args, json_t **ok);

/*
 * As shell_call, of an operation that gives parts before its answer. Ctrl-C
 * stops it: then it is api_stopped(), and *ok is of what there was.
 */
int shell_stream(struct shell *sh, const struct args *a, const char *op,
    json_t *args, api_part *part, void *arg, json_t **ok);

/* Prints a fault, as JSON to `out` where --json was given: an exit status. */
int shell_fault(struct shell *sh, const struct args *a, const struct fault *f);

/* Prints what is wrong with a line, and where help is: SHELL_USAGE. */
int
shell_usage(struct shell *sh, const struct command *c, const struct fault *f);

/* With --json: prints `o` and returns true. */
bool shell_json(struct shell *sh, const struct args *a, const json_t *o);

/* --asn, or the only peering; asks among several. 0, or an exit status. */
int shell_pick(struct shell *sh, const struct args *a, uint32_t *asn);

#endif
