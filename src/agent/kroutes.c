#include "agent/kroutes.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/nl.h"

#define RECV_MAX (32U << 10) /* a dump's packet is at most this long */

struct kroutes {
	struct mnl_socket *sock;
	struct wire_stream want;
	unsigned seq;
	uint8_t family; /* AF_ of the dump under way */
	_Alignas(8) uint8_t in[RECV_MAX];
};

/* What a message is read into. */
struct reader {
	const struct wire_stream *want;
	struct pack *out;
};

static int
send_request(struct kroutes *k, uint8_t family)
{
	_Alignas(8) uint8_t buf[256];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct rtmsg *m;

	h->nlmsg_type = RTM_GETROUTE;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	h->nlmsg_seq = ++k->seq;
	m = mnl_nlmsg_put_extra_header(h, sizeof(*m));
	m->rtm_family = family;
	mnl_attr_put_u32(h, RTA_TABLE, RT_TABLE_MAIN);
	k->family = family;
	return mnl_socket_sendto(k->sock, h, h->nlmsg_len) < 0 ? -errno : 0;
}

int
kroutes_open(struct kroutes **out, const struct wire_stream *w)
{
	struct kroutes *k = calloc(1, sizeof(*k));
	int one = 1, rc = -ENOMEM;

	if (k == NULL)
		return rc;
	k->want = *w;
	k->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (k->sock == NULL) {
		rc = -errno;
		goto out;
	}
	/* The table is chosen in the kernel, as far as it can. */
	mnl_socket_setsockopt(
	    k->sock, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	if (mnl_socket_bind(k->sock, 0, MNL_SOCKET_AUTOPID) != 0) {
		rc = -errno;
		goto out;
	}
	rc = send_request(k, w->prefix.ip.family == 6 ? AF_INET6 : AF_INET);
	if (rc != 0)
		goto out;
	*out = k;
	k = NULL;
out:
	kroutes_close(k);
	return rc;
}

void
kroutes_close(struct kroutes *k)
{
	if (k == NULL)
		return;
	if (k->sock != NULL)
		mnl_socket_close(k->sock);
	free(k);
}

int
kroutes_fd(const struct kroutes *k)
{
	return mnl_socket_get_fd(k->sock);
}

static uint32_t
take_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	if (a != NULL && mnl_attr_get_payload_len(a) == sizeof(v))
		memcpy(&v, mnl_attr_get_payload(a), sizeof(v));
	return v;
}

/* A next hop of another family than the route's: a family, then an address. */
static void
take_via(struct ip *out, const struct nlattr *a)
{
	size_t len = a != NULL ? mnl_attr_get_payload_len(a) : 0;
	const uint8_t *at;

	if (len != sizeof(uint16_t) + 4 && len != sizeof(uint16_t) + 16)
		return;
	at = mnl_attr_get_payload(a);
	len -= sizeof(uint16_t);
	out->family = len == 4 ? 4 : 6;
	memcpy(out->byte, at + sizeof(uint16_t), len);
}

static bool
is_wanted(const struct wire_stream *w, const struct prefix *p)
{
	if (w->prefix.ip.family == 0)
		return true;
	if (w->what == WIRE_STREAM_KERNEL_FOR)
		return prefix_contains(p, &w->prefix.ip);
	return prefix_cmp(&w->prefix, p) == 0;
}

/* One entry for each of several next hops. */
static void
put_hops(struct pack *out, struct wire_kroute *r, const struct nlattr *list)
{
	const char *at = mnl_attr_get_payload(list);
	size_t left = mnl_attr_get_payload_len(list);

	while (left >= sizeof(struct rtnexthop)) {
		const struct nlattr *a[RTA_MAX + 1] = { 0 }, *attr;
		struct rtnexthop hop;
		size_t step;
		int room;

		memcpy(&hop, at, sizeof(hop));
		if (hop.rtnh_len < sizeof(hop) || hop.rtnh_len > left)
			return;
		attr = (const void *)(at + sizeof(hop));
		for (room = (int)(hop.rtnh_len - sizeof(hop));
		     mnl_attr_ok(attr, room); attr = mnl_attr_next(attr)) {
			if (mnl_attr_get_type(attr) <= RTA_MAX)
				a[mnl_attr_get_type(attr)] = attr;
			room -= MNL_ALIGN(mnl_attr_get_len(attr));
		}
		r->index = (uint32_t)hop.rtnh_ifindex;
		r->via = (struct ip){ 0 };
		nl_ip(&r->via, a[RTA_GATEWAY]);
		take_via(&r->via, a[RTA_VIA]);
		wire_kroute_pack(out, r);
		step = ((size_t)hop.rtnh_len + 3) & ~(size_t)3;
		left -= step < left ? step : left;
		at += step;
	}
}

static int
on_message(const struct nlmsghdr *h, void *arg)
{
	const struct rtmsg *m = mnl_nlmsg_get_payload(h);
	const struct nlattr *a[RTA_MAX + 1];
	const struct reader *reader = arg;
	struct wire_kroute r = { 0 };

	if (h->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(h) < sizeof(*m))
		return MNL_CB_OK;
	nl_attrs(h, sizeof(*m), a, RTA_MAX);
	/* A kernel that does not choose the table gives them all. */
	if (m->rtm_table != RT_TABLE_MAIN || (m->rtm_flags & RTM_F_CLONED) != 0)
		return MNL_CB_OK;
	r.prefix.ip.family = m->rtm_family == AF_INET ? 4 : 6;
	nl_ip(&r.prefix.ip, a[RTA_DST]);
	r.prefix.len = m->rtm_dst_len;
	r.proto = m->rtm_protocol;
	r.type = m->rtm_type;
	if (r.prefix.len > ip_bits(&r.prefix.ip) ||
	    prefix_has_host_bits(&r.prefix) ||
	    !is_wanted(reader->want, &r.prefix))
		return MNL_CB_OK;
	nl_ip(&r.via, a[RTA_GATEWAY]);
	take_via(&r.via, a[RTA_VIA]);
	nl_ip(&r.src, a[RTA_PREFSRC]);
	r.index = take_u32(a[RTA_OIF]);
	r.metric = take_u32(a[RTA_PRIORITY]);
	if (a[RTA_MULTIPATH] != NULL)
		put_hops(reader->out, &r, a[RTA_MULTIPATH]);
	else
		wire_kroute_pack(reader->out, &r);
	return MNL_CB_OK;
}

int
kroutes_read(struct kroutes *k, struct pack *out)
{
	struct reader reader = { &k->want, out };
	ssize_t n = mnl_socket_recvfrom(k->sock, k->in, sizeof(k->in));
	int rc;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 1 : -errno;
	rc = mnl_cb_run(k->in, (size_t)n, k->seq,
	    mnl_socket_get_portid(k->sock), on_message, &reader);
	if (rc < 0) /* EINTR: it changed meanwhile, which is good enough */
		return errno == EINTR ? 1 : -errno;
	if (rc == MNL_CB_OK)
		return 1;
	if (k->family == AF_INET6 || k->want.prefix.ip.family == 4)
		return 0;
	rc = send_request(k, AF_INET6);
	return rc != 0 ? rc : 1;
}
