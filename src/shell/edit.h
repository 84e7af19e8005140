#ifndef SHELL_EDIT_H
#define SHELL_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/complete.h"

/* The line editor on the visitor's terminal: descriptors 0 and 1. */
struct editor;

enum edit_result {
	EDIT_LINE, /* a line is there */
	EDIT_CANCEL, /* Ctrl-C */
	EDIT_END, /* Ctrl-D */
	EDIT_LONG, /* a line that is too long; it was dropped */
	EDIT_AWAY, /* the watched descriptor has something to say */
	EDIT_GONE, /* the terminal cannot be read any more */
};

/*
 * `watch` (-1: none) is a descriptor that ends the wait for a line. Reads the
 * terminal's description, so it comes before the sandbox. NULL: no memory.
 */
struct editor *editor_new(const char *term, int watch);
void editor_free(struct editor *e);

/* Tab asks `complete` (NULL: nobody), with `context`. */
typedef void editor_complete_fn(
    void *context, const char *line, size_t cursor, struct completion *out);
void editor_on_tab(struct editor *e, editor_complete_fn *fn, void *context);

/*
 * Reads a line into buf[0..size), without its newline. `keep`: it goes into
 * the history, which has the cursor keys. The prompt is
 * plain ASCII; a blank is put behind it.
 */
enum edit_result editor_read(struct editor *e, const char *prompt, bool bold,
    bool keep, char *buf, size_t size);

#endif
