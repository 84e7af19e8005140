#ifndef CLI_ANSWERS_H
#define CLI_ANSWERS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/fault.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "network/network.h"

/* What a newcomer tells `meetme init`; "" and 0: not told. */
struct answers {
	char asn[16];
	char name[NETWORK_NAME_MAX];
	char prefixes[NETWORK_LIST_MAX][PREFIX_TEXT_MAX];
	size_t n_prefixes;
	char endpoint[HOST_TEXT_MAX];
	char pop[32];
};

/* One of them: as an option, as a question, as a field of the file. */
struct question {
	const char *option; /* "asn" */
	const char *field; /* "network.asn" */
	const char *ask;
	bool several; /* asked for in one line, with spaces between */
	/* Where it goes; NULL for the prefixes. */
	char *(*place)(struct answers *a, size_t *size);
	/* What is likely, into buf, or ""; NULL: nothing is. */
	void (*guess)(const struct answers *a, char *buf, size_t size);
};

extern const struct question questions[]; /* ended by an option of NULL */

/* Checks and keeps. 0, or FAULT_INVALID with what is wrong. */
int answer_take(struct answers *a, const struct question *q, const char *text,
    struct fault *f);
bool answer_given(struct answers *a, const struct question *q);

/*
 * Asks on the terminal for what is not given yet, again after each wrong
 * answer. False: the input ended.
 */
bool answers_ask(struct answers *a);

/* Takes what is likely for what is not given. */
void answers_guess(struct answers *a);

/* The network file that comes of it, with comments. 0, or -EIO. */
int answers_write(FILE *f, const struct answers *a, const struct wgkey *key);

#endif
