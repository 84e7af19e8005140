#include "agent/measure.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "base/clock.h"

#define GROUP_MAX 512
#define GAP_US	  2000 /* in each of a group's packets */
/* No wait is shorter; a longer one is twice what the group last took. */
#define WAIT_US_MIN 200000

struct measure {
	struct measure_args args;
	struct event *timer; /* of the next echo */
	bool under_way;
	struct wire_distances found;
	struct probe *probes; /* of found.list; who is silent has no index */
	struct probing group; /* in probes[] */
	unsigned echo; /* of the group's, from 0 */
	int64_t sent; /* monotonic microseconds */
};

static void
finish(struct measure *m)
{
	m->args.measured(m->args.arg, &m->found);
	free(m->found.list);
	free(m->probes);
	m->found = (struct wire_distances){ 0 };
	m->probes = NULL;
	m->under_way = false;
}

static int
send_echo(struct measure *m)
{
	m->sent = clock_mono_us();
	return prober_ask(m->args.prober, &m->group);
}

/* The first group from there on that can be asked; there may be none left. */
static void
begin_group(struct measure *m, size_t at)
{
	for (; at < m->found.n; at += GROUP_MAX) {
		m->group.list = m->probes + at;
		m->group.n = m->found.n - at;
		if (m->group.n > GROUP_MAX)
			m->group.n = GROUP_MAX;
		m->group.wait = PINGS_US_MAX;
		m->echo = 0;
		if (send_echo(m) == 0)
			return;
	}
	finish(m);
}

static void
end_group(struct measure *m)
{
	begin_group(m, (size_t)(m->group.list - m->probes) + m->group.n);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct measure *m = arg;

	(void)fd;
	(void)what;
	if (send_echo(m) != 0)
		end_group(m);
}

/* The greatest of an echo's times, which are kept if they are the least. */
static uint32_t
take_times(struct measure *m)
{
	size_t at = (size_t)(m->group.list - m->probes);
	uint32_t greatest = 0;

	for (size_t i = 0; i < m->group.n; i++) {
		struct probe *p = &m->group.list[i];
		uint32_t *least = &m->found.list[at + i].rtt;

		if (p->rtt == PINGS_NONE) {
			if (m->echo == 0)
				p->index = 0;
			continue;
		}
		if (*least == WIRE_RTT_UNKNOWN || p->rtt < *least)
			*least = p->rtt;
		if (p->rtt > greatest)
			greatest = p->rtt;
	}
	return greatest;
}

static void
on_probed(void *arg)
{
	struct measure *m = arg;
	uint32_t greatest = take_times(m);
	int64_t left = m->sent + MEASURE_SPACE_US - clock_mono_us();
	struct timeval tv = { 0 };

	if (++m->echo == MEASURE_ECHOES || (m->echo == 1 && greatest == 0)) {
		end_group(m);
		return;
	}
	if (greatest > 0)
		m->group.wait = 2 * greatest;
	if (m->group.wait < WAIT_US_MIN)
		m->group.wait = WAIT_US_MIN;
	if (m->group.wait > PINGS_US_MAX)
		m->group.wait = PINGS_US_MAX;
	if (left > 0)
		tv.tv_usec = left;
	event_add(m->timer, &tv);
}

/* Of the plan; 0 or a negative errno. */
static int
list_peers(struct measure *m, const struct plan *plan, bool all)
{
	struct link_table table = { 0 };
	size_t n = 0;

	m->found.list = calloc(plan->n_sessions + 1, sizeof(*m->found.list));
	m->probes = calloc(plan->n_sessions + 1, sizeof(*m->probes));
	if (m->found.list == NULL || m->probes == NULL)
		return -ENOMEM;
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
	return 0;
}

void
measure_ask(struct measure *m, bool all)
{
	const struct plan *plan = converge_has(m->args.converge);

	if (m->under_way)
		return;
	m->under_way = true;
	if (plan != NULL)
		list_peers(m, plan, all);
	begin_group(m, 0);
}

int
measure_open(struct measure **out, const struct measure_args *args)
{
	struct measure *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -ENOMEM;
	m->args = *args;
	m->group =
	    (struct probing){ .gap = GAP_US, .done = on_probed, .arg = m };
	m->timer = evtimer_new(args->base, on_timer, m);
	if (m->timer == NULL) {
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
	prober_forget(&m->group);
	if (m->timer != NULL)
		event_free(m->timer);
	free(m->found.list);
	free(m->probes);
	free(m);
}
