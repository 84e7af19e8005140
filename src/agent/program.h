#ifndef AGENT_PROGRAM_H
#define AGENT_PROGRAM_H

#include <stddef.h>

/*
 * Other programs, by their absolute path in the system's folders, without a
 * shell and with an environment of our own. All give a negative errno on
 * failure.
 */
#define PROGRAM_PATH_MAX 64

/* The program's path into buf, or -ENOENT. */
int program_find(char buf[PROGRAM_PATH_MAX], const char *name);

/*
 * Runs it to its end and collects what it prints, both outputs, cut to
 * `size`. The exit status; -ETIMEDOUT after `ms`, when it is killed.
 */
int program_run(
    const char *path, char *const argv[], int ms, char *out, size_t size);

/*
 * Starts one that stays: in a session of its own, nobody's child to wait for,
 * outliving us. *gone becomes readable when it ends; the caller closes it.
 */
int program_start(const char *path, char *const argv[], int *gone);

#endif
