#ifndef PLAN_MESH_H
#define PLAN_MESH_H

#include "plan/plan.h"

#define PLAN_KEEPALIVE 30 /* seconds; below the timeout of most NATs */

/*
 * Our part of the mesh: links, the IGP on them, and iBGP. The lists of the
 * plan have room for net->n_pops more.
 */
void derive_mesh(struct plan *plan, const struct network *net,
    const struct network_pop *pop);

/* The peerings that the network file gives to the POP. */
void derive_upstreams(struct plan *plan, const struct network *net,
    const struct network_pop *pop);

/* Lets the tunnel have one more prefix, unless it has it already. */
void tunnel_allow(struct plan_tunnel *t, const struct prefix *p);

/* The addresses that dn42 and the networks beside it use, and link-local. */
void tunnel_allow_common(struct plan_tunnel *t);

/* Sets plan->link_endpoint, which follows from plan->prefixes. */
void plan_link_rules(struct plan *plan);

/* Is that the POP's address on its links, in either family? */
bool mesh_has_ip(const struct network_pop *pop, const struct ip *ip);

#endif
