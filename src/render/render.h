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
 * BIRD 2 and 3, all but the peerings' sessions: constants, kernel and device
 * protocols, our prefixes, filters, the template `meetme_peer`, the IGP and
 * iBGP. Complete by itself. It includes what is in the folders beside it:
 * peers/, and in the filters what the operator has in hooks/, see meetmed(8).
 */
int render_bird2_base(FILE *f, const struct plan *plan);

/* BIRD 2, one session, on top of the base. */
int render_bird2_session(FILE *f, const struct plan_session *s);

/*
 * A tunnel of ours for wg-quick(8), without meetme: the private key is read
 * from /etc/meetme/wg.key, a preshared key from /etc/wireguard/<ifname>.psk;
 * neither is in the file. Our loopback addresses are put on `lo` with it.
 */
int
render_wg_quick(FILE *f, const struct plan *plan, const struct plan_tunnel *t);

/* sysctl.d(5), what the kernel needs to forward (plan/sysctl.h). */
int render_sysctl(FILE *f);

/*
 * All of these for one POP, each handed to `put` with its path:
 *     bird/meetme.conf, bird/peers/as<ASN>.conf, sysctl.conf,
 *     wireguard/<ifname>.conf
 * What lies below bird/ is what the agent has in etc/bird/meetme. Each file's
 * first line begins with RENDER_MARK. Ends at the first that `put` fails,
 * with its result.
 */
#define RENDER_MARK "# meetme"
int render_plan(const struct plan *plan,
    int (*put)(void *arg, const char *path, const char *text, size_t len),
    void *arg);

/* The other side of a peering: files to paste, ready but for one key. */
int render_peer_wg_quick(
    FILE *f, const struct peering *p, const struct peering_rules *rules);
int render_peer_bird2(
    FILE *f, const struct peering *p, const struct peering_rules *rules);

/* The interface name in both of those: "wg-" and the POP's name, cut. */
void render_peer_ifname(
    char buf[PLAN_IFNAME_MAX], const struct peering_rules *rules);

#endif
