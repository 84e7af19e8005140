#ifndef AGENT_BIRDCTL_H
#define AGENT_BIRDCTL_H

#include <stddef.h>

#include "agent/bird_reply.h"

/*
 * BIRD's control socket: commands are answered in their order, by callbacks
 * from the event loop. A BIRD that is away or hangs fails every command after
 * a bounded time, and is called again at growing intervals.
 */
struct birdctl;
struct event_base;

struct bird_answer {
	int code; /* of the last line; negative errno: no answer */
	const char *text; /* the reply as it came; valid in the callback */
	size_t len;
};
typedef void birdctl_done(void *arg, const struct bird_answer *answer);

struct birdctl_args {
	struct event_base *base;
	const char *path; /* of the socket; has to stay */
	void (*back)(void *arg); /* it answers, after it did not */
	void (*lost)(void *arg); /* it ended, or hangs */
	void *arg;
};

int birdctl_open(struct birdctl **out, const struct birdctl_args *args);
void birdctl_close(struct birdctl *b); /* calls back for none */

/* "2.0.12", as BIRD greeted us with; "" while it is away. */
const char *birdctl_version(const struct birdctl *b);

/*
 * Sends a command. `done` is called exactly once, never before this returns;
 * with -ENOTCONN while BIRD is away. Negative errno: it will not be called.
 */
int birdctl_ask(
    struct birdctl *b, const char *command, birdctl_done *done, void *arg);

/*
 * The same, of a reply that may have any length, out of turn: of one of more
 * than BIRDCTL_HEAD bytes the first lines come, with the code 0, and BIRD does
 * not go on. Negative errno: BIRD is away, too.
 */
#define BIRDCTL_HEAD (16U << 10)
int birdctl_ask_head(
    struct birdctl *b, const char *command, birdctl_done *done, void *arg);

#endif
