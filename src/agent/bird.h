#ifndef AGENT_BIRD_H
#define AGENT_BIRD_H

#include "agent/birdctl.h"
#include "agent/wire.h"
#include "base/paths.h"
#include "plan/plan.h"
#include "registry/policy.h"

/*
 * BIRD's part of a converge: our files and the sessions that BIRD makes of
 * them. A change is checked by `bird -p`, put in place, and made known by
 * "configure"; if BIRD refuses, what was there before goes back, and the
 * files that are at fault rest for a while; the others go on.
 */
struct bird;

struct bird_args {
	struct event_base *base;
	const struct paths *paths;
	void (*settled)(void *arg); /* bird_verdict() stands */
	void (*wake)(void *arg); /* BIRD came or went: converge again */
	void *arg;
};

int bird_open(struct bird **out, const struct bird_args *args);
void bird_close(struct bird *b);

/*
 * Begins; `settled` is called when it is done, perhaps before this returns.
 * A plan that comes meanwhile is what is settled in the end.
 */
void bird_converge(struct bird *b, const struct plan *plan);

/* What the next bird_converge() wants, too; the policy is taken over. */
void bird_take_policy(struct bird *b, struct policy *policy);

/*
 * How far the session of that AS came, or (BIRD_BASE) all the rest; the
 * reason into buf.
 */
enum wire_progress
bird_verdict(const struct bird *b, uint64_t id, char *buf, size_t size);

/* Files written or removed, and "configure" sent, since the start. */
unsigned bird_changes(const struct bird *b);

/* To ask BIRD whatever else. */
struct birdctl *bird_ctl(struct bird *b);

#endif
