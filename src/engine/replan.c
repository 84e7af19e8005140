/* From the store's peerings and the network file to the agent's plan. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "engine/agentlink.h"
#include "engine/latencies.h"
#include "engine/state.h"

#define SOON_MS 100

int
engine_plan(struct plan **out, struct quarantine *q, const struct engine *e,
    const struct peering_rules *rules, struct fault *f)
{
	struct peering *good = calloc(e->n_peerings + 1, sizeof(*good));
	struct quarantine bad = { 0 };
	size_t n = 0;
	int rc = FAULT_SYSTEM;

	if (good == NULL)
		goto out;
	for (size_t i = 0; i < e->n_peerings; i++) {
		const struct peering *p = &e->peerings[i];
		struct fault why;

		if (peering_check(p, rules, e->peerings, e->n_peerings, &why) ==
		    0)
			good[n++] = *p;
		else if (quarantine_add(&bad, p->asn, &why) != 0)
			goto out;
	}
	rc = plan_derive(out, rules, good, n);
	if (rc != 0)
		goto out;
	*q = bad;
	bad = (struct quarantine){ 0 };
out:
	if (rc != 0)
		fault_set(f, FAULT_SYSTEM, NULL, "the plan could not be made");
	if (good != NULL)
		explicit_bzero(good, e->n_peerings * sizeof(*good));
	free(good);
	quarantine_free(&bad);
	return rc;
}

int
engine_load_peerings(struct engine *e, struct fault *f)
{
	struct peering *list = NULL;
	size_t n;
	int rc;

	rc = store_list(e->store, &list, &n, f);
	if (rc != 0)
		return rc;
	free(e->peerings);
	e->peerings = list;
	e->n_peerings = n;
	return 0;
}

int
engine_replan(struct engine *e, bool forced, struct fault *f)
{
	struct quarantine q = { 0 };
	struct plan *plan = NULL;
	int rc;

	rc = engine_load_peerings(e, f);
	if (rc == 0)
		rc = engine_plan(&plan, &q, e, &e->rules, f);
	if (rc != 0)
		return rc;
	if (agentlink_plan(e->agent, plan, forced) == 0) {
		rc = fault_set(
		    f, FAULT_SYSTEM, NULL, "the plan could not be sent");
		quarantine_free(&q);
	} else {
		quarantine_free(&e->quarantine);
		e->quarantine = q;
		event_del(e->replan);
		latencies_follow(e->latencies);
	}
	plan_free(plan);
	return rc;
}

static void
on_soon(evutil_socket_t fd, short what, void *arg)
{
	struct fault f;

	(void)fd;
	(void)what;
	if (engine_replan(arg, false, &f) != 0)
		log_error("the plan: %s", f.text);
}

int
engine_replan_init(struct engine *e)
{
	e->replan = event_new(e->base, -1, 0, on_soon, e);
	return e->replan != NULL ? 0 : FAULT_SYSTEM;
}

void
engine_replan_soon(struct engine *e)
{
	static const struct timeval soon = { .tv_usec = SOON_MS * 1000 };

	event_add(e->replan, &soon);
}

const struct peering *
engine_peering(const struct engine *e, uint32_t asn)
{
	return peering_find(e->peerings, e->n_peerings, asn);
}

const struct wire_state *
engine_progress(const struct engine *e, uint32_t asn)
{
	const struct wire_state *s = quarantine_find(&e->quarantine, asn);
	char part[PLAN_IFNAME_MAX];

	if (s != NULL)
		return s;
	/* Nobody's change is done while the plan with it is refused. */
	s = agentlink_state(e->agent, WIRE_PART_PLAN);
	if (s != NULL && s->progress != WIRE_APPLIED)
		return s;
	return agentlink_state(e->agent, plan_peering_ifname(part, asn));
}
