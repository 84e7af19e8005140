#ifndef AGENT_TUNNELS_H
#define AGENT_TUNNELS_H

#include "agent/link.h"
#include "agent/names.h"
#include "agent/results.h"
#include "agent/wg.h"
#include "plan/plan.h"

/* The tunnels, addresses and sysctls of a plan, made so in the kernel. */
struct tunnels;

int tunnels_open(struct tunnels **out, const struct wgkey *private_key);
void tunnels_close(struct tunnels *t);

struct tunnels_args {
	const struct plan *plan;
	struct results *results; /* out */
	struct names *names;
	bool periodic; /* ask again for the names of tunnels that are silent */
	/*
	 * What was converged last and what came of it, or NULL. The devices of
	 * tunnels that were right and stay as they are need not be asked.
	 */
	const struct plan *before;
	const struct results *before_results;
};

/*
 * Compares what there is with the plan and changes what differs, nothing
 * else; a tunnel that fails stops no other. In two steps: the first makes
 * links and starts what serves them; while that comes up, the caller may do
 * something else; the second sets them up, and frees *out. 0, or a negative
 * errno: the kernel could not be asked. `args` stays between.
 */
struct tunnels_run;
int tunnels_begin(struct tunnels_run **out, struct tunnels *t,
    const struct tunnels_args *args);
int tunnels_finish(struct tunnels_run *r);

/* How many are there, and how many of those the plan lacks; of each kind. */
struct tunnels_count {
	size_t had, gone;
};
int tunnels_count(struct tunnels *t, const struct plan *plan,
    struct tunnels_count *peerings, struct tunnels_count *links);
unsigned tunnels_changes(const struct tunnels *t); /* written so far */

/* All links and addresses, for a look of one's own. */
int tunnels_links(struct tunnels *t, struct link_table *out);

/* True if something of ours has the link of that index. */
bool tunnels_has(const struct tunnels *t, uint32_t index);

#endif
