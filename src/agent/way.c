#include "agent/way.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "agent/nl.h"

static int
take_route(const struct nlmsghdr *h, void *arg)
{
	const struct rtmsg *m = mnl_nlmsg_get_payload(h);
	const struct nlattr *a[RTA_OIF + 1];
	struct way *way = arg;

	if (h->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(h) < sizeof(*m))
		return -EBADMSG;
	nl_attrs(h, sizeof(*m), a, RTA_OIF);
	way->is_local = m->rtm_type == RTN_LOCAL;
	way->is_bird = m->rtm_protocol == RTPROT_BIRD && m->rtm_dst_len > 0;
	if (a[RTA_OIF] != NULL)
		way->index = mnl_attr_get_u32(a[RTA_OIF]);
	return 0;
}

/* The entry itself is asked for: what is made of it forgets whose it is. */
int
way_find(struct way *out, const struct ip *to)
{
	struct way way = { 0 };
	struct nlmsghdr *h;
	struct rtmsg *m;
	struct nl *nl;
	int rc = nl_open(&nl, NETLINK_ROUTE);

	if (rc != 0)
		return rc;
	h = nl_begin(nl, RTM_GETROUTE, 0);
	m = mnl_nlmsg_put_extra_header(h, sizeof(*m));
	m->rtm_family = to->family == 4 ? AF_INET : AF_INET6;
	m->rtm_dst_len = (uint8_t)ip_bits(to);
	m->rtm_flags = RTM_F_FIB_MATCH;
	mnl_attr_put(h, RTA_DST, ip_bits(to) / 8, to->byte);
	rc = nl_ask(nl, take_route, &way);
	nl_close(nl);
	if (rc == 0)
		*out = way;
	return rc;
}
