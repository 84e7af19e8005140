#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SPAWN_FDS_MAX 8
#define SPAWN_FD_0    3 /* the number that fds[0] has in the new process */

/* A role of this program, to be started by executing the program again. */
struct spawn {
	const char *role; /* as `--role` takes it */
	char *const *args; /* more arguments, ended by NULL; may be NULL */
	int stdio[3]; /* become 0, 1, 2; -1: stays as it is here */
	const int *fds; /* become 3, 4, ...; every other one is closed */
	size_t n_fds;
	bool terminal; /* stdio[0] becomes the controlling terminal */
	uid_t uid; /* with gid; 0: stays as it is */
	gid_t gid;
};

/* The new process's id, or a negative errno. */
pid_t spawn_role(const struct spawn *s);

#endif
