#include "agent/converge.h"

#include <bsd/string.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_files.h"
#include "agent/states.h"
#include "agent/watch.h"
#include "base/log.h"

#define PERIOD_SECONDS 30
#define RETRY_SECONDS  1 /* at first, while a tunnel waits */
#define COLLAPSE_MIN   8 /* so many tunnels may go at once */
#define SOON_US	       100000 /* after an event: more are on their way */

struct converge {
	struct converge_args args;
	struct tunnels *tunnels;
	struct names *names;
	struct bird *bird;
	struct watch *watch;
	struct event *period, *soon;
	struct plan *plan;
	uint32_t serial; /* of the newest plan */
	char refused[256]; /* why it is not `plan`; or "" */
	long retry; /* seconds */
	bool tunnels_done, bird_done; /* in this round */
	struct results *results; /* of the plan */
	struct states states; /* of the last report */
};

static void
after(struct event *ev, long seconds, long us)
{
	const struct timeval tv = { .tv_sec = seconds, .tv_usec = us };

	event_add(ev, &tv);
}

/* A link of the mesh has no session of its own. */
static void
judge_tunnel(const struct converge *c, size_t i, struct wire_state *s)
{
	const struct plan_tunnel *t = &c->plan->tunnels[i];
	const struct result *r = &c->results->tunnels[i];
	char words[sizeof(s->reason)];
	enum wire_progress bird;

	state_set(s, r->progress, r->reason);
	if (t->pop != 0 || r->progress != WIRE_APPLIED)
		return;
	bird = bird_verdict(c->bird, t->asn, words, sizeof(words));
	state_set(s, bird, words);
}

static void
report(struct converge *c)
{
	const struct plan *plan = c->plan;
	const struct results *r = c->results;
	char words[sizeof(((struct wire_state *)0)->reason)];
	enum wire_progress bird;
	struct states now;

	if (states_make(&now, plan) != 0) {
		log_error("no memory for the states");
		return;
	}
	for (size_t i = 0; i < plan->n_tunnels; i++)
		judge_tunnel(c, i, &now.list[i]);
	state_set(&now.list[STATES_LOOPBACK(plan)], r->loopback.progress,
	    r->loopback.reason);
	state_set(&now.list[STATES_SYSCTL(plan)], r->sysctl.progress,
	    r->sysctl.reason);
	bird = bird_verdict(c->bird, BIRD_BASE, words, sizeof(words));
	state_set(&now.list[STATES_BIRD(plan)], bird, words);
	state_set(&now.list[STATES_PLAN(plan)],
	    c->refused[0] != '\0' ? WIRE_REFUSED : WIRE_APPLIED, c->refused);
	states_date(&now, &c->states);
	states_free(&c->states);
	c->states = now;
	c->args.states(c->args.arg, c->serial, now.list, now.n);
}

static void
on_settled(void *arg)
{
	struct converge *c = arg;

	c->bird_done = true;
	if (c->tunnels_done)
		report(c);
}

/* What waits may come soon: it is looked for at growing intervals. */
static void
set_period(struct converge *c)
{
	bool waits = false;

	for (size_t i = 0; i < c->plan->n_tunnels; i++)
		waits =
		    waits || c->results->tunnels[i].progress == WIRE_WAITING;
	if (!waits) {
		c->retry = RETRY_SECONDS;
		after(c->period, PERIOD_SECONDS, 0);
		return;
	}
	after(c->period, c->retry, 0);
	if (c->retry < PERIOD_SECONDS / 2)
		c->retry *= 2;
}

/* Whatever was done, nothing is known to be as it should. */
static void
fail_all(struct converge *c, int rc)
{
	struct result waits = { .progress = WIRE_WAITING };

	log_error("the kernel cannot be asked: %s", strerror(-rc));
	strlcpy(waits.reason, strerror(-rc), sizeof(waits.reason));
	c->results->loopback = c->results->sysctl = waits;
	for (size_t i = 0; i < c->plan->n_tunnels; i++)
		c->results->tunnels[i] = waits;
}

static void
run(struct converge *c, bool periodic, const struct plan *before,
    const struct results *before_results)
{
	const struct tunnels_args args = { .plan = c->plan,
		.results = c->results,
		.names = c->names,
		.periodic = periodic,
		.before = before,
		.before_results = before_results };
	struct tunnels_run *tunnels;
	int rc;

	c->tunnels_done = c->bird_done = false;
	rc = tunnels_begin(&tunnels, c->tunnels, &args);
	/* BIRD reads its files while the tunnels come up. */
	bird_converge(c->bird, c->plan);
	if (rc == 0)
		rc = tunnels_finish(tunnels);
	if (rc != 0)
		fail_all(c, rc);
	c->tunnels_done = true;
	set_period(c);
	if (c->bird_done)
		report(c);
}

static bool
lacks_few(const struct plan *plan, const struct plan *before)
{
	size_t gone = 0;

	for (size_t i = 0; i < before->n_tunnels; i++)
		gone +=
		    plan_tunnel_find(plan, before->tunnels[i].ifname) == NULL;
	return gone <= COLLAPSE_MIN;
}

static bool
lacks_most(const struct tunnels_count *n)
{
	return n->gone > COLLAPSE_MIN && n->gone > n->had / 2;
}

/*
 * A plan that suddenly lacks most peerings comes of a lost store, one that
 * lacks most links of a file cut short; not of a person: those remove a few
 * at a time.
 */
static bool
is_collapse(struct converge *c, const struct plan *plan)
{
	struct tunnels_count peerings, links;

	if (c->plan != NULL && lacks_few(plan, c->plan))
		return false;
	if (tunnels_count(c->tunnels, plan, &peerings, &links) != 0)
		return false; /* nor can anything be deleted */
	if (!lacks_most(&peerings) && !lacks_most(&links))
		return false;
	snprintf(c->refused, sizeof(c->refused),
	    "most tunnels would go, %zu of %zu peerings and %zu of %zu links: "
	    "the operator has to look; `meetme reload --force` obeys",
	    peerings.gone, peerings.had, links.gone, links.had);
	return true;
}

/* There is none before it: nothing of it is done. */
static void
refuse_first(struct converge *c, const struct plan *plan)
{
	struct states s;

	if (states_make(&s, plan) != 0)
		return;
	for (size_t i = 0; i < s.n; i++)
		state_set(&s.list[i], WIRE_REFUSED, c->refused);
	states_date(&s, &c->states);
	c->args.states(c->args.arg, c->serial, s.list, s.n);
	states_free(&s);
}

void
converge_plan(
    struct converge *c, uint32_t serial, struct plan *plan, bool forced)
{
	struct results *results, *before_results = c->results;
	struct plan *before = c->plan;

	c->refused[0] = '\0';
	c->serial = serial;
	if (!forced && is_collapse(c, plan)) {
		if (before == NULL)
			refuse_first(c, plan);
		else
			report(c);
		plan_free(plan);
		return;
	}
	results = results_make(plan);
	if (results == NULL) {
		log_error("no memory for a plan");
		plan_free(plan);
		return;
	}
	c->results = results;
	c->plan = plan;
	if (before != NULL)
		states_forget(&c->states, before, plan);
	run(c, false, before, before_results);
	free(before_results);
	plan_free(before);
}

static void
run_again(struct converge *c, bool periodic)
{
	if (c->plan != NULL)
		run(c, periodic, NULL, NULL);
}

void
converge_policy(struct converge *c, struct policy *policy)
{
	bird_take_policy(c->bird, policy);
	run_again(c, false);
}

void
converge_again(struct converge *c)
{
	run_again(c, true);
}

static void
on_period(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	run_again(arg, true);
}

static void
on_soon(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	run_again(arg, false);
}

static void
on_changed(void *arg)
{
	struct converge *c = arg;

	if (!evtimer_pending(c->soon, NULL))
		after(c->soon, 0, SOON_US);
}

/* BIRD came or went: now, but not in the middle of what noticed it. */
static void
on_bird(void *arg)
{
	struct converge *c = arg;

	after(c->soon, 0, 0);
}

static bool
is_ours(void *arg, uint32_t link)
{
	const struct converge *c = arg;

	return tunnels_has(c->tunnels, link);
}

static void
on_answered(void *arg, const struct name *name)
{
	struct converge *c = arg;

	for (size_t i = 0; c->plan != NULL && i < c->plan->n_tunnels; i++)
		if (strcmp(c->plan->tunnels[i].host, name->host) == 0)
			after(c->soon, 0, 0);
	c->args.resolved(c->args.arg, name);
}

static void
on_gone(void *arg)
{
	struct converge *c = arg;

	c->args.gone(c->args.arg);
}

static int
open_parts(struct converge *c)
{
	const struct names_args names = { .base = c->args.base,
		.fd = c->args.resolver_fd,
		.answered = on_answered,
		.gone = on_gone,
		.arg = c };
	const struct bird_args bird = { .base = c->args.base,
		.paths = c->args.paths,
		.settled = on_settled,
		.wake = on_bird,
		.arg = c };
	const struct watch_args watch = { .base = c->args.base,
		.is_ours = is_ours,
		.changed = on_changed,
		.arg = c };
	int rc;

	c->period = evtimer_new(c->args.base, on_period, c);
	c->soon = evtimer_new(c->args.base, on_soon, c);
	if (c->period == NULL || c->soon == NULL ||
	    names_open(&c->names, &names) != 0)
		return -ENOMEM;
	rc = tunnels_open(&c->tunnels, c->args.private_key);
	if (rc == 0)
		rc = watch_open(&c->watch, &watch);
	if (rc == 0)
		rc = bird_open(&c->bird, &bird);
	return rc;
}

int
converge_open(struct converge **out, const struct converge_args *args)
{
	struct converge *c = calloc(1, sizeof(*c));
	int rc;

	if (c == NULL)
		return -ENOMEM;
	c->args = *args;
	c->retry = RETRY_SECONDS;
	rc = open_parts(c);
	if (rc != 0) {
		converge_close(c);
		return rc;
	}
	*out = c;
	return 0;
}

void
converge_close(struct converge *c)
{
	if (c == NULL)
		return;
	bird_close(c->bird);
	watch_close(c->watch);
	tunnels_close(c->tunnels);
	names_close(c->names);
	if (c->period != NULL)
		event_free(c->period);
	if (c->soon != NULL)
		event_free(c->soon);
	plan_free(c->plan);
	free(c->results);
	states_free(&c->states);
	free(c);
}

const struct plan *
converge_has(const struct converge *c)
{
	return c->plan;
}

struct tunnels *
converge_tunnels(struct converge *c)
{
	return c->tunnels;
}

struct names *
converge_names(struct converge *c)
{
	return c->names;
}

struct bird *
converge_bird(struct converge *c)
{
	return c->bird;
}
