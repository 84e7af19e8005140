#ifndef SSH_SESSION_H
#define SSH_SESSION_H

#include "base/paths.h"

/*
 * The role "session": one SSH connection, from the first byte to the last.
 * `client_fd` is the TCP connection, `listener_fd` speaks ssh/wire.h, `api_fd`
 * is the engine's API (api/api.h), to be authenticated here and then handed to
 * the shell. Reads the host keys, then enters its sandbox, then reads what
 * the client sent. Returns the exit status.
 */
int session_main(
    int client_fd, int listener_fd, int api_fd, const struct paths *paths);

#endif
