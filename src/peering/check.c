#include "peering/peering.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"

static int
check_asn(
    const struct peering *p, const struct peering_rules *rules, struct fault *f)
{
	const struct network_policy *policy = &rules->net->policy;

	if (asn_is_reserved(p->asn))
		return fault_set(f, FAULT_INVALID, "asn",
		    "AS%u is reserved; give your own AS number", p->asn);
	if (p->asn == rules->net->asn)
		return fault_set(f, FAULT_INVALID, "asn",
		    "AS%u is this network; give your own AS number", p->asn);
	for (size_t i = 0; i < policy->n_block; i++)
		if (p->asn == policy->block[i])
			return fault_set(f, FAULT_DENIED, "asn",
			    "AS%u is blocked in this network (policy.block)",
			    p->asn);
	return 0;
}

/* Public keys: no time to keep secret. */
static bool
same_key(const struct wgkey *a, const struct wgkey *b)
{
	return memcmp(a->byte, b->byte, WGKEY_LEN) == 0;
}

static int
check_key(const struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f)
{
	const struct network *net = rules->net;

	if (wgkey_is_zero(&p->key))
		return fault_set(f, FAULT_INVALID, "key",
		    "the key is all zero; give the output of wg pubkey");
	if (wgkey_is_weak(&p->key))
		return fault_set(f, FAULT_INVALID, "key",
		    "the key is a point of small order, so that no handshake "
		    "can succeed; give the output of wg pubkey");
	for (size_t i = 0; i < net->n_pops; i++)
		if (same_key(&p->key, &net->pops[i].public_key))
			return fault_set(f, FAULT_INVALID, "key",
			    "this is the key of %s, our side; give the one of "
			    "your side",
			    net->pops[i].name);
	for (size_t i = 0; i < n; i++)
		if (all[i].asn != p->asn && same_key(&p->key, &all[i].key))
			return fault_set(f, FAULT_TAKEN, "key",
			    "another AS uses this key here; make a new one "
			    "with wg genkey");
	if (p->has_psk && wgkey_is_zero(&p->psk))
		return fault_set(f, FAULT_INVALID, "psk",
		    "the preshared key is all zero; give the output of wg "
		    "genpsk, or none");
	return 0;
}

/* Host names are the same in any case, with or without the root's dot. */
static bool
same_host(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);

	if (alen > 0 && a[alen - 1] == '.')
		alen--;
	if (blen > 0 && b[blen - 1] == '.')
		blen--;
	return alen == blen && strncasecmp(a, b, alen) == 0;
}

static int
check_host(
    const struct peering *p, const struct peering_rules *rules, struct fault *f)
{
	const struct network *net = rules->net;

	if (p->host[0] == '\0' && p->port == 0)
		return 0;
	if (p->host[0] == '\0')
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "there is a port but no endpoint; give both, or neither "
		    "when you are behind NAT");
	for (size_t i = 0; i < net->n_pops; i++)
		if (same_host(p->host, net->pops[i].endpoint))
			return fault_set(f, FAULT_INVALID, "endpoint",
			    "%.100s is %s, our side; give the one of your side",
			    p->host, net->pops[i].name);
	if (p->port == 0)
		return fault_set(f, FAULT_INVALID, "port",
		    "there is an endpoint but no port; give one from 1 to "
		    "65535");
	return endpoint_check_host(&rules->endpoint, p->host, f);
}

/* True in both ranges that a link-local address is given from. */
static bool
is_given(const struct ip *base, const struct ip *ip)
{
	return memcmp(base->byte, ip->byte, 12) == 0 && ip->byte[12] == 0 &&
	       (ip->byte[13] == 1 || ip->byte[13] == 2);
}

static int
check_link_local(const struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f)
{
	static const struct ip nobody = { 6, { 0xfe, 0x80 } };
	const struct network_peering *ours = &rules->net->peering;
	const struct ip *ip = &p->link_local;
	char text[IP_TEXT_MAX];

	if (ip->family == 0)
		return 0;
	ip_text(ip, text);
	if (!ip_is_link_local(ip) || ip_cmp(ip, &nobody) == 0)
		return fault_set(f, FAULT_INVALID, "link_local",
		    "%s is no link-local address of a host; give one from "
		    "fe80::/10 like fe80::%x, or none",
		    text, p->asn % 0x10000);
	if (ip_cmp(ip, &ours->own_link_local) == 0)
		return fault_set(f, FAULT_TAKEN, "link_local",
		    "%s is our side's address; give another one, or none",
		    text);
	/* Also those of peerings to come: theirs must be free then. */
	if (is_given(&ours->link_local, ip))
		return fault_set(f, FAULT_TAKEN, "link_local",
		    "%s is one of those that this network gives; give another "
		    "one, or none to get one",
		    text);
	for (size_t i = 0; i < n; i++)
		if (all[i].asn != p->asn && ip_cmp(ip, &all[i].link_local) == 0)
			return fault_set(f, FAULT_TAKEN, "link_local",
			    "another peering uses %s; give another one, or "
			    "none to get one",
			    text);
	return 0;
}

static int
check_mtu(const struct peering *p, struct fault *f)
{
	if (p->mtu < PEERING_MTU_MIN || p->mtu > PEERING_MTU_MAX)
		return fault_set(f, FAULT_INVALID, "mtu",
		    "an MTU of %u does not work; give one from %d to %d, "
		    "usually %d",
		    (unsigned)p->mtu, PEERING_MTU_MIN, PEERING_MTU_MAX,
		    PEERING_MTU_DEFAULT);
	return 0;
}

/* The mesh may have grown, or moved, since the port was given. */
static const struct network_pop *
link_on_port(const struct peering_rules *rules, uint16_t port)
{
	const struct network *net = rules->net;

	for (size_t i = 0; i < net->n_pops; i++)
		if (port != 0 &&
		    network_link_port(net, rules->pop, &net->pops[i]) == port)
			return &net->pops[i];
	return NULL;
}

/* What was allocated (0: not yet) is nobody else's. */
static int
check_allocation(const struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f)
{
	const struct network_pop *pop = link_on_port(rules, p->listen_port);

	if (p->id > PEERING_ID_MAX)
		return fault_set(f, FAULT_INVALID, "id",
		    "%u is no id; the largest is %d", p->id, PEERING_ID_MAX);
	if (pop != NULL)
		return fault_set(f, FAULT_TAKEN, "listen_port",
		    "the link to %s has our port %u", pop->name,
		    (unsigned)p->listen_port);
	for (size_t i = 0; i < n; i++) {
		if (all[i].asn == p->asn)
			continue;
		if (p->id != 0 && all[i].id == p->id)
			return fault_set(f, FAULT_TAKEN, "id",
			    "AS%u has the id %u", all[i].asn, p->id);
		if (p->listen_port != 0 && all[i].listen_port == p->listen_port)
			return fault_set(f, FAULT_TAKEN, "listen_port",
			    "AS%u has our port %u", all[i].asn,
			    (unsigned)p->listen_port);
	}
	return 0;
}

int
peering_check(const struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f)
{
	int rc;

	if ((rc = check_asn(p, rules, f)) != 0)
		return rc;
	if ((rc = check_key(p, rules, all, n, f)) != 0)
		return rc;
	if ((rc = check_host(p, rules, f)) != 0)
		return rc;
	if ((rc = check_link_local(p, rules, all, n, f)) != 0)
		return rc;
	if ((rc = check_mtu(p, f)) != 0)
		return rc;
	return check_allocation(p, rules, all, n, f);
}
