#ifndef AGENT_RESULTS_H
#define AGENT_RESULTS_H

#include "agent/wire.h"
#include "plan/plan.h"

/* How far a part came; `reason` is "" if it is all that the plan wants. */
struct result {
	enum wire_progress progress;
	char reason[256];
};

/* What became of a plan in the kernel. */
struct results {
	struct result loopback, sysctl;
	struct result tunnels[]; /* of plan->tunnels */
};

/* Room for that plan's; the caller's to free. NULL: no memory. */
struct results *results_make(const struct plan *plan);

/* The first failure of a part is what is told of it; printf(3). */
void result_fail(struct result *r, enum wire_progress progress, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

#endif
