#ifndef ENGINE_BIRDLINES_H
#define ENGINE_BIRDLINES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The lines of an answer of BIRD's that comes in pieces, with the codes of its
 * control socket (BIRD, doc/reply_codes): the greeting is passed over, the
 * last line ends it.
 */
#define BIRDLINES_MAX 1024 /* bytes of a line that are looked at */

enum birdlines_indent { BIRDLINES_NONE, BIRDLINES_BLANK, BIRDLINES_TAB };

struct birdline {
	int code; /* of this line, or the last one that had one */
	enum birdlines_indent indent; /* what stood before its text */
	char text[BIRDLINES_MAX]; /* printable ASCII, without blanks around */
};

struct birdlines {
	char line[BIRDLINES_MAX]; /* what has come of it */
	size_t len;
	int code;
	bool greeted, ended;
	struct birdline out;
};

/* A zeroed struct birdlines is ready. */

/*
 * Gives each whole line of the answer, but the last one, to `take`. 1: it has
 * ended, with b->code, and b->out is its last line; 0: more has to come;
 * -EBADMSG: this is not BIRD.
 */
int birdlines_feed(struct birdlines *b, const char *data, size_t len,
    void (*take)(void *arg, const struct birdline *line), void *arg);

#endif
