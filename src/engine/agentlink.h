#ifndef ENGINE_AGENTLINK_H
#define ENGINE_AGENTLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/wire_checks.h"
#include "agent/wire_stream.h"
#include "engine/state.h"
#include "plan/plan.h"

/* The engine's end of its talk with the agent. */
struct agentlink;

/*
 * Waits for the agent's greeting, which gives the public key of this POP, and
 * serves `e` from then on. FAULT_AWAY when none comes within five seconds.
 */
int agentlink_open(struct agentlink **out, struct engine *e, int fd);
void agentlink_free(struct agentlink *l);

/*
 * Sends the plan, `forced` to be obeyed even if most tunnels go. Its serial
 * number, never 0; 0 if it could not be sent.
 */
uint32_t
agentlink_plan(struct agentlink *l, const struct plan *plan, bool forced);

/* Sends what the registry says of routes, if that was not sent last. */
void agentlink_policy(struct agentlink *l, const struct policy *policy);

/* The serial of the newest plan. */
uint32_t agentlink_serial(const struct agentlink *l);

/* What the agent last said of a part; NULL: nothing yet. */
const struct wire_state *
agentlink_state(const struct agentlink *l, const char *part);

/* Questions; the answer goes to conn_answered with the token. */
void agentlink_observe(
    struct agentlink *l, uint32_t token, uint32_t asn, uint32_t refused);
void agentlink_resolve(struct agentlink *l, uint32_t token, const char *host);
void agentlink_survey(struct agentlink *l, uint32_t token, bool all);
/* Its token has several answers. */
void agentlink_probe(struct agentlink *l, const struct wire_probe *w);
void agentlink_probe_stop(struct agentlink *l, uint32_t token);
void agentlink_stream(struct agentlink *l, const struct wire_stream *w);
void agentlink_stream_more(struct agentlink *l, uint32_t token);
void agentlink_stream_stop(struct agentlink *l, uint32_t token);
/* What comes of a stream: `data` NULL at the end, with an errno or 0. */
struct agentlink_piece {
	const uint8_t *data;
	size_t len;
	uint32_t error;
};

/* All peers, or those without a class; the answer: latencies_measured. */
void agentlink_measure(struct agentlink *l, bool all);

#endif
