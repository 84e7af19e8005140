#ifndef SHELL_LINE_H
#define SHELL_LINE_H

#include <stddef.h>

#include "base/fault.h"

#define LINE_BYTES_MAX 4096
#define LINE_WORDS_MAX 64

/* A typed line, split into its words; they point into `text`. */
struct line {
	char text[LINE_BYTES_MAX + 1];
	char *word[LINE_WORDS_MAX];
	size_t n;
};

/*
 * Splits at blanks; '...' and "..." keep blanks. 0, or a fault: FAULT_LIMIT
 * for a line or a number of words that is too long, FAULT_INVALID for a quote
 * that does not end and for anything but printable ASCII and tabs.
 */
int line_split(struct line *out, const char *text, size_t len, struct fault *f);

#endif
