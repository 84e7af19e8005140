#ifndef SHELL_SIGNALS_H
#define SHELL_SIGNALS_H

#include <signal.h>
#include <stddef.h>

/* Ctrl-C, and a window that changes, as something to wait for and to read. */

/* A descriptor for those signals, or 0. Made before the sandbox. */
int signals_open(const int *list, size_t n);

/* From here on they have no other effect, until signals_release. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

/* The next of them that has come, or 0. */
int signals_take(int fd);

#endif
