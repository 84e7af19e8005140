#include "plan/check.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

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

	if (asn_is_reserved(plan->asn) || plan->router_id.family != 4 ||
	    ip_cmp(&plan->router_id, &zero) == 0)
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
ends_are_good(const struct plan_tunnel *t)
{
	return ip_is_link_local(&t->local) && ip_is_link_local(&t->remote) &&
	       ip_cmp(&t->local, &t->remote) != 0;
}

bool
plan_tunnel_is_good(const struct plan *plan, const struct plan_tunnel *t)
{
	char ifname[PLAN_IFNAME_MAX];

	snprintf(ifname, sizeof(ifname), "wg-as%u", t->asn);
	if (strcmp(ifname, t->ifname) != 0 || asn_is_reserved(t->asn) ||
	    t->asn == plan->asn)
		return false;
	if (t->listen_port == 0 || t->mtu < PEERING_MTU_MIN ||
	    t->mtu > PEERING_MTU_MAX)
		return false;
	if (wgkey_is_zero(&t->key) || (t->has_psk && wgkey_is_zero(&t->psk)))
		return false;
	if ((t->host[0] == '\0') != (t->port == 0))
		return false;
	if (t->host[0] != '\0' &&
	    endpoint_check_host(&plan->endpoint, t->host, NULL) != 0)
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
	if (strcmp(name, s->name) != 0 || s->import_limit == 0)
		return false;
	t = plan_tunnel_find(plan, s->ifname);
	return t != NULL && t->asn == s->asn &&
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

int
plan_check(const struct plan *plan)
{
	if (network_is_good(plan) && tunnels_are_good(plan) &&
	    sessions_are_good(plan))
		return 0;
	return FAULT_INVALID;
}
