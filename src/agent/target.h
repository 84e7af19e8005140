#ifndef AGENT_TARGET_H
#define AGENT_TARGET_H

#include "agent/link.h"
#include "agent/names.h"
#include "base/fault.h"
#include "plan/plan.h"

/*
 * Where a tunnel leads. What we last set is remembered in the link's alias,
 * "meetme:AS4242421344 [2001:db8::1]:51820", or of a link of the mesh
 * "meetme:POP2 ...": so a peer that roamed is told from a plan that changed,
 * also after a restart.
 */
struct target {
	struct ip ip; /* family 0: nowhere (yet); it calls us */
	uint16_t port;
	char alias[LINK_ALIAS_MAX]; /* with which the link shall be marked */
	struct fault fault; /* why `ip` is none, though the plan has a host */
	bool waits; /* for a name; else the fault is a refusal */
};

/*
 * The target of `t` in the plan. `alias` is what the link has ("": new): of
 * several good addresses the one set before is kept. Asks for a name that is
 * not known; `again`: also for one that is known to be of no use, or whose
 * tunnel is `silent`.
 */
void target_find(struct target *out, const struct plan_tunnel *t,
    const struct endpoint_rules *rules, const struct link_table *links,
    struct names *names, const char *alias, bool again, bool silent);

/* The alias of a tunnel that leads nowhere yet: "meetme:AS4242421344". */
void target_mark(char alias[LINK_ALIAS_MAX], const struct plan_tunnel *t);

/* May a tunnel lead there? 0 or a fault: the plan's rules, our addresses. */
int target_check(const struct endpoint_rules *rules,
    const struct link_table *links, const struct ip *ip, struct fault *f);

/* The first address of the name that passes; else why none does. */
int target_pick(struct ip *out, const struct name *name,
    const struct endpoint_rules *rules, const struct link_table *links,
    struct fault *f);

#endif
