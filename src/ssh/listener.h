#ifndef SSH_LISTENER_H
#define SSH_LISTENER_H

#include "base/paths.h"

/*
 * The role "listener": owns the SSH port. Each connection gets a process of
 * its own (ssh/session.h), and the shell that this asks for is started here,
 * so that the session's sandbox needs no right to start anything.
 */
struct listener_args {
	int engine_fd; /* SOCK_SEQPACKET: ssh/wire.h */
	const struct paths *paths; /* ssh_dir: host keys; made if missing */
	const char *root; /* handed on to the sessions */
};

/*
 * Returns the exit status: 0 on SIGTERM, 1 when the engine is gone. The
 * sessions then tell their visitors and end by themselves.
 */
int listener_main(const struct listener_args *args);

#endif
