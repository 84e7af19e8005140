#ifndef CLI_GIT_H
#define CLI_GIT_H

#include <stdio.h>

#define GIT_ARGS_MAX 16

/* A call of git in a folder. */
struct git {
	const char *dir;
	const char *index; /* a file in the place of its index; NULL: its own */
	int in; /* what it reads, from the beginning; -1: nothing */
	int out; /* what it prints goes there; -1: nowhere */
};

/*
 * Runs `git ARGS`, ended by NULL, without a shell. Its errors go to standard
 * error. The exit status, or -1 if it cannot be run, which is said.
 */
int git_run(const struct git *g, const char *const *args);

/* A file in memory, for what git reads or prints; or NULL, which is said. */
FILE *git_file(void);

#endif
