#include "agent/link.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DUMP_TRIES 5 /* a dump that a change interrupted is repeated */
#define ROOM_MIN   16

/* Room for one more element behind the n that `list` has, or NULL. */
static void *
list_grow(void **list, size_t n, size_t each)
{
	if (n % ROOM_MIN == 0 && (n & (n - 1)) == 0) {
		size_t room = n == 0 ? ROOM_MIN : 2 * n;
		void *more = reallocarray(*list, room, each);

		if (more == NULL)
			return NULL;
		*list = more;
	}
	return memset((char *)*list + n * each, 0, each);
}

/* Text that need not be ended, cut to the room there is. */
static void
text_of_attr(char *dst, size_t size, const struct nlattr *a)
{
	size_t len = 0;

	if (a != NULL) {
		len = strnlen(
		    mnl_attr_get_payload(a), mnl_attr_get_payload_len(a));
		if (len >= size)
			len = size - 1;
		memcpy(dst, mnl_attr_get_payload(a), len);
	}
	dst[len] = '\0';
}

/* One of the numbers of a sysctl folder, which come as an array. */
static uint32_t
number_at(const struct nlattr *a, size_t i)
{
	uint32_t n = 0;

	if (a != NULL && mnl_attr_get_payload_len(a) >= (i + 1) * sizeof(n))
		memcpy(&n,
		    (const char *)mnl_attr_get_payload(a) + i * sizeof(n),
		    sizeof(n));
	return n;
}

static void
take_families(struct link *l, const struct nlattr *spec)
{
	const struct nlattr *af[AF_INET6 + 1];
	const struct nlattr *v4[IFLA_INET_CONF + 1];
	const struct nlattr *v6[IFLA_INET6_ADDR_GEN_MODE + 1];
	const struct nlattr *mode;
	bool forwards;

	nl_nested(spec, af, AF_INET6);
	nl_nested(af[AF_INET], v4, IFLA_INET_CONF);
	nl_nested(af[AF_INET6], v6, IFLA_INET6_ADDR_GEN_MODE);
	mode = v6[IFLA_INET6_ADDR_GEN_MODE];
	l->makes_address =
	    mode != NULL && mnl_attr_get_u8(mode) != IN6_ADDR_GEN_MODE_NONE;
	/* The first of IPv4 has the number 1, that of IPv6 the number 0. */
	l->rp_filter =
	    number_at(v4[IFLA_INET_CONF], IPV4_DEVCONF_RP_FILTER - 1);
	l->accept_ra = number_at(v6[IFLA_INET6_CONF], DEVCONF_ACCEPT_RA);
	forwards = number_at(v6[IFLA_INET6_CONF], DEVCONF_FORWARDING) != 0;
	l->takes_ra = l->accept_ra > (forwards ? 1 : 0);
}

static void
parse_link(struct link *l, const struct nlmsghdr *h)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(h);
	const struct nlattr *a[IFLA_AF_SPEC + 1], *info[IFLA_INFO_KIND + 1];

	nl_attrs(h, sizeof(*ifi), a, IFLA_AF_SPEC);
	nl_nested(a[IFLA_LINKINFO], info, IFLA_INFO_KIND);
	l->index = (uint32_t)ifi->ifi_index;
	l->up = (ifi->ifi_flags & IFF_UP) != 0;
	text_of_attr(l->name, sizeof(l->name), a[IFLA_IFNAME]);
	text_of_attr(l->alias, sizeof(l->alias), a[IFLA_IFALIAS]);
	text_of_attr(l->kind, sizeof(l->kind), info[IFLA_INFO_KIND]);
	l->mtu = a[IFLA_MTU] != NULL ? mnl_attr_get_u32(a[IFLA_MTU]) : 0;
	take_families(l, a[IFLA_AF_SPEC]);
}

static int
take_link(const struct nlmsghdr *h, void *arg)
{
	struct link_table *t = arg;
	struct link *l =
	    list_grow((void **)&t->links, t->n_links, sizeof(*t->links));

	if (l == NULL)
		return -ENOMEM;
	parse_link(l, h);
	t->n_links++;
	return 0;
}

static int
take_one(const struct nlmsghdr *h, void *arg)
{
	parse_link(arg, h);
	return 0;
}

int
link_read(struct link *out, struct nl *nl, const char *name)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_GETLINK, 0);
	struct link l = { 0 };
	int rc;

	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(h, IFLA_IFNAME, name);
	mnl_attr_put_u32(h, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	rc = nl_ask(nl, take_one, &l);
	if (rc == 0)
		*out = l;
	return rc;
}

static int
take_addr(const struct nlmsghdr *h, void *arg)
{
	struct link_table *t = arg;
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(h);
	const struct nlattr *a[IFA_PROTO + 1];
	struct link_addr *d =
	    list_grow((void **)&t->addrs, t->n_addrs, sizeof(*t->addrs));

	if (d == NULL)
		return -ENOMEM;
	nl_attrs(h, sizeof(*ifa), a, IFA_PROTO);
	nl_ip(&d->peer, a[IFA_ADDRESS]);
	nl_ip(&d->local, a[IFA_LOCAL]);
	if (d->local.family == 0)
		d->local = d->peer;
	if (d->peer.family == 0)
		d->peer = d->local;
	d->index = ifa->ifa_index;
	d->len = ifa->ifa_prefixlen;
	d->proto = a[IFA_PROTO] != NULL ? mnl_attr_get_u8(a[IFA_PROTO]) : 0;
	if (d->local.family != 0)
		t->n_addrs++;
	return 0;
}

static int
take_route(const struct nlmsghdr *h, void *arg)
{
	struct link_table *t = arg;
	const struct rtmsg *rt = mnl_nlmsg_get_payload(h);
	const struct nlattr *a[RTA_OIF + 1];
	struct link_route *r;

	nl_attrs(h, sizeof(*rt), a, RTA_OIF);
	if (rt->rtm_dst_len != (rt->rtm_family == AF_INET ? 32 : 128) ||
	    rt->rtm_protocol != RTPROT_KERNEL ||
	    rt->rtm_table != RT_TABLE_MAIN || a[RTA_DST] == NULL ||
	    a[RTA_OIF] == NULL)
		return 0;
	r = list_grow((void **)&t->routes, t->n_routes, sizeof(*t->routes));
	if (r == NULL)
		return -ENOMEM;
	nl_ip(&r->to, a[RTA_DST]);
	r->index = mnl_attr_get_u32(a[RTA_OIF]);
	t->n_routes++;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
addr_by_index(const void *a, const void *b)
{
	const struct link_addr *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static int
route_by_index(const void *a, const void *b)
{
	const struct link_route *x = a, *y = b;
	int c = (x->index > y->index) - (x->index < y->index);

	return c != 0 ? c : ip_cmp(&x->to, &y->to);
}

static void
ask_links(struct nl *nl)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_GETLINK, NLM_F_DUMP);

	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(h, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

static void
ask_addrs(struct nl *nl)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_GETADDR, NLM_F_DUMP);

	mnl_nlmsg_put_extra_header(h, sizeof(struct ifaddrmsg));
}

/* The kernel filters: a router's table may have a million routes of BIRD. */
static void
ask_routes(struct nl *nl, uint8_t family)
{
	struct nlmsghdr *h = nl_begin(nl, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(h, sizeof(*rt));

	rt->rtm_family = family;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = RTPROT_KERNEL;
}

static int
read_once(struct link_table *t, struct nl *nl)
{
	int rc;

	ask_links(nl);
	rc = nl_ask(nl, take_link, t);
	if (rc != 0)
		return rc;
	ask_addrs(nl);
	rc = nl_ask(nl, take_addr, t);
	if (rc != 0)
		return rc;
	ask_routes(nl, AF_INET);
	rc = nl_ask(nl, take_route, t);
	if (rc != 0)
		return rc;
	ask_routes(nl, AF_INET6);
	return nl_ask(nl, take_route, t);
}

int
link_table_read(struct link_table *out, struct nl *nl)
{
	struct link_table t = { 0 };
	int rc = -EINTR;

	for (int i = 0; i < DUMP_TRIES && rc == -EINTR; i++) {
		link_table_release(&t);
		rc = read_once(&t, nl);
	}
	if (rc != 0) {
		link_table_release(&t);
		return rc;
	}
	qsort(t.links, t.n_links, sizeof(*t.links), by_name);
	if (t.n_addrs > 0)
		qsort(t.addrs, t.n_addrs, sizeof(*t.addrs), addr_by_index);
	if (t.n_routes > 0)
		qsort(t.routes, t.n_routes, sizeof(*t.routes), route_by_index);
	*out = t;
	return 0;
}

void
link_table_release(struct link_table *t)
{
	free(t->links);
	free(t->addrs);
	free(t->routes);
	*t = (struct link_table){ 0 };
}

const struct link *
link_by_name(const struct link_table *t, const char *name)
{
	struct link key;

	if (t->n_links == 0 || strlen(name) >= sizeof(key.name))
		return NULL;
	memcpy(key.name, name, strlen(name) + 1);
	return bsearch(&key, t->links, t->n_links, sizeof(key), by_name);
}

bool
link_is_marked(const struct link *l)
{
	return strncmp(l->alias, LINK_MARK, sizeof(LINK_MARK) - 1) == 0;
}

const struct link_addr *
link_addrs(const struct link_table *t, uint32_t index, size_t *n)
{
	size_t lo = 0, hi = t->n_addrs, first;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->addrs[mid].index < index)
			lo = mid + 1;
		else
			hi = mid;
	}
	first = lo;
	while (lo < t->n_addrs && t->addrs[lo].index == index)
		lo++;
	*n = lo - first;
	return t->addrs + first;
}

bool
link_has_route(const struct link_table *t, uint32_t index, const struct ip *to)
{
	struct link_route key = { .index = index, .to = *to };

	return t->n_routes > 0 && bsearch(&key, t->routes, t->n_routes,
				      sizeof(key), route_by_index) != NULL;
}

bool
link_is_own_ip(const struct link_table *t, const struct ip *ip)
{
	for (size_t i = 0; i < t->n_addrs; i++)
		if (ip_cmp(&t->addrs[i].local, ip) == 0)
			return true;
	return false;
}
