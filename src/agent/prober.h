#ifndef AGENT_PROBER_H
#define AGENT_PROBER_H

#include <stddef.h>
#include <stdint.h>

#include "agent/pings.h"
#include "base/ip.h"

/* Round-trip times over links, as the resolver role measures them. */
struct event_base;
struct prober;

#define PROBES_MAX (PINGS_MAX * PINGS_EACH_MAX) /* at a time */

struct probe {
	uint32_t index; /* of the link; 0: there is none */
	struct ip ip; /* of its other end */
	uint32_t rtt; /* out: microseconds, or PINGS_NONE */
};

struct prober_args {
	struct event_base *base;
	int fd; /* SOCK_SEQPACKET to the resolver role; the prober's now */
	void (*gone)(void *arg); /* the resolver ended, or is odd */
	void *arg;
};

int prober_open(struct prober **out, const struct prober_args *args);
void prober_close(struct prober *p);

/*
 * Sends to all, one at least and PROBES_MAX at most. The times come into
 * `list`, which stays until `done` was called, once, from the event loop
 * within little more than a second, or prober_forget was. 0 or a fault code:
 * then it is not called.
 */
int prober_ask(struct prober *p, struct probe *list, size_t n,
    void (*done)(void *arg), void *arg);
void prober_forget(struct prober *p);

#endif
