#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMPLETION_MAX	    128
#define COMPLETION_TEXT_MAX 24

/* What the word at the cursor may become, each beginning with it. */
struct completion {
	size_t typed; /* characters of the word before the cursor */
	size_t n;
	char text[COMPLETION_MAX][COMPLETION_TEXT_MAX];
};

/* What completion knows of the visitor. */
struct completion_source {
	bool operator;
	const uint32_t *asns;
	size_t n_asns;
};

/* Pure: the candidates for line[0..cursor). */
void complete(struct completion *out, const struct completion_source *src,
    const char *line, size_t cursor);

/* The characters that all candidates have in common. */
size_t completion_common(const struct completion *c);

#endif
