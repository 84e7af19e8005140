#ifndef AGENT_LOOK_H
#define AGENT_LOOK_H

#include "agent/converge.h"
#include "agent/wire.h"

/*
 * Looks at one peering as it is now: its tunnel, its session, and the routes
 * of the session that are refused, reason by reason.
 */
struct look_args {
	struct converge *converge;
	/* Called once; *o is gone when it returns. */
	void (*observed)(
	    void *arg, uint32_t token, const struct wire_observation *o);
	void *arg;
};

/*
 * Of the refused routes BIRD is asked until `refused` of them are found, as
 * each question costs it a walk through all routes. `observed` is called with
 * the token. 0, or FAULT_SYSTEM: it is not.
 */
int look_begin(const struct look_args *args, uint32_t token, uint32_t asn,
    uint32_t refused);

#endif
