#ifndef AGENT_TRACER_H
#define AGENT_TRACER_H

#include "agent/converge.h"
#include "agent/wire_checks.h"

/* WIRE_PROBE, handed to the resolver role (agent/trace.h), and its answers. */
struct tracer;

struct tracer_args {
	struct event_base *base;
	struct converge *converge;
	int fd; /* SOCK_SEQPACKET to the resolver role; the tracer's now */
	void (*probed)(void *arg, const struct wire_probed *w);
	void (*gone)(void *arg); /* the resolver ended, or is odd */
	void *arg;
};

/* 0 or a negative errno. */
int tracer_open(struct tracer **out, const struct tracer_args *args);
void tracer_close(struct tracer *t);

/* Begins; at its end, perhaps at once, `probed` gets WIRE_PROBED_END. */
void tracer_ask(struct tracer *t, const struct wire_probe *w);

/* It ends now, as above. One that is over is none. */
void tracer_stop(struct tracer *t, uint32_t token);

#endif
