#ifndef SHELL_OUT_H
#define SHELL_OUT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * The writer to a visitor. Whatever stands in the text that it is given, only
 * printable ASCII, tabs and newlines reach the terminal (else '?'), so that
 * nobody can send an escape sequence through a registry object or an answer.
 */
struct out {
	FILE *f;
	bool terminal;
	bool colour; /* escape sequences for colours are understood */
	bool utf8; /* box drawing can be shown */
};

enum out_style {
	OUT_PLAIN,
	OUT_STRONG,
	OUT_HEADING,
	OUT_GOOD,
	OUT_WARN,
	OUT_BAD,
};

/*
 * A writer to `f`, which stays the caller's. It is plain unless `f` is a
 * terminal, `term` (may be NULL) can do more, and the locale and NO_COLOR in
 * the environment have nothing against it. Errors leave a line at a time.
 */
void out_init(struct out *o, FILE *f, const char *term);

void out_print(struct out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void out_styled(struct out *o, enum out_style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Text from column `indent` on, folded there, and a newline: folded at the
 * window's width or at 80; wrapped in a window alone, as wide as that is.
 */
void out_folded(struct out *o, const char *text, unsigned indent);
void out_wrapped(
    struct out *o, enum out_style style, const char *text, unsigned indent);

/* The operator's own text: printable UTF-8 passes where it can be shown. */
void out_utf8(struct out *o, const char *text);

/* Text of this program's own, as it is. */
void out_raw(struct out *o, const char *text);

/* The columns of the window, 0 for no limit. Asked anew each time. */
unsigned out_width(const struct out *o);

/* 0, or -1 if anything could not be written. */
int out_flush(struct out *o);

#endif
