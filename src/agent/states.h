#ifndef AGENT_STATES_H
#define AGENT_STATES_H

#include "agent/wire.h"
#include "plan/plan.h"

/*
 * How far each part of a plan has come, and since when: its tunnels, in their
 * order, and behind them the parts that are there once.
 */
struct states {
	struct wire_state *list;
	size_t n;
};

#define STATES_LOOPBACK(plan) ((plan)->n_tunnels)
#define STATES_SYSCTL(plan)   ((plan)->n_tunnels + 1)
#define STATES_BIRD(plan)     ((plan)->n_tunnels + 2)
#define STATES_PLAN(plan)     ((plan)->n_tunnels + 3)

/* Their names, nothing else. 0 or -ENOMEM; the list is the caller's. */
int states_make(struct states *out, const struct plan *plan);
void states_free(struct states *s);

/* `why` may hold what a program said: it is cleaned. */
void
state_set(struct wire_state *s, enum wire_progress progress, const char *why);

/*
 * Each that is as it was `before` is so since then, the others since now; why
 * one of these is not applied is logged.
 */
void states_date(struct states *s, const struct states *before);

/*
 * A tunnel that `now` has otherwise than `before` is what it is since now,
 * though its state be the same.
 */
void states_forget(
    struct states *s, const struct plan *before, const struct plan *now);

#endif
