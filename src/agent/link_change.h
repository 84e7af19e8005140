#ifndef AGENT_LINK_CHANGE_H
#define AGENT_LINK_CHANGE_H

#include "agent/link.h"

/* Changes to links and addresses. The int is 0 or a negative errno. */

/*
 * A link of kind "wireguard", down, that bears `alias` from its first moment:
 * whenever the process is killed, what it made is marked. It gives itself no
 * address and filters no reverse paths. -EOPNOTSUPP: the kernel has no
 * WireGuard.
 */
int
link_create(struct nl *nl, const char *name, const char *alias, uint32_t mtu);
int link_delete(struct nl *nl, uint32_t index);

/* What link_begin_set shall set; the rest stays as it is. */
#define LINK_SET_ALIAS	    1U
#define LINK_SET_MTU	    2U
#define LINK_SET_NO_ADDRESS 4U /* it gives itself no address */
#define LINK_SET_NO_FILTER  8U /* rp_filter 0 */
#define LINK_SET_UP	    16U

/* These two begin a change, for nl_commit to send with others. */
void link_begin_set(struct nl *nl, uint32_t index, unsigned what,
    const char *alias, uint32_t mtu);
void link_begin_addr(struct nl *nl, const struct link_addr *a);

int link_addr_add(struct nl *nl, const struct link_addr *a);
int link_addr_delete(struct nl *nl, const struct link_addr *a);

#endif
