#include "plan/check.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "network/value.h"

/* A POP's name, as it may stand in a file. */
static bool
pop_name_is_good(const char *name)
{
	return name[0] != '\0' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		   strlen(name);
}

/* May stand on an interface of ours, and be the source of packets. */
static bool
loopback_is_good(const struct ip *ip, uint8_t family)
{
	static const char *const never[] = { "unspecified", "loopback",
		"link-local", "multicast", "mapped", "compatible", NULL };

	if (ip->family == 0)
		return true;
	return ip->family == family && !ip_is_special(ip, never);
}

static bool
network_is_good(const struct plan *plan)
{
	static const struct ip zero = { .family = 4 };

	if (asn_is_reserved(plan->asn) || !pop_name_is_good(plan->pop_name) ||
	    plan->router_id.family != 4 || ip_cmp(&plan->router_id, &zero) == 0)
		return false;
	if (!loopback_is_good(&plan->loopback4, 4) ||
	    !loopback_is_good(&plan->loopback6, 6))
		return false;
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		const struct prefix *p = &plan->prefixes[i];

		if (p->len == 0 || (i > 0 && prefix_cmp(p - 1, p) >= 0))
			return false;
	}
	for (size_t i = 0; i < plan->endpoint.n_allow; i++)
		if (!ip_range_known(plan->endpoint.allow[i]))
			return false;
	return true;
}

static bool
is_none_or(uint16_t n, uint16_t least, uint16_t most)
{
	return n == 0 || (n >= least && n <= most);
}

/* dn42's wiki has the numbers; a country's is that of ISO 3166-1. */
static bool
policy_is_good(const struct plan *plan)
{
	for (size_t i = 1; i < plan->n_blocked; i++)
		if (plan->blocked[i - 1] >= plan->blocked[i])
			return false;
	return is_none_or(plan->region, 41, 57) &&
	       is_none_or(plan->country, 1001, 1999) &&
	       is_none_or(plan->bandwidth, 21, 29);
}

/* Two addresses of one subnet, and of no other family. */
static bool
given_ends_are_good(const struct plan_tunnel *t)
{
	const struct prefix subnet = { t->local4, t->len4 };

	return t->local.family == 0 && t->remote.family == 0 &&
	       t->local4.family == 4 && loopback_is_good(&t->local4, 4) &&
	       t->remote4.family == 4 && loopback_is_good(&t->remote4, 4) &&
	       t->len4 >= 8 && prefix_contains(&subnet, &t->remote4) &&
	       ip_cmp(&t->local4, &t->remote4) != 0;
}

static bool
ends_are_good(const struct plan_tunnel *t)
{
	static const struct prefix link4 = { { 4, { 169, 254 } }, 16 };

	if (plan_tunnel_is_given(t))
		return given_ends_are_good(t);
	if (!ip_is_link_local(&t->local) || !ip_is_link_local(&t->remote) ||
	    ip_cmp(&t->local, &t->remote) == 0)
		return false;
	if (t->pop == 0)
		return t->local4.family == 0 && t->remote4.family == 0 &&
		       t->len4 == 0;
	return t->len4 == 32 && prefix_contains(&link4, &t->local4) &&
	       prefix_contains(&link4, &t->remote4) &&
	       ip_cmp(&t->local4, &t->remote4) != 0;
}

/* Is it named after what it leads to, a peer or a POP? */
static bool
tunnel_is_named(const struct plan *plan, const struct plan_tunnel *t)
{
	char ifname[PLAN_IFNAME_MAX];

	if (t->pop == 0) {
		plan_peering_ifname(ifname, t->asn);
		return strcmp(ifname, t->ifname) == 0 &&
		       !asn_is_reserved(t->asn) && t->asn != plan->asn &&
		       t->pop_name[0] == '\0';
	}
	if (t->pop > NETWORK_POPS_MAX || t->asn != 0 || t->host[0] == '\0' ||
	    !pop_name_is_good(t->pop_name))
		return false;
	if (plan_tunnel_is_given(t))
		return value_ifname(
			   ifname, t->ifname, strlen(t->ifname), NULL) == 0;
	snprintf(ifname, sizeof(ifname), "wg-int-%u", (unsigned)t->pop);
	return strcmp(ifname, t->ifname) == 0;
}

bool
plan_tunnel_is_good(const struct plan *plan, const struct plan_tunnel *t)
{
	if (!tunnel_is_named(plan, t))
		return false;
	if (t->listen_port == 0 || t->mtu < PEERING_MTU_MIN ||
	    t->mtu > PEERING_MTU_MAX)
		return false;
	if (wgkey_is_zero(&t->key) || (t->has_psk && wgkey_is_zero(&t->psk)))
		return false;
	if ((t->host[0] == '\0') != (t->port == 0))
		return false;
	if (t->host[0] != '\0' &&
	    endpoint_check_host(plan_rules(plan, t), t->host, NULL) != 0)
		return false;
	return t->n_allowed > 0 && ends_are_good(t);
}

static bool
tunnels_are_good(const struct plan *plan)
{
	uint8_t ports[65536 / 8] = { 0 };

	for (size_t i = 0; i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];
		uint8_t bit = (uint8_t)(1U << t->listen_port % 8);

		if (!plan_tunnel_is_good(plan, t))
			return false;
		if (i > 0 && strcmp(t[-1].ifname, t->ifname) >= 0)
			return false;
		if (ports[t->listen_port / 8] & bit)
			return false;
		ports[t->listen_port / 8] |= bit;
	}
	return true;
}

static bool
session_is_good(const struct plan *plan, const struct plan_session *s)
{
	char name[PLAN_SESSION_MAX];
	const struct plan_tunnel *t;

	snprintf(name, sizeof(name), "ebgp_as%u_v6", s->asn);
	if (strcmp(name, s->name) != 0 || s->import_limit == 0 ||
	    s->latency > LATENCY_MAX)
		return false;
	t = plan_tunnel_find(plan, s->ifname);
	return t != NULL && t->pop == 0 && t->asn == s->asn &&
	       ip_cmp(&t->local, &s->source) == 0 &&
	       ip_cmp(&t->remote, &s->neighbor) == 0;
}

static bool
sessions_are_good(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sessions; i++) {
		const struct plan_session *s = &plan->sessions[i];

		if (!session_is_good(plan, s))
			return false;
		if (i > 0 && strcmp(s[-1].name, s->name) >= 0)
			return false;
	}
	return true;
}

/* Is there a given link to that POP, with these addresses? */
static bool
direct_is_good(const struct plan *plan, const struct plan_ibgp *s)
{
	for (size_t i = 0; i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];

		if (t->pop == s->pop && plan_tunnel_is_given(t))
			return ip_cmp(&s->source, &t->local4) == 0 &&
			       ip_cmp(&s->neighbor, &t->remote4) == 0;
	}
	return false;
}

static bool
ibgp_is_good(const struct plan *plan, const struct plan_ibgp *s)
{
	const struct ip *source =
	    s->source.family == 4 ? &plan->loopback4 : &plan->loopback6;

	if (s->direct)
		return s->pop != 0 && pop_name_is_good(s->pop_name) &&
		       direct_is_good(plan, s);
	return s->pop != 0 && s->pop <= NETWORK_POPS_MAX &&
	       pop_name_is_good(s->pop_name) && s->source.family != 0 &&
	       ip_cmp(&s->source, source) == 0 &&
	       s->neighbor.family == s->source.family &&
	       loopback_is_good(&s->neighbor, s->source.family) &&
	       ip_cmp(&s->neighbor, &s->source) != 0;
}

static bool
ibgps_are_good(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_ibgp; i++) {
		const struct plan_ibgp *s = &plan->ibgp[i];

		if (!ibgp_is_good(plan, s) || (i > 0 && s[-1].pop >= s->pop))
			return false;
	}
	return true;
}

int
plan_check(const struct plan *plan)
{
	if (network_is_good(plan) && policy_is_good(plan) &&
	    tunnels_are_good(plan) && sessions_are_good(plan) &&
	    ibgps_are_good(plan))
		return 0;
	return FAULT_INVALID;
}
