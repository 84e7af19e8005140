#ifndef RENDER_PEER_H
#define RENDER_PEER_H

#include <stdio.h>

#include "peering/peering.h"
#include "plan/plan.h"
#include "registry/filter.h"

/*
 * The other side of a peering: files to paste, ready but for one key. BIRD's
 * filters are of the registry's filter files (IPv4, IPv6).
 */
int render_peer_wg_quick(
    FILE *f, const struct peering *p, const struct peering_rules *rules);
int render_peer_bird2(FILE *f, const struct peering *p,
    const struct peering_rules *rules, const struct filter filters[2]);

/* The interface name in both of those: "wg-" and the POP's name, cut. */
void render_peer_ifname(
    char buf[PLAN_IFNAME_MAX], const struct peering_rules *rules);

#endif
