#ifndef PROVISION_QUOTE_H
#define PROVISION_QUOTE_H

#include <stdio.h>

/* One word for sh, whatever it is made of: 'it'\''s'. */
void quote_shell(FILE *f, const char *text);

/*
 * `text`, which ends with a newline, as sh's standard input from a quoted
 * here-document: " <<'END'", the newline, its bytes, and an end that is no
 * line of it.
 */
void quote_here(FILE *f, const char *text);

/* Lines, each four spaces further in; for commands without here-documents. */
void quote_lines(FILE *f, const char *text);

#endif
