#include "agent/wg_kernel.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/time_types.h>
#include <linux/wireguard.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "agent/nl.h"

#define READ_TRIES 5 /* a dump that a change interrupted is repeated */

struct wg_kernel {
	struct nl *nl;
	uint16_t family;
};

static struct nlmsghdr *
begin(struct nl *nl, uint16_t family, uint8_t command, uint16_t flags)
{
	struct nlmsghdr *h = nl_begin(nl, family, flags);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(h, sizeof(*g));

	g->cmd = command;
	g->version = WG_GENL_VERSION;
	return h;
}

static int
take_family(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *a[CTRL_ATTR_FAMILY_ID + 1];
	uint16_t *family = arg;

	nl_attrs(h, sizeof(struct genlmsghdr), a, CTRL_ATTR_FAMILY_ID);
	if (a[CTRL_ATTR_FAMILY_ID] != NULL)
		*family = mnl_attr_get_u16(a[CTRL_ATTR_FAMILY_ID]);
	return 0;
}

int
wg_kernel_open(struct wg_kernel **out)
{
	struct wg_kernel *w = calloc(1, sizeof(*w));
	int rc = -ENOMEM;

	if (w == NULL)
		return rc;
	rc = nl_open(&w->nl, NETLINK_GENERIC);
	if (rc != 0)
		goto out;
	mnl_attr_put_strz(begin(w->nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0),
	    CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
	rc = nl_ask(w->nl, take_family, &w->family);
	if (rc == 0 && w->family == 0)
		rc = -ENOENT;
	if (rc != 0)
		goto out;
	*out = w;
	w = NULL;
out:
	wg_kernel_close(w);
	return rc;
}

void
wg_kernel_close(struct wg_kernel *w)
{
	if (w == NULL)
		return;
	nl_close(w->nl);
	free(w);
}

static void
take_key(struct wgkey *out, const struct nlattr *a)
{
	if (a != NULL && mnl_attr_get_payload_len(a) == WGKEY_LEN)
		memcpy(out->byte, mnl_attr_get_payload(a), WGKEY_LEN);
}

static void
take_endpoint(struct wg_peer *p, const struct nlattr *a)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at = { 0 };
	size_t len = a != NULL ? mnl_attr_get_payload_len(a) : 0;

	if (len == 0 || len > sizeof(at))
		return;
	memcpy(&at, mnl_attr_get_payload(a), len);
	if (at.any.sa_family == AF_INET && len == sizeof(at.v4)) {
		p->endpoint.family = 4;
		memcpy(p->endpoint.byte, &at.v4.sin_addr, 4);
		p->port = ntohs(at.v4.sin_port);
	} else if (at.any.sa_family == AF_INET6 && len == sizeof(at.v6)) {
		p->endpoint.family = 6;
		memcpy(p->endpoint.byte, &at.v6.sin6_addr, 16);
		p->port = ntohs(at.v6.sin6_port);
	}
}

static int
take_allowed(const struct nlattr *nest, void *arg)
{
	struct wg_peer *p = arg;
	struct prefix prefix = { 0 };
	const struct nlattr *a[WGALLOWEDIP_A_CIDR_MASK + 1];
	const struct nlattr *ip;
	size_t len;

	nl_nested(nest, a, WGALLOWEDIP_A_CIDR_MASK);
	ip = a[WGALLOWEDIP_A_IPADDR];
	len = ip != NULL ? mnl_attr_get_payload_len(ip) : 0;
	if ((len != 4 && len != 16) || a[WGALLOWEDIP_A_CIDR_MASK] == NULL)
		return MNL_CB_OK;
	prefix.ip.family = len == 4 ? 4 : 6;
	memcpy(prefix.ip.byte, mnl_attr_get_payload(ip), len);
	prefix.len = mnl_attr_get_u8(a[WGALLOWEDIP_A_CIDR_MASK]);
	if (p->n_allowed < WG_ALLOWED_MAX)
		p->allowed[p->n_allowed] = prefix;
	p->n_allowed++;
	return MNL_CB_OK;
}

static void
take_counters(struct wg_peer *p, const struct nlattr *const a[])
{
	struct __kernel_timespec ts;
	const struct nlattr *when = a[WGPEER_A_LAST_HANDSHAKE_TIME];

	if (when != NULL && mnl_attr_get_payload_len(when) == sizeof(ts)) {
		memcpy(&ts, mnl_attr_get_payload(when), sizeof(ts));
		p->handshake = ts.tv_sec;
	}
	if (a[WGPEER_A_RX_BYTES] != NULL)
		p->rx = mnl_attr_get_u64(a[WGPEER_A_RX_BYTES]);
	if (a[WGPEER_A_TX_BYTES] != NULL)
		p->tx = mnl_attr_get_u64(a[WGPEER_A_TX_BYTES]);
	if (a[WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL] != NULL)
		p->keepalive =
		    mnl_attr_get_u16(a[WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL]);
}

/* A peer may go on in the next message, with more allowed addresses. */
static struct wg_peer *
peer_for(struct wg_device *d, const struct wgkey *key, struct wg_peer *beyond)
{
	size_t last = d->n_peers - 1;

	if (d->n_peers > 0 && last < WG_PEERS_MAX &&
	    wgkey_equal(&d->peers[last].key, key))
		return &d->peers[last];
	return d->n_peers++ < WG_PEERS_MAX ? &d->peers[last + 1] : beyond;
}

static int
take_peer(const struct nlattr *nest, void *arg)
{
	struct wg_device *d = arg;
	struct wg_peer beyond = { 0 }, *p;
	const struct nlattr *a[WGPEER_A_MAX + 1];
	struct wgkey key = { 0 };

	nl_nested(nest, a, WGPEER_A_MAX);
	if (a[WGPEER_A_PUBLIC_KEY] == NULL)
		return MNL_CB_OK;
	take_key(&key, a[WGPEER_A_PUBLIC_KEY]);
	p = peer_for(d, &key, &beyond);
	p->key = key;
	take_key(&p->psk, a[WGPEER_A_PRESHARED_KEY]);
	take_endpoint(p, a[WGPEER_A_ENDPOINT]);
	take_counters(p, a);
	if (a[WGPEER_A_ALLOWEDIPS] != NULL)
		mnl_attr_parse_nested(a[WGPEER_A_ALLOWEDIPS], take_allowed, p);
	return MNL_CB_OK;
}

static int
take_device(const struct nlmsghdr *h, void *arg)
{
	struct wg_device *d = arg;
	const struct nlattr *a[WGDEVICE_A_MAX + 1];

	nl_attrs(h, sizeof(struct genlmsghdr), a, WGDEVICE_A_MAX);
	take_key(&d->private_key, a[WGDEVICE_A_PRIVATE_KEY]);
	if (a[WGDEVICE_A_LISTEN_PORT] != NULL)
		d->listen_port = mnl_attr_get_u16(a[WGDEVICE_A_LISTEN_PORT]);
	if (a[WGDEVICE_A_PEERS] != NULL)
		mnl_attr_parse_nested(a[WGDEVICE_A_PEERS], take_peer, d);
	return 0;
}

int
wg_kernel_read(struct wg_kernel *w, uint32_t link, struct wg_device *out)
{
	struct wg_device d;
	int rc = -EINTR;

	for (int i = 0; i < READ_TRIES && rc == -EINTR; i++) {
		memset(&d, 0, sizeof(d));
		mnl_attr_put_u32(
		    begin(w->nl, w->family, WG_CMD_GET_DEVICE, NLM_F_DUMP),
		    WGDEVICE_A_IFINDEX, link);
		rc = nl_ask(w->nl, take_device, &d);
	}
	if (rc == 0)
		*out = d;
	wg_device_wipe(&d);
	return rc;
}

static void
put_key(struct nlmsghdr *h, uint16_t type, const struct wgkey *key)
{
	mnl_attr_put(h, type, WGKEY_LEN, key->byte);
}

static void
put_endpoint(struct nlmsghdr *h, const struct wg_peer *p)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(p->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(p->port) };

	memcpy(&v4.sin_addr, p->endpoint.byte, 4);
	memcpy(&v6.sin6_addr, p->endpoint.byte, 16);
	if (p->endpoint.family == 4)
		mnl_attr_put(h, WGPEER_A_ENDPOINT, sizeof(v4), &v4);
	else
		mnl_attr_put(h, WGPEER_A_ENDPOINT, sizeof(v6), &v6);
}

static void
put_allowed(struct nlmsghdr *h, const struct wg_peer *p)
{
	struct nlattr *list = mnl_attr_nest_start(h, WGPEER_A_ALLOWEDIPS);

	for (size_t i = 0; i < p->n_allowed; i++) {
		const struct prefix *x = &p->allowed[i];
		struct nlattr *one = mnl_attr_nest_start(h, 0);

		mnl_attr_put_u16(h, WGALLOWEDIP_A_FAMILY,
		    x->ip.family == 4 ? AF_INET : AF_INET6);
		mnl_attr_put(
		    h, WGALLOWEDIP_A_IPADDR, ip_bits(&x->ip) / 8, x->ip.byte);
		mnl_attr_put_u8(h, WGALLOWEDIP_A_CIDR_MASK, x->len);
		mnl_attr_nest_end(h, one);
	}
	mnl_attr_nest_end(h, list);
}

static void
put_peer(struct nlmsghdr *h, const struct wg_change *c, const struct wg_peer *p)
{
	struct nlattr *one = mnl_attr_nest_start(h, 0);

	put_key(h, WGPEER_A_PUBLIC_KEY, &p->key);
	if (c->allowed)
		mnl_attr_put_u32(
		    h, WGPEER_A_FLAGS, WGPEER_F_REPLACE_ALLOWEDIPS);
	if (c->psk)
		put_key(h, WGPEER_A_PRESHARED_KEY, &p->psk);
	if (c->endpoint)
		put_endpoint(h, p);
	if (c->keepalive)
		mnl_attr_put_u16(
		    h, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, p->keepalive);
	if (c->allowed)
		put_allowed(h, p);
	mnl_attr_nest_end(h, one);
}

static void
put_removed(struct nlmsghdr *h, const struct wgkey *key)
{
	struct nlattr *one = mnl_attr_nest_start(h, 0);

	put_key(h, WGPEER_A_PUBLIC_KEY, key);
	mnl_attr_put_u32(h, WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME);
	mnl_attr_nest_end(h, one);
}

int
wg_kernel_set(struct wg_kernel *w, uint32_t link, const struct wg_change *c)
{
	struct nlmsghdr *h = begin(w->nl, w->family, WG_CMD_SET_DEVICE, 0);
	struct nlattr *peers;

	mnl_attr_put_u32(h, WGDEVICE_A_IFINDEX, link);
	if (c->replace_peers)
		mnl_attr_put_u32(h, WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
	if (c->private_key)
		put_key(h, WGDEVICE_A_PRIVATE_KEY, &c->want->private_key);
	if (c->listen_port)
		mnl_attr_put_u16(
		    h, WGDEVICE_A_LISTEN_PORT, c->want->listen_port);
	peers = mnl_attr_nest_start(h, WGDEVICE_A_PEERS);
	for (size_t i = 0; i < c->n_remove; i++)
		put_removed(h, &c->remove[i]);
	if (c->peer)
		put_peer(h, c, &c->want->peers[0]);
	mnl_attr_nest_end(h, peers);
	return nl_commit(w->nl);
}
