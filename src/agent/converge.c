#include "agent/converge.h"

#include <bsd/string.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "agent/watch.h"
#include "base/clock.h"
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
	uint32_t serial; /* of the plan */
	long retry; /* seconds */
	bool tunnels_done, bird_done; /* in this round */
	struct tunnel_result *results; /* of plan->tunnels */
	struct wire_state *states; /* of the last report, as plan->tunnels */
	size_t n_states;
};

static void
after(struct event *ev, long seconds, long us)
{
	const struct timeval tv = { .tv_sec = seconds, .tv_usec = us };

	event_add(ev, &tv);
}

/* In a reason may stand what an error message of a program says. */
static void
set_state(struct wire_state *s, enum wire_progress progress, const char *why)
{
	s->progress = progress;
	text_clean(s->reason, sizeof(s->reason), why, strlen(why));
}

static void
judge(const struct converge *c, size_t i, struct wire_state *s)
{
	const struct tunnel_result *r = &c->results[i];
	char words[sizeof(s->reason)];
	enum wire_progress bird;

	strlcpy(s->part, c->plan->tunnels[i].ifname, sizeof(s->part));
	set_state(s, r->progress, r->reason);
	bird = bird_verdict(
	    c->bird, c->plan->tunnels[i].asn, words, sizeof(words));
	if (r->progress == WIRE_APPLIED && bird != WIRE_APPLIED)
		set_state(s, bird, words);
}

static const struct wire_state *
state_before(const struct converge *c, size_t i, const char *part)
{
	if (i < c->n_states && strcmp(c->states[i].part, part) == 0)
		return &c->states[i];
	for (i = 0; i < c->n_states; i++)
		if (strcmp(c->states[i].part, part) == 0)
			return &c->states[i];
	return NULL;
}

static void
report(struct converge *c)
{
	size_t n = c->plan->n_tunnels;
	struct wire_state *states = calloc(n + 1, sizeof(*states));

	if (states == NULL) {
		log_error("no memory for the states");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct wire_state *s = &states[i];
		const struct wire_state *was;

		judge(c, i, s);
		was = state_before(c, i, s->part);
		if (was != NULL && was->since != 0 &&
		    was->progress == s->progress &&
		    strcmp(was->reason, s->reason) == 0) {
			s->since = was->since;
			continue;
		}
		s->since = clock_now_ms();
		if (s->reason[0] != '\0')
			log_warn("%s: %s", s->part, s->reason);
	}
	free(c->states);
	c->states = states;
	c->n_states = n;
	c->args.states(c->args.arg, c->serial, states, n);
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
		waits = waits || c->results[i].progress == WIRE_WAITING;
	if (!waits) {
		c->retry = RETRY_SECONDS;
		after(c->period, PERIOD_SECONDS, 0);
		return;
	}
	after(c->period, c->retry, 0);
	if (c->retry < PERIOD_SECONDS / 2)
		c->retry *= 2;
}

static void
run(struct converge *c, bool periodic, const struct plan *before,
    const struct tunnel_result *before_results)
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
		log_error("the kernel cannot be asked: %s", strerror(-rc));
	for (size_t i = 0; rc != 0 && i < c->plan->n_tunnels; i++) {
		c->results[i].progress = WIRE_WAITING;
		strlcpy(c->results[i].reason, strerror(-rc),
		    sizeof(c->results[i].reason));
	}
	c->tunnels_done = true;
	set_period(c);
	if (c->bird_done)
		report(c);
}

/*
 * A plan that suddenly lacks most tunnels comes of a lost store, not of a
 * person: those remove one at a time.
 */
static bool
is_collapse(struct converge *c, const struct plan *plan)
{
	size_t had, gone;

	if (c->plan != NULL &&
	    plan->n_tunnels + COLLAPSE_MIN >= c->plan->n_tunnels)
		return false;
	if (tunnels_count(c->tunnels, plan, &had, &gone) != 0)
		return false; /* nor can anything be deleted */
	if (gone <= COLLAPSE_MIN || gone <= had / 2)
		return false;
	log_error("the plan lacks %zu of %zu tunnels: it is not obeyed. If it "
		  "is right, delete their interfaces and `meetme reload`",
	    gone, had);
	return true;
}

static void
refuse_plan(struct converge *c, uint32_t serial, const struct plan *plan)
{
	struct wire_state *states =
	    calloc(plan->n_tunnels + 1, sizeof(*states));

	if (states == NULL)
		return;
	for (size_t i = 0; i < plan->n_tunnels; i++) {
		strlcpy(states[i].part, plan->tunnels[i].ifname,
		    sizeof(states[i].part));
		states[i].since = clock_now_ms();
		set_state(&states[i], WIRE_REFUSED,
		    "most tunnels are missing in the plan of this router: its "
		    "operator has to look");
	}
	c->args.states(c->args.arg, serial, states, plan->n_tunnels);
	free(states);
}

/* What is applied now is not what was: it is so since this plan. */
static void
forget_changed(struct converge *c, const struct plan *before)
{
	for (size_t i = 0; i < c->plan->n_tunnels; i++) {
		const struct plan_tunnel *now = &c->plan->tunnels[i], *was;

		was = plan_tunnel_find(before, now->ifname);
		if (was == NULL || plan_tunnel_cmp(was, now) == 0)
			continue;
		for (size_t k = 0; k < c->n_states; k++)
			if (strcmp(c->states[k].part, now->ifname) == 0)
				c->states[k].since = 0;
	}
}

void
converge_plan(struct converge *c, uint32_t serial, struct plan *plan)
{
	struct tunnel_result *results, *before_results = c->results;
	struct plan *before = c->plan;

	if (is_collapse(c, plan)) {
		refuse_plan(c, serial, plan);
		plan_free(plan);
		return;
	}
	results = calloc(plan->n_tunnels + 1, sizeof(*results));
	if (results == NULL) {
		log_error("no memory for a plan");
		plan_free(plan);
		return;
	}
	c->results = results;
	c->plan = plan;
	c->serial = serial;
	if (before != NULL)
		forget_changed(c, before);
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
	free(c->states);
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
