#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdio.h>

#include "peering/peering.h"
#include "plan/plan.h"

/*
 * Values to text, one small file per format. The same value gives the same
 * bytes. 0, or a negative errno: a write failed, or -EINVAL for a value that
 * has no place in a configuration file.
 */

/*
 * BIRD 2, what all peerings share: constants, kernel and device protocols,
 * our prefixes, filters, the template `meetme_peer`. Complete by itself, but
 * for the folder peers/ beside it, which must exist; it includes what is there.
 */
int render_bird2_base(FILE *f, const struct plan *plan);

/* BIRD 2, one session, on top of the base. */
int render_bird2_session(FILE *f, const struct plan_session *s);

/* The other side of a peering: files to paste, ready but for one key. */
int render_peer_wg_quick(
    FILE *f, const struct peering *p, const struct peering_rules *rules);
int render_peer_bird2(
    FILE *f, const struct peering *p, const struct peering_rules *rules);

/* The interface name in both of those: "wg-" and the POP's name, cut. */
void render_peer_ifname(
    char buf[PLAN_IFNAME_MAX], const struct peering_rules *rules);

#endif
