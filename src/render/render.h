#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "plan/plan.h"

/*
 * Values to text, one small file per format. The same value gives the same
 * bytes. 0, or a negative errno: a write failed, or -EINVAL for a value that
 * has no place in a configuration file.
 */

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
 * All that a plan has, each handed to `put` with its path: bird/meetme.conf,
 * bird/peers/as<ASN>.conf, sysctl.conf, wireguard/<ifname>.conf. What lies
 * below bird/ is what the agent has in etc/bird/meetme. Of an EdgeOS POP it is
 * edgeos/commands (edgeos.h). Each file's first line begins with RENDER_MARK.
 * Ends at the first that `put` fails, with its result.
 */
#define RENDER_MARK "# meetme"
typedef int (*render_put)(
    void *arg, const char *path, const char *text, size_t len);
int render_plan(const struct plan *plan, render_put put, void *arg);

/* Does text[0..len) begin with it? A file that does not is not ours. */
#define RENDER_MARK_LEN (sizeof(RENDER_MARK) - 1)
bool render_is_ours(const char *text, size_t len);

#endif
