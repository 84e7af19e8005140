#include "agent/measure.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/sounder.h"

struct measure {
	struct measure_args args;
	struct sounder *sounder;
	struct wire_distances found;
	struct probe *probes; /* of found.list */
};

static void
forget(struct measure *m)
{
	free(m->found.list);
	free(m->probes);
	m->found = (struct wire_distances){ 0 };
	m->probes = NULL;
}

static void
on_sounded(void *arg)
{
	struct measure *m = arg;

	for (size_t i = 0; i < m->found.n; i++)
		if (m->probes[i].rtt != PINGS_NONE)
			m->found.list[i].rtt = m->probes[i].rtt;
	m->args.measured(m->args.arg, &m->found);
	forget(m);
}

/* Of the plan; none if there is no memory. */
static void
list_peers(struct measure *m, const struct plan *plan, bool all)
{
	struct link_table table = { 0 };
	size_t n = 0;

	m->found.list = calloc(plan->n_sessions + 1, sizeof(*m->found.list));
	m->probes = calloc(plan->n_sessions + 1, sizeof(*m->probes));
	if (m->found.list == NULL || m->probes == NULL)
		return;
	/* Without it none has an index, and none is probed. */
	tunnels_links(converge_tunnels(m->args.converge), &table);
	for (size_t i = 0; i < plan->n_sessions; i++) {
		const struct plan_session *s = &plan->sessions[i];
		const struct plan_tunnel *t = plan_tunnel_find(plan, s->ifname);
		const struct link *l = link_by_name(&table, s->ifname);

		if (t == NULL || (!all && s->latency != 0))
			continue;
		m->found.list[n].asn = s->asn;
		m->found.list[n].rtt = WIRE_RTT_UNKNOWN;
		m->probes[n].ip = t->remote;
		if (l != NULL && link_is_marked(l))
			m->probes[n].index = l->index;
		n++;
	}
	m->found.n = n;
	link_table_release(&table);
}

void
measure_ask(struct measure *m, bool all)
{
	const struct plan *plan = converge_has(m->args.converge);

	if (sounder_is_busy(m->sounder))
		return;
	if (plan != NULL)
		list_peers(m, plan, all);
	sounder_ask(m->sounder, m->probes, m->found.n, on_sounded, m);
}

int
measure_open(struct measure **out, const struct measure_args *args)
{
	struct measure *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -ENOMEM;
	m->args = *args;
	if (sounder_open(&m->sounder, args->base, args->prober) != 0) {
		measure_close(m);
		return -ENOMEM;
	}
	*out = m;
	return 0;
}

void
measure_close(struct measure *m)
{
	if (m == NULL)
		return;
	sounder_close(m->sounder);
	forget(m);
	free(m);
}
