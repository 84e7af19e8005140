#include "agent/link_change.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

static void
put_families(struct nlmsghdr *h, unsigned what)
{
	struct nlattr *spec, *family, *conf;

	if ((what & (LINK_SET_NO_ADDRESS | LINK_SET_NO_FILTER)) == 0)
		return;
	spec = mnl_attr_nest_start(h, IFLA_AF_SPEC);
	if ((what & LINK_SET_NO_ADDRESS) != 0) {
		family = mnl_attr_nest_start(h, AF_INET6);
		mnl_attr_put_u8(
		    h, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
		mnl_attr_nest_end(h, family);
	}
	if ((what & LINK_SET_NO_FILTER) != 0) {
		family = mnl_attr_nest_start(h, AF_INET);
		conf = mnl_attr_nest_start(h, IFLA_INET_CONF);
		mnl_attr_put_u32(h, IPV4_DEVCONF_RP_FILTER, 0);
		mnl_attr_nest_end(h, conf);
		mnl_attr_nest_end(h, family);
	}
	mnl_attr_nest_end(h, spec);
}

int
link_create(struct nl *nl, const char *name, const char *alias, uint32_t mtu)
{
	struct nlmsghdr *h;
	struct nlattr *info;

	h = nl_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(h, IFLA_IFNAME, name);
	mnl_attr_put_u32(h, IFLA_MTU, mtu);
	info = mnl_attr_nest_start(h, IFLA_LINKINFO);
	mnl_attr_put_strz(h, IFLA_INFO_KIND, "wireguard");
	mnl_attr_nest_end(h, info);

	/* The kernel takes no alias when it creates a link. */
	h = nl_begin(nl, RTM_SETLINK, 0);
	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(h, IFLA_IFNAME, name);
	mnl_attr_put_strz(h, IFLA_IFALIAS, alias);
	put_families(h, LINK_SET_NO_ADDRESS | LINK_SET_NO_FILTER);
	return nl_commit(nl);
}

int
link_delete(struct nl *nl, uint32_t index)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_DELLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));

	ifi->ifi_index = (int)index;
	return nl_commit(nl);
}

static struct nlmsghdr *
begin_set(struct nl *nl, uint32_t index, unsigned flags)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_SETLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));

	ifi->ifi_index = (int)index;
	ifi->ifi_flags = flags;
	ifi->ifi_change = flags;
	return h;
}

void
link_begin_set(struct nl *nl, uint32_t index, unsigned what, const char *alias,
    uint32_t mtu)
{
	struct nlmsghdr *h = begin_set(nl, index, 0);

	if ((what & LINK_SET_ALIAS) != 0)
		mnl_attr_put_strz(h, IFLA_IFALIAS, alias);
	if ((what & LINK_SET_MTU) != 0)
		mnl_attr_put_u32(h, IFLA_MTU, mtu);
	put_families(h, what);
	/* In one message the link would be up before the rest is so. */
	if ((what & LINK_SET_UP) != 0)
		begin_set(nl, index, IFF_UP);
}

/* fe80::/10 (RFC 4291, 2.5.6), 169.254.0.0/16 (RFC 3927). */
static bool
is_of_link(const struct ip *ip)
{
	return ip_is_link_local(ip) ||
	       (ip->family == 4 && ip->byte[0] == 169 && ip->byte[1] == 254);
}

static void
put_addr(struct nlmsghdr *h, const struct link_addr *a)
{
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(h, sizeof(*ifa));
	size_t len = ip_bits(&a->local) / 8;

	ifa->ifa_family = a->local.family == 4 ? AF_INET : AF_INET6;
	ifa->ifa_prefixlen = a->len;
	ifa->ifa_index = a->index;
	if (is_of_link(&a->local))
		ifa->ifa_scope = RT_SCOPE_LINK;
	mnl_attr_put(h, IFA_LOCAL, len, a->local.byte);
	mnl_attr_put(h, IFA_ADDRESS, len, a->peer.byte);
	if (a->proto != 0)
		mnl_attr_put_u8(h, IFA_PROTO, a->proto);
}

void
link_begin_addr(struct nl *nl, const struct link_addr *a)
{
	put_addr(nl_begin(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL), a);
}

int
link_addr_add(struct nl *nl, const struct link_addr *a)
{
	link_begin_addr(nl, a);
	return nl_commit(nl);
}

int
link_addr_delete(struct nl *nl, const struct link_addr *a)
{
	put_addr(nl_begin(nl, RTM_DELADDR, 0), a);
	return nl_commit(nl);
}
