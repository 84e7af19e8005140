#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include <stdbool.h>

/*
 * The role "shell": what a visitor types, over the API connection `api_fd`,
 * whose identity is fixed. Descriptors 0, 1 and 2 are the visitor's: a pty
 * (`terminal`, with its TERM in `term`, which may be NULL) or pipes; complaints
 * go to 2. LC_ALL, LC_CTYPE, LANG and NO_COLOR are read from the environment,
 * and UTF-8 is assumed where none of them speaks against it.
 *
 * With `command` that one line is run, else lines are read until the end, with
 * prompt, history and completion on a terminal. Enters its sandbox before it
 * reads anything. Returns the exit status: 0 good, 1 refused or failed,
 * 64 usage, 69 the service is away.
 */
int
shell_main(int api_fd, bool terminal, const char *term, const char *command);

#endif
