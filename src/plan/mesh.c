#include "plan/mesh.h"

#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct prefix common[] = {
	{ { 4, { 172, 16 } }, 12 },
	{ { 4, { 10 } }, 8 },
	{ { 6, { 0xfd } }, 8 },
	{ { 6, { 0xfe, 0x80 } }, 10 },
};

/* A link's own addresses in IPv4. */
static const struct prefix link4 = { { 4, { 169, 254 } }, 16 };

/*
 * Where IGPs speak to their neighbours: RFC 8966, 4; RFC 5340, A.1. Links take
 * all of them: none is silent while BIRD has not changed to another yet, and
 * with "none" the operator may run either himself.
 */
static const struct prefix groups[] = {
	{ { 6, { 0xff, 0x02, [13] = 1, [15] = 6 } }, 128 },
	{ { 6, { 0xff, 0x02, [15] = 5 } }, 128 },
	{ { 6, { 0xff, 0x02, [15] = 6 } }, 128 },
};

void
tunnel_allow(struct plan_tunnel *t, const struct prefix *p)
{
	for (size_t i = 0; i < t->n_allowed; i++)
		if (prefix_covers(&t->allowed[i], p))
			return;
	if (t->n_allowed < PLAN_ALLOWED_MAX)
		t->allowed[t->n_allowed++] = *p;
}

void
tunnel_allow_common(struct plan_tunnel *t)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		tunnel_allow(t, &common[i]);
}

static void
allow_igps(struct plan_tunnel *t)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		tunnel_allow(t, &groups[i]);
}

/*
 * The address of a POP on all its links. Babel sends the last 64 bits of it
 * and means fe80::/64 (RFC 8966, 4.1.4), so peering.link_local has no part.
 */
static struct ip
link_ip(const struct network_pop *pop)
{
	struct ip ip = { 6,
		{ 0xfe, 0x80, [13] = 3, [14] = (uint8_t)(pop->id >> 8),
		    (uint8_t)pop->id } };

	return ip;
}

/* 169.254.0.0/24 and 169.254.255.0/24 are reserved (RFC 3927, 2.1). */
static struct ip
link_ip4(const struct network_pop *pop)
{
	struct ip ip = { 4,
		{ 169, 254, (uint8_t)(1 + pop->id / 256), (uint8_t)pop->id } };

	return ip;
}

bool
mesh_has_ip(const struct network_pop *pop, const struct ip *ip)
{
	const struct ip ours = ip->family == 4 ? link_ip4(pop) : link_ip(pop);

	return ip_cmp(&ours, ip) == 0;
}

/* What all links of a POP have alike. */
static void
derive_our_end(struct plan_tunnel *t, const struct network *net,
    const struct network_pop *us)
{
	t->mtu = net->mesh.mtu;
	t->port = (uint16_t)(net->mesh.port_base + us->id);
	t->keepalive = PLAN_KEEPALIVE;
	tunnel_allow_common(t);
	tunnel_allow(t, &link4);
	allow_igps(t);
	t->local = link_ip(us);
	t->local4 = link_ip4(us);
	t->len4 = 32;
}

static void
derive_their_end(struct plan_tunnel *t, const struct network *net,
    const struct network_pop *them)
{
	snprintf(t->ifname, sizeof(t->ifname), "wg-int-%u", (unsigned)them->id);
	t->pop = them->id;
	strlcpy(t->pop_name, them->name, sizeof(t->pop_name));
	t->listen_port = (uint16_t)(net->mesh.port_base + them->id);
	t->key = them->public_key;
	strlcpy(t->host, them->endpoint, sizeof(t->host));
	t->remote = link_ip(them);
	t->remote4 = link_ip4(them);
}

/* Routes come of BGP, whatever they are: as on any wire, all may pass. */
static void
derive_given(struct plan_tunnel *t, const struct network_link *link,
    unsigned end, const struct network_pop *them)
{
	static const struct prefix all = { { .family = 4 }, 0 };
	const struct network_end *us = &link->ends[end];
	const struct network_end *other = &link->ends[1 - end];

	strlcpy(t->ifname, us->interface, sizeof(t->ifname));
	t->pop = them->id;
	strlcpy(t->pop_name, them->name, sizeof(t->pop_name));
	t->listen_port = us->port;
	t->mtu = link->mtu;
	t->key = them->public_key;
	strlcpy(t->host, them->endpoint, sizeof(t->host));
	t->port = other->port;
	t->keepalive = PLAN_KEEPALIVE;
	tunnel_allow(t, &all);
	t->local4 = us->ipv4.ip;
	t->len4 = us->ipv4.len;
	t->remote4 = other->ipv4.ip;
	if (link->description[0] != '\0')
		strlcpy(
		    t->description, link->description, sizeof(t->description));
	else
		snprintf(t->description, sizeof(t->description), "iBGP-%s",
		    them->name);
}

/*
 * All to all, or with hubs, the route reflectors, where a client of theirs
 * has sessions to no one else: iBGP goes where the links go.
 */
static void
derive_ibgp(struct plan_ibgp *s, const struct network *net,
    const struct network_pop *us, const struct network_pop *them)
{
	bool is_6 = us->ipv6.ip.family != 0 && them->ipv6.ip.family != 0;

	s->pop = them->id;
	strlcpy(s->pop_name, them->name, sizeof(s->pop_name));
	s->source = is_6 ? us->ipv6.ip : us->ipv4.ip;
	s->neighbor = is_6 ? them->ipv6.ip : them->ipv4.ip;
	s->client =
	    net->mesh.topology == TOPOLOGY_HUBS && us->hub && !them->hub;
}

/* The same on the given link `t`. */
static void
derive_direct(struct plan_ibgp *s, const struct plan_tunnel *t,
    const struct network *net, const struct network_pop *us,
    const struct network_pop *them)
{
	derive_ibgp(s, net, us, them);
	s->direct = true;
	s->source = t->local4;
	s->neighbor = t->remote4;
}

static int
by_pop(const void *a, const void *b)
{
	const struct plan_ibgp *x = a, *y = b;

	return (x->pop > y->pop) - (x->pop < y->pop);
}

/* In the order of the file, in which firewall rules are counted. */
static void
derive_links(
    struct plan *plan, const struct network *net, const struct network_pop *pop)
{
	uint16_t rule = pop->firewall_rule;

	for (size_t i = 0; i < net->n_links; i++) {
		const struct network_link *link = &net->links[i];
		unsigned end = link->ends[0].id == pop->id ? 0 : 1;
		const struct network_pop *other =
		    network_pop(net, link->ends[1 - end].pop);
		struct plan_tunnel *t = &plan->tunnels[plan->n_tunnels];

		if (link->ends[end].id != pop->id || other == NULL)
			continue;
		derive_given(t, link, end, other);
		t->firewall_rule = rule++;
		plan->n_tunnels++;
		derive_direct(&plan->ibgp[plan->n_ibgp++], t, net, pop, other);
	}
}

void
derive_mesh(
    struct plan *plan, const struct network *net, const struct network_pop *pop)
{
	struct plan_tunnel ours = { 0 };

	derive_our_end(&ours, net, pop);
	plan->igp = IGP_NONE;
	for (size_t i = 0; i < net->n_pops; i++) {
		const struct network_pop *other = &net->pops[i];
		struct plan_tunnel *t = &plan->tunnels[plan->n_tunnels];

		if (!network_derived(net, pop, other))
			continue;
		plan->igp = net->mesh.igp;
		*t = ours;
		derive_their_end(t, net, other);
		plan->n_tunnels++;
		derive_ibgp(&plan->ibgp[plan->n_ibgp++], net, pop, other);
	}
	derive_links(plan, net, pop);
	qsort(plan->ibgp, plan->n_ibgp, sizeof(plan->ibgp[0]), by_pop);
}

/*
 * POPs may stand where visitors may not, in one building or behind one NAT.
 * But a link through our own prefixes would lead through itself.
 */
void
plan_link_rules(struct plan *plan)
{
	static const char *const ranges[] = { "benchmarking", "cgnat",
		"documentation", "nat64", "private", "protocol", "site-local",
		"6to4" };
	struct endpoint_rules *e = &plan->link_endpoint;

	memset(e, 0, sizeof(*e));
	e->ipv4 = e->ipv6 = true;
	memcpy(e->refused, plan->prefixes,
	    plan->n_prefixes * sizeof(plan->prefixes[0]));
	e->n_refused = plan->n_prefixes;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		strlcpy(e->allow[e->n_allow++], ranges[i], ENDPOINT_RANGE_MAX);
}

const struct endpoint_rules *
plan_rules(const struct plan *plan, const struct plan_tunnel *t)
{
	return t->pop != 0 ? &plan->link_endpoint : &plan->endpoint;
}
