#ifndef AGENT_CONVERGE_H
#define AGENT_CONVERGE_H

#include "agent/bird.h"
#include "agent/names.h"
#include "agent/tunnels.h"

/*
 * Makes the POP equal to its plan, now and when something changes: a plan, an
 * answer about a name, links that vanish, BIRD that comes back, and in any
 * case twice a minute.
 */
struct converge;

struct converge_args {
	struct event_base *base;
	const struct paths *paths;
	const struct wgkey *private_key;
	int resolver_fd;
	/* After each converge: the plan is applied, as far as it can be. */
	void (*states)(void *arg, uint32_t serial,
	    const struct wire_state *states, size_t n);
	void (*resolved)(void *arg, const struct name *name);
	void (*gone)(void *arg); /* the resolver ended */
	void *arg;
};

/* 0 or a negative errno. */
int converge_open(struct converge **out, const struct converge_args *args);
void converge_close(struct converge *c);

/*
 * Takes the plan over. One that suddenly lacks most of the tunnels there are
 * is not obeyed, and the part "plan" says so, unless it is `forced`.
 */
void converge_plan(
    struct converge *c, uint32_t serial, struct plan *plan, bool forced);

/* Takes over what the registry says of routes. */
void converge_policy(struct converge *c, struct policy *policy);

/* Once more, as if the time for it had come. */
void converge_again(struct converge *c);

/* The plan, or NULL before the first. */
const struct plan *converge_has(const struct converge *c);

/* The parts, to ask them. */
struct tunnels *converge_tunnels(struct converge *c);
struct names *converge_names(struct converge *c);
struct bird *converge_bird(struct converge *c);

#endif
