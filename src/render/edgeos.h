#ifndef RENDER_EDGEOS_H
#define RENDER_EDGEOS_H

#include <stdio.h>

#include "base/fault.h"
#include "plan/plan.h"
#include "registry/policy.h"
#include "render/render.h"

/*
 * A router that no agent runs on: all that meetme wants of it, and nothing
 * that is not meetme's. Values of a plan that cannot be written are -EINVAL.
 */

/* The names of its prefix lists and its list of AS numbers. */
#define EDGEOS_IMPORT  "meetme-import"
#define EDGEOS_EXPORT  "meetme-export"
#define EDGEOS_IMPORT6 "meetme-import6"
#define EDGEOS_EXPORT6 "meetme-export6"
#define EDGEOS_BLOCK   "meetme-block"

/*
 * Its state as commands of the EdgeOS CLI, `set PATH... VALUE`, a line each:
 * loopback, WireGuard, the firewall's rules, lists, BGP, static routes. What
 * networks peers may announce is the policy's to say; NULL: dn42's usual.
 */
int
render_edgeos(FILE *f, const struct plan *plan, const struct policy *policy);

/*
 * The commands that turn the state `from`, text of render_edgeos(), into `to`:
 * deletes, sets, `commit` and `save`; nothing if they are the same. A node is
 * deleted as a whole when nothing below it is wanted any more, but none that
 * may hold what is not ours. FAULT_INVALID: a line of them is no such command.
 */
int render_edgeos_changes(
    FILE *f, const char *from, const char *to, struct fault *fault);

/* The same router, where it is a Linux machine with FRR: /etc/frr/frr.conf. */
int render_frr(FILE *f, const struct plan *plan, const struct policy *policy);

/*
 * As render_plan(), of a POP that is EdgeOS: edgeos/commands, or if it is FRR
 * frr/frr.conf, sysctl.conf and wireguard/<ifname>.conf.
 */
int render_router(const struct plan *plan, bool is_frr,
    const struct policy *policy, render_put put, void *arg);

/* May it stand in such commands, and would the value be read as it is? */
bool edgeos_word_is_good(const char *word);

/* A word of a command, quoted where it has to be. */
void edgeos_word(FILE *f, const char *word);

#endif
