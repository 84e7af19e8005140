#ifndef AGENT_BIRD_WANT_H
#define AGENT_BIRD_WANT_H

#include "agent/bird_policy.h"
#include "agent/wire.h"
#include "plan/plan.h"

/* A file that BIRD shall have, and what became of it. */
struct bird_file {
	uint64_t id; /* bird_files.h; the sort key */
	char protocol[PLAN_SESSION_MAX]; /* that BIRD makes of it; "" */
	struct bird_text text;
	struct bird_text refused; /* what BIRD refused last; data NULL: none */
	int64_t retry; /* when it may be tried again, monotonic us */
	enum wire_progress progress;
	char reason[256];
};

/* The base, each session's file, the registry's: what is not known stays. */
struct bird_want {
	enum network_bird bird;
	struct bird_file *files;
	size_t n;
};

/* Renders the plan. 0 or a negative errno. */
int bird_want_make(struct bird_want *out, const struct plan *plan,
    const struct bird_policy *policy);

/* Moves what `old` knows of a file's past over to the new one. */
void bird_want_inherit(struct bird_want *w, struct bird_want *old);
void bird_want_free(struct bird_want *w);

/* NULL: there is none. */
struct bird_file *bird_want_find(const struct bird_want *w, uint64_t id);

/*
 * Takes the reply to "show protocols": each file is applied, or what BIRD
 * should make of it is missing, and it is refused for the reason `why`; one
 * that rests stays refused. The number of those missing.
 */
size_t bird_want_judge(
    struct bird_want *w, const char *reply, size_t len, const char *why);

/*
 * How far the session of that AS came, or (BIRD_BASE) all the rest; the reason
 * into buf. `away`: why nothing can be said now, or "".
 */
enum wire_progress bird_want_verdict(const struct bird_want *w, uint64_t id,
    const char *away, char *buf, size_t size);

/* BIRD refused the file as it is: it rests for a while. Or it took it. */
void bird_want_refuse(struct bird_want *w, uint64_t id, const char *words);
void bird_want_accept(struct bird_want *w, uint64_t id);

/* True if it was refused as it is, and its time has not come. */
bool bird_file_rests(const struct bird_file *f);

#endif
