#ifndef AGENT_BIRD_REPLY_H
#define AGENT_BIRD_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The replies of BIRD's control socket (BIRD, doc/reply_codes): lines that
 * begin with a code and '-', with ' ' and no code where the code goes on, and
 * a last line with a code and ' '. A line with '+' is none of a reply.
 */
#define BIRD_REPLY_MAX (1U << 20)

enum bird_code {
	BIRD_READY = 1,
	BIRD_RECONFIGURED = 3,
	BIRD_RUNTIME_ERRORS = 8000, /* from here on it is a refusal */
};

/* The code that a line begins with, or -1. */
int bird_reply_code(const char *line, size_t len);
#define BIRD_CODE_LEN 5 /* four digits and what follows them */

/*
 * The length of the whole reply at the head of text[0..len), with *code of
 * its last line. 0: more has to come. -EBADMSG: this is not BIRD.
 */
long bird_reply_end(const char *text, size_t len, int *code);

/* The words of the last line, cleaned, into buf, which is returned. */
char *bird_reply_words(char *buf, size_t size, const char *text, size_t len);

/* True if a line of the reply to "show protocols" is about `name`. */
bool bird_reply_names(const char *text, size_t len, const char *name);

/*
 * Takes "3 of 747 routes for 740 networks in table master4": a line, without
 * its code, of the reply to "show route ... count". And the sum of a whole
 * reply's.
 */
bool bird_reply_counts(const char *line, unsigned *n);
uint64_t bird_reply_sum(const char *text, size_t len);

#endif
