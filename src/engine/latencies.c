#include "engine/latencies.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/agentlink.h"

#define SECOND_US 1000000LL
#define START_US  (3 * SECOND_US) /* the agent has made its tunnels */
#define EARLY_US  (1 * SECOND_US) /* the visitor may have made his */

struct latencies {
	struct engine *engine;
	struct event *timer;
	struct latency *list; /* by AS number, of all peerings */
	size_t n;
	bool asked; /* the agent's answer is to come */
	int64_t due; /* monotonic: all are measured */
	int64_t early; /* those without a class are */
	int64_t step; /* to the next early round; grows */
};

static int
by_asn(const void *a, const void *b)
{
	const struct latency *x = a, *y = b;

	return (x->asn > y->asn) - (x->asn < y->asn);
}

static struct latency *
find(const struct latencies *l, uint32_t asn)
{
	const struct latency key = { .asn = asn };

	if (l->n == 0)
		return NULL;
	return bsearch(&key, l->list, l->n, sizeof(key), by_asn);
}

const struct latency *
latencies_find(const struct latencies *l, uint32_t asn)
{
	return find(l, asn);
}

static int64_t
interval_us(const struct latencies *l)
{
	return l->engine->net->policy.latency_interval * SECOND_US;
}

static bool
knows_all(const struct latencies *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].class == 0)
			return false;
	return true;
}

/* For the next round, unless one is under way or there is no peer. */
static void
arm(struct latencies *l)
{
	int64_t at = l->due, left;
	struct timeval tv = { 0 };

	if (l->asked)
		return;
	event_del(l->timer);
	if (l->n == 0)
		return;
	if (l->early < at && !knows_all(l))
		at = l->early;
	left = at - clock_mono_us();
	if (left > 0) {
		tv.tv_sec = left / SECOND_US;
		tv.tv_usec = left % SECOND_US;
	}
	event_add(l->timer, &tv);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct latencies *l = arg;
	int64_t now = clock_mono_us();
	bool all = now >= l->due;

	(void)fd;
	(void)what;
	if (all)
		l->due = now + interval_us(l);
	if (l->step < interval_us(l))
		l->step *= 2;
	l->early = now + l->step;
	l->asked = true;
	agentlink_measure(l->engine->agent, all);
}

void
latencies_follow(struct latencies *l)
{
	const struct engine *e = l->engine;
	struct latency *list = calloc(e->n_peerings + 1, sizeof(*list));
	int64_t now = clock_mono_us();

	if (list == NULL) {
		log_error("latency: no memory");
		return;
	}
	for (size_t i = 0; i < e->n_peerings; i++) {
		const struct peering *p = &e->peerings[i];
		const struct latency *was = find(l, p->asn);

		if (was != NULL && was->class == p->latency) {
			list[i] = *was;
			continue;
		}
		list[i].asn = p->asn;
		list[i].class = p->latency;
		list[i].rtt = WIRE_RTT_UNKNOWN;
		if (p->latency == 0) {
			l->step = EARLY_US;
			l->early = now + l->step;
		}
	}
	free(l->list);
	l->list = list;
	l->n = e->n_peerings;
	if (l->due > now + interval_us(l))
		l->due = now + interval_us(l);
	arm(l);
}

/* All that changed, synced once. */
static void
store(struct latencies *l, const struct store_latency *changed, size_t n)
{
	struct fault f;

	if (store_set_latency(l->engine->store, changed, n, &f) != 0) {
		log_error("latency: %s", f.text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct latency *to = find(l, changed[i].asn);

		if (to->class != 0)
			log_info("AS%" PRIu32 " is of latency class %u now, "
				 "%u before: %.1f ms",
			    to->asn, changed[i].class, to->class,
			    to->rtt / 1e3);
		to->class = changed[i].class;
	}
	engine_replan_soon(l->engine);
}

void
latencies_measured(struct latencies *l, const struct wire_distances *distances)
{
	struct store_latency *changed =
	    calloc(distances->n + 1, sizeof(*changed));
	size_t n = 0;

	for (size_t i = 0; changed != NULL && i < distances->n; i++) {
		const struct wire_distance *d = &distances->list[i];
		struct latency *to = find(l, d->asn);
		uint8_t class;

		if (to == NULL) /* it went meanwhile */
			continue;
		class = latency_take(to, d->rtt);
		if (class != to->class)
			changed[n++] = (struct store_latency){ d->asn, class };
	}
	if (n > 0)
		store(l, changed, n);
	free(changed);
	l->asked = false;
	arm(l);
}

int
latencies_new(struct latencies **out, struct engine *e)
{
	struct latencies *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return FAULT_SYSTEM;
	l->engine = e;
	l->timer = evtimer_new(e->base, on_timer, l);
	if (l->timer == NULL) {
		latencies_free(l);
		return FAULT_SYSTEM;
	}
	l->due = l->early = clock_mono_us() + START_US;
	l->step = EARLY_US;
	*out = l;
	return 0;
}

void
latencies_free(struct latencies *l)
{
	if (l == NULL)
		return;
	if (l->timer != NULL)
		event_free(l->timer);
	free(l->list);
	free(l);
}
