#ifndef ENGINE_CONN_H
#define ENGINE_CONN_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "engine/state.h"

/* Who is at the other end. */
enum conn_kind {
	CONN_SESSION, /* an SSH session that has not logged in */
	CONN_VISITOR, /* one that has: `mntner` is fixed */
	CONN_OPERATOR, /* the control socket */
};

struct identity {
	enum conn_kind kind;
	char mntner[MNTNER_MAX];
	bool admin; /* came in with an admin key */
	struct sshkey key;
	uid_t uid; /* of an operator */
	char from[64]; /* a visitor's address, "local" */
};

/* A request that waits for the agent; the operation fills in the rest. */
struct pending {
	/* Called once, with what came; `answer` NULL: time ran out. */
	void (*done)(struct engine *e, struct conn *c, const void *answer);
	uint32_t token; /* of a question to the agent; 0: none */
	uint32_t serial; /* of a plan to be converged; 0: none */
	/*
	 * Of one that is answered in parts: called once, when it was answered
	 * or the connection ends before. NULL: it is none.
	 */
	void (*end)(struct engine *e, struct conn *c);
	/* Answers with what there is: no more is wanted. */
	void (*stop)(struct engine *e, struct conn *c);
	/* What was sent has been taken; may be NULL. */
	void (*drained)(struct engine *e, struct conn *c);
	void *state; /* the operation's own; `end` frees it */
	struct peering peering;
};

/* The peerings as they would be, had a connection's dry runs been real. */
struct dry_run {
	struct peering *list; /* NULL: there was none */
	size_t n;
};

/* Serves a connected socket, which it then owns. */
void conn_new(struct engine *e, int fd, const struct identity *who);
void conn_free_all(struct engine *e);

struct identity *conn_identity(struct conn *c);

struct dry_run *conn_dry_run(struct conn *c);

/* When the current request came, by clock_mono_us(). */
int64_t conn_started(const struct conn *c);

/* Answers the current request; `ok` is taken over. */
void conn_reply(struct conn *c, json_t *ok);
void conn_fault(struct conn *c, const struct fault *f);
void conn_error(struct conn *c, json_t *error); /* taken over */

/*
 * Sends a part of the answer; `part` is taken over. The last word is one of
 * the above. conn_unsent: bytes that were not taken yet.
 */
void conn_part(struct conn *c, json_t *part);
size_t conn_unsent(const struct conn *c);

/* Puts the current request aside; `done` is called within `seconds`. */
struct pending *conn_wait(struct conn *c, int seconds,
    void (*done)(struct engine *, struct conn *, const void *));
struct pending *conn_pending(struct conn *c);

/* `done` is called again, within `seconds` from now. */
void conn_go_on(struct conn *c, int seconds);

/* How many are logged in as this maintainer; NULL: as anyone. */
size_t conn_visitors(const struct engine *e, const char *mntner);

/* How many requests of this maintainer are being answered in parts. */
size_t conn_streams(const struct engine *e, const char *mntner);

/* A number for the next question to the agent; never 0. */
uint32_t conn_token(struct engine *e);

/* From the agent's link: the answer to a token; a plan was converged. */
void conn_answered(struct engine *e, uint32_t token, const void *answer);
void conn_converged(struct engine *e, uint32_t serial);

#endif
