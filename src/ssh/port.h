#ifndef SSH_PORT_H
#define SSH_PORT_H

#include <event2/event.h>
#include <stdint.h>

#include "base/ip.h"

/* A new connection: `fd` is the callee's, close-on-exec and non-blocking. */
typedef void port_accept(void *arg, int fd, const struct ip *from);

/* The TCP port that is listened on. */
struct port;

/* NULL: no memory. */
struct port *
port_new(struct event_base *base, port_accept *on_accept, void *arg);
void port_free(struct port *p);

/*
 * Listens on this address from now on; an IPv6 one takes IPv4 too where it is
 * unspecified. Where that fails, the address before stays in use and the new
 * one is tried again at intervals; both is logged. Family 0: nowhere.
 */
void port_set(struct port *p, const struct ip *ip, uint16_t port);

#endif
