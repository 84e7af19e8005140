#ifndef AGENT_NL_H
#define AGENT_NL_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/*
 * A netlink socket: requests that the kernel acknowledges, and dumps. All
 * functions give 0 or a negative errno.
 */
struct nl;

/* `bus` is NETLINK_ROUTE or NETLINK_GENERIC. */
int nl_open(struct nl **out, int bus);
void nl_close(struct nl *nl);

/*
 * Begins a message whose payload behind the header is added with libmnl's
 * mnl_nlmsg_put_extra_header and mnl_attr_put. Several may be begun before
 * they are sent, together, by nl_commit.
 */
struct nlmsghdr *nl_begin(struct nl *nl, uint16_t type, uint16_t flags);

/*
 * Sends what was begun, in one system call: a process that is killed leaves
 * all of it done or none of it tried. Waits for every answer. The result is
 * the first failure.
 */
int nl_commit(struct nl *nl);

/*
 * Sends the one message begun and gives each message that answers to `cb`,
 * which returns a negative errno to fail. -EINTR: things changed during a
 * dump; what `cb` was given does not fit together, ask again.
 */
int nl_ask(struct nl *nl, mnl_cb_t cb, void *arg);

/*
 * Attributes by their type, up to `max`: table[0..max] is NULL where there is
 * none. Those of a message behind its header of `offset` bytes, or of a nest.
 */
void nl_attrs(const struct nlmsghdr *h, size_t offset,
    const struct nlattr *table[], uint16_t max);
void nl_nested(
    const struct nlattr *nest, const struct nlattr *table[], uint16_t max);

/* An address, by its length; *out stays as it is where that is none. */
void nl_ip(struct ip *out, const struct nlattr *a);

#endif
