#include "plan/plan.h"

#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network/country.h"
#include "plan/check.h"
#include "plan/mesh.h"

/*
 * A BGP identifier must be unique within its AS (RFC 6286), and some accept
 * none that is no unicast address. Nobody routes 198.18.0.0/15 (RFC 2544).
 */
static struct ip
router_id(const struct network_pop *pop)
{
	struct ip id = { 4,
		{ 198, 18, (uint8_t)(pop->id >> 8), (uint8_t)pop->id } };

	return pop->ipv4.ip.family == 4 ? pop->ipv4.ip : id;
}

static int
by_prefix(const void *a, const void *b)
{
	return prefix_cmp(a, b);
}

static int
by_ifname(const void *a, const void *b)
{
	const struct plan_tunnel *x = a, *y = b;

	return strcmp(x->ifname, y->ifname);
}

static int
by_name(const void *a, const void *b)
{
	const struct plan_session *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
derive_tunnel(
    struct plan_tunnel *t, const struct peering *p, const struct network *net)
{
	plan_peering_ifname(t->ifname, p->asn);
	t->asn = p->asn;
	t->listen_port = p->listen_port;
	t->mtu = p->mtu;
	t->key = p->key;
	t->has_psk = p->has_psk;
	if (p->has_psk)
		t->psk = p->psk;
	strlcpy(t->host, p->host, sizeof(t->host));
	t->port = p->port;
	t->keepalive = p->host[0] != '\0' ? PLAN_KEEPALIVE : 0;
	tunnel_allow_common(t);
	t->local = peering_our_ip(p, net);
	t->remote = peering_their_ip(p, net);
}

static void
derive_session(
    struct plan_session *s, const struct peering *p, const struct network *net)
{
	snprintf(s->name, sizeof(s->name), "ebgp_as%u_v6", p->asn);
	plan_peering_ifname(s->ifname, p->asn);
	s->asn = p->asn;
	s->neighbor = peering_their_ip(p, net);
	s->source = peering_our_ip(p, net);
	s->import_limit = net->peering.import_limit;
	s->latency = p->latency;
	s->paused = p->paused[0] != '\0';
}

static void
derive_peering(
    struct plan *plan, const struct peering *p, const struct network *net)
{
	struct plan_tunnel *t = &plan->tunnels[plan->n_tunnels];

	derive_tunnel(t, p, net);
	if (!plan_tunnel_is_good(plan, t)) {
		explicit_bzero(t, sizeof(*t));
		return;
	}
	plan->n_tunnels++;
	derive_session(&plan->sessions[plan->n_sessions++], p, net);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* 21 from 0.1 Mbit/s on, and one more for each ten times as much. */
static uint16_t
bandwidth_community(uint32_t kbit)
{
	uint16_t community = 21;

	if (kbit == 0)
		return 0;
	for (; kbit >= 1000; kbit /= 10)
		community++;
	return community;
}

static void
derive_policy(struct plan *plan, const struct peering_rules *rules)
{
	const struct network *net = rules->net;
	const struct network_pop *pop = rules->pop;

	plan->region = pop->region != 0 ? pop->region : net->region;
	if (pop->country[0] != '\0')
		plan->country = (uint16_t)(1000 + country_number(pop->country));
	plan->bandwidth = bandwidth_community(pop->bandwidth);
	plan->n_blocked = net->policy.n_block;
	for (size_t i = 0; i < plan->n_blocked; i++)
		plan->blocked[i] = net->policy.block[i];
	qsort(plan->blocked, plan->n_blocked, sizeof(plan->blocked[0]),
	    by_number);
}

static void
derive_network(struct plan *plan, const struct peering_rules *rules)
{
	const struct network *net = rules->net;

	plan->asn = net->asn;
	strlcpy(plan->name, net->name, sizeof(plan->name));
	strlcpy(plan->pop_name, rules->pop->name, sizeof(plan->pop_name));
	plan->router_id = router_id(rules->pop);
	plan->loopback4 = rules->pop->ipv4.ip;
	plan->loopback6 = rules->pop->ipv6.ip;
	plan->n_prefixes = net->prefixes.n;
	for (size_t i = 0; i < net->prefixes.n; i++)
		plan->prefixes[i] = net->prefixes.list[i];
	qsort(plan->prefixes, plan->n_prefixes, sizeof(plan->prefixes[0]),
	    by_prefix);
	derive_policy(plan, rules);
	plan->bird = rules->pop->bird;
	plan->platform = rules->pop->platform;
	strlcpy(plan->private_key, rules->pop->private_key,
	    sizeof(plan->private_key));
	strlcpy(plan->firewall, rules->pop->firewall, sizeof(plan->firewall));
	plan->endpoint = rules->endpoint;
	plan_link_rules(plan);
}

int
plan_derive(struct plan **out, const struct peering_rules *rules,
    const struct peering *peerings, size_t n)
{
	const struct network *net = rules->net;
	struct plan *plan = NULL;
	int rc = FAULT_LIMIT;

	if (n > PEERING_MAX || net->prefixes.n > PLAN_PREFIXES_MAX)
		goto out;
	rc = FAULT_SYSTEM;
	plan = calloc(1, sizeof(*plan));
	if (plan == NULL)
		goto out;
	plan->tunnels = calloc(n + net->n_pops, sizeof(plan->tunnels[0]));
	plan->sessions = calloc(n + 1, sizeof(plan->sessions[0]));
	plan->ibgp = calloc(net->n_pops, sizeof(plan->ibgp[0]));
	plan->upstreams =
	    calloc(net->n_upstreams + 1, sizeof(plan->upstreams[0]));
	if (plan->tunnels == NULL || plan->sessions == NULL ||
	    plan->ibgp == NULL || plan->upstreams == NULL)
		goto out;
	derive_network(plan, rules);
	derive_mesh(plan, net, rules->pop);
	derive_upstreams(plan, net, rules->pop);
	for (size_t i = 0; i < n; i++)
		derive_peering(plan, &peerings[i], net);
	qsort(plan->tunnels, plan->n_tunnels, sizeof(plan->tunnels[0]),
	    by_ifname);
	qsort(plan->sessions, plan->n_sessions, sizeof(plan->sessions[0]),
	    by_name);
	*out = plan;
	plan = NULL;
	rc = 0;
out:
	plan_free(plan);
	return rc;
}
