#ifndef SSH_LAUNCH_H
#define SSH_LAUNCH_H

#include <sys/types.h>

#include "ssh/wire.h"

/* A shell that runs, and the session's ends of its descriptors. */
struct launch {
	pid_t pid;
	int stdio; /* the pty's master, or a stream socket: input and output */
	int err; /* its standard error; -1 with a pty */
};

/*
 * Starts the role "shell" on a new pty or on pipes, with `api_fd` as its
 * descriptor 3. 0: the caller closes what is in *out. A negative errno.
 */
int
launch_shell(struct launch *out, const struct ssh_shell_request *r, int api_fd);

/* Starts the role "session" with these as 3, 4, 5. Its id, or as above. */
pid_t
launch_session(const char *root, int client_fd, int control_fd, int api_fd);

#endif
