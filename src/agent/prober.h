#ifndef AGENT_PROBER_H
#define AGENT_PROBER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "agent/pings.h"
#include "base/ip.h"

/* Round-trip times over tunnels, as the resolver role measures them. */
struct event_base;
struct prober;

#define PROBES_MAX (PINGS_MAX * PINGS_EACH_MAX) /* at a time */

struct probe {
	uint32_t index; /* of the interface; 0: there is none */
	struct ip ip; /* of its other end */
	uint32_t rtt; /* out: microseconds, or PINGS_NONE */
};

/* A question, the asker's: it stays where it is until it is done. */
struct probing {
	struct probe *list; /* one at least, and PROBES_MAX at most */
	size_t n;
	uint32_t gap, wait; /* as in agent/pings.h */
	void (*done)(void *arg); /* the times are in `list` */
	void *arg;
	/* The prober's: */
	LIST_ENTRY(probing) entry;
	uint32_t first; /* token of its first packet; they count up */
	size_t left; /* packets without an answer; 0: nothing is asked */
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
 * Asks, beside what others ask. `done` is called once, from the event loop,
 * unless prober_forget was. 0 or a fault code: then it is not called.
 */
int prober_ask(struct prober *p, struct probing *q);
void prober_forget(struct probing *q);

#endif
