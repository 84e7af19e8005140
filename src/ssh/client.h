#ifndef SSH_CLIENT_H
#define SSH_CLIENT_H

#include <event2/event.h>
#include <stdint.h>

#include "base/ip.h"

#define CLIENTS_KNOWN_MAX 512 /* connections with a login */

/* All SSH connections: each a session process and, later, its shell. */
struct clients;

/* `root` is kept, not copied. NULL: no memory. */
struct clients *
clients_new(struct event_base *base, int engine_fd, const char *root);

/* Ends the shells and lets the sessions say good bye. */
void clients_free(struct clients *all);

/* Takes `fd` over (a port_accept, ssh/port.h; `arg` is the clients). */
void clients_accept(void *arg, int fd, const struct ip *from);

/* After SIGCHLD: takes note of all processes that have ended. */
void clients_reap(struct clients *all);

#endif
