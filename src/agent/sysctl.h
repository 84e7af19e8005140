#ifndef AGENT_SYSCTL_H
#define AGENT_SYSCTL_H

#include <stdbool.h>

#include "agent/link.h"
#include "agent/results.h"

/*
 * The kernel's settings for our network namespace, below /proc/sys/net:
 * CAP_NET_ADMIN there is enough to write them.
 *
 * Sets what differs from plan/sysctl.h, after what others have in effect was
 * made so by other means: an interface that takes router advertisements goes
 * on to when it forwards, one that filters reverse paths because all do goes
 * on to by itself. *written counts.
 */
void sysctl_apply(const struct link_table *links,
    bool (*is_ours)(const struct link *l), unsigned *written,
    struct result *out);

/* net.ipv6.conf.<ifname>.accept_ra: 0 or a negative errno. */
int sysctl_accept_ra(const char *ifname, uint32_t value);

#endif
