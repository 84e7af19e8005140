#ifndef AGENT_MEASURE_H
#define AGENT_MEASURE_H

#include "agent/converge.h"
#include "agent/prober.h"
#include "agent/wire.h"

/*
 * WIRE_MEASURE: how far the peers of the plan are, to the other ends of their
 * tunnels (agent/sounder.h).
 */
struct measure;

struct measure_args {
	struct event_base *base;
	struct converge *converge;
	struct prober *prober;
	void (*measured)(void *arg, const struct wire_distances *distances);
	void *arg;
};

/* 0 or a negative errno. */
int measure_open(struct measure **out, const struct measure_args *args);
void measure_close(struct measure *m);

/*
 * Begins one, of all or of those without a latency class, unless one is under
 * way. `measured` is called at its end, perhaps before this returns.
 */
void measure_ask(struct measure *m, bool all);

#endif
