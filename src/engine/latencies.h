#ifndef ENGINE_LATENCIES_H
#define ENGINE_LATENCIES_H

#include "engine/latency.h"
#include "engine/state.h"

/*
 * Has the agent measure how far the peers are: all of them once an interval
 * of the network file, soon after the start too; those without a class at
 * growing distances in between. A class that is another goes to the store,
 * and into the next plan.
 */
struct latencies;

/* 0 or a FAULT. Nothing is measured yet. */
int latencies_new(struct latencies **out, struct engine *e);
void latencies_free(struct latencies *l);

/* The engine's peerings, or its network file, are others. */
void latencies_follow(struct latencies *l);

/* From the agent's link: the answer to agentlink_measure. */
void
latencies_measured(struct latencies *l, const struct wire_distances *distances);

/* What is known of that peer; NULL: nothing. */
const struct latency *latencies_find(const struct latencies *l, uint32_t asn);

#endif
