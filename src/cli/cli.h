#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/paths.h"

/*
 * A subcommand that works on files, without the daemon. `run` gets its own
 * name as argv[0] and returns the exit status of meetme: 0 good, 1 refused or
 * failed, 64 usage, 69 daemon away, 78 network file wrong.
 */
struct subcommand {
	const char *name;
	const char *synopsis; /* "check [-f FILE]"; a line that goes on from
				 the one before begins with spaces */
	const char *brief; /* one line */
	const char *text; /* what else --help says; may be NULL */
	int (*run)(const struct subcommand *self, const struct paths *paths,
	    int argc, char **argv);
};

extern const struct subcommand subcommand_check;
extern const struct subcommand subcommand_edgeos;
extern const struct subcommand subcommand_help;
extern const struct subcommand subcommand_import;
extern const struct subcommand subcommand_init;
extern const struct subcommand subcommand_pops;
extern const struct subcommand subcommand_provision;
extern const struct subcommand subcommand_registry;
extern const struct subcommand subcommand_render;
extern const struct subcommand subcommand_roa;

/* The subcommand of that name, or NULL. */
const struct subcommand *subcommand_find(const char *name);

/* All of them in a usage text, the daemon's too. */
void cli_usage(FILE *f);

/* What --help says of one. */
void subcommand_usage(FILE *f, const struct subcommand *s);

/* Says what is wrong with the arguments and how they go. Returns 64. */
int usage_error(const struct subcommand *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The next option, as getopt_long(3); -1 behind the last. '?' for one that is
 * unknown or lacks its value, which was said: the status is then EX_USAGE.
 */
int next_option(const struct subcommand *s, int argc, char **argv,
    const char *shorts, const struct option *longs);

/* Picks and runs. The strings of argv may be moved. */
int cli_main(int argc, char **argv);

#endif
