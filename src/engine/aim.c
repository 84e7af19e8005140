#include "engine/aim.h"

#include <bsd/string.h>
#include <string.h>

#include "base/num.h"
#include "engine/request.h"

static int
bad_family(unsigned family, const char *target, struct fault *f)
{
	return fault_set(f, FAULT_NOT_FOUND, "target",
	    "%.64s has no IPv%u address", target, family);
}

static int
aim_at_pop(struct aim *out, const struct network_pop *pop, unsigned family,
    struct fault *f)
{
	if (family != 4 && pop->ipv6.ip.family != 0)
		out->ip = pop->ipv6.ip;
	else if (family != 6 && pop->ipv4.ip.family != 0)
		out->ip = pop->ipv4.ip;
	else
		return bad_family(family != 0 ? family : 6, pop->name, f);
	return 0;
}

/* A stranger's peering and none at all look the same. */
static int
aim_at_peer(struct aim *out, const struct engine *e, const struct identity *who,
    uint32_t asn, unsigned family, struct fault *f)
{
	const struct peering *p = engine_peering(e, asn);

	if (p == NULL || !request_owns(e, who, asn))
		return fault_set(f, FAULT_NOT_FOUND, "target",
		    "%s no peering with AS%u here",
		    who->kind == CONN_OPERATOR ? "there is" : "you have",
		    (unsigned)asn);
	if (family == 4)
		return fault_set(f, FAULT_INVALID, "target",
		    "the other end of a peering's tunnel has an IPv6 address "
		    "only");
	out->ip = peering_their_ip(p, e->net);
	plan_peering_ifname(out->ifname, asn);
	return 0;
}

/* Whose tunnel has it as its other end? */
static int
aim_at_link_local(struct aim *out, const struct engine *e,
    const struct identity *who, const struct ip *ip, struct fault *f)
{
	struct plan *plan = NULL;
	int rc = FAULT_NOT_FOUND;

	if (plan_derive(&plan, &e->rules, e->peerings, e->n_peerings) != 0)
		return fault_set(f, FAULT_SYSTEM, NULL, "out of memory");
	for (size_t i = 0; rc != 0 && i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];

		if (ip_cmp(&t->remote, ip) != 0 ||
		    !request_owns(e, who, t->asn))
			continue;
		out->ip = *ip;
		memcpy(out->ifname, t->ifname, sizeof(out->ifname));
		rc = 0;
	}
	plan_free(plan);
	if (rc != 0)
		fault_set(f, FAULT_NOT_FOUND, "target",
		    "no tunnel %sleads to that link-local address; an AS "
		    "number names the other end of its tunnel",
		    who->kind == CONN_OPERATOR ? "" : "of yours ");
	return rc;
}

/* Does the registry say that networks like ours have addresses there? */
static bool
is_registered(const struct engine *e, const struct ip *ip)
{
	const struct prefix host = { *ip, (uint8_t)ip_bits(ip) };
	const struct filter_rule *rule =
	    filter_find(&e->policy.filters[ip->family == 6], &host);

	return rule != NULL && rule->permit;
}

static bool
is_ours(const struct engine *e, const struct ip *ip)
{
	for (size_t i = 0; i < e->net->prefixes.n; i++)
		if (prefix_contains(&e->net->prefixes.list[i], ip))
			return true;
	return false;
}

static int
aim_at_ip(struct aim *out, const struct engine *e, const struct identity *who,
    const struct ip *ip, unsigned family, struct fault *f)
{
	if (family != 0 && ip->family != family)
		return fault_set(f, FAULT_INVALID, "target",
		    "that is no IPv%u address", family);
	if (ip_is_link_local(ip))
		return aim_at_link_local(out, e, who, ip, f);
	if (who->kind != CONN_OPERATOR && !is_ours(e, ip) &&
	    !is_registered(e, ip))
		return fault_set(f, FAULT_DENIED, "target",
		    "only addresses of %.40s and of the networks that the "
		    "registry knows can be reached from here",
		    e->net->name);
	out->ip = *ip;
	return 0;
}

static const struct network_upstream *
find_upstream(const struct engine *e, const char *name)
{
	for (size_t i = 0; i < e->net->n_upstreams; i++)
		if (strcmp(e->net->upstreams[i].name, name) == 0)
			return &e->net->upstreams[i];
	return NULL;
}

/* The other end of a peering of the network file. */
static int
aim_at_upstream(struct aim *out, const struct engine *e,
    const struct identity *who, const struct network_upstream *up,
    unsigned family, struct fault *f)
{
	const struct ip *ip = family == 4 || up->peer_ipv6.family == 0
				  ? &up->peer_ipv4
				  : &up->peer_ipv6;

	if (ip->family == 0)
		return bad_family(family != 0 ? family : 4, up->name, f);
	return aim_at_ip(out, e, who, ip, family, f);
}

int
aim_find(struct aim *out, const struct engine *e, const struct identity *who,
    const char *target, unsigned family, struct fault *f)
{
	const struct network_pop *pop = network_pop(e->net, target);
	const struct network_upstream *up = find_upstream(e, target);
	const size_t len = strlen(target);
	struct aim aim = { 0 };
	struct ip ip;
	uint32_t asn;
	int rc;

	if (pop != NULL)
		rc = aim_at_pop(&aim, pop, family, f);
	else if (up != NULL)
		rc = aim_at_upstream(&aim, e, who, up, family, f);
	else if (asn_parse(&asn, target, len) == 0)
		rc = aim_at_peer(&aim, e, who, asn, family, f);
	else if (ip_parse(&ip, target, len) == 0)
		rc = aim_at_ip(&aim, e, who, &ip, family, f);
	else if (who->kind != CONN_OPERATOR || !text_is_hostname(target, len) ||
		 strlcpy(aim.host, target, sizeof(aim.host)) >=
		     sizeof(aim.host))
		rc = fault_set(f, FAULT_INVALID, "target",
		    "neither a POP's name, nor %sAS number, nor an address "
		    "without a zone%s",
		    who->kind == CONN_OPERATOR ? "a peering's " : "your ",
		    who->kind == CONN_OPERATOR ? ", nor a host name"
					       : "; names are not looked up");
	else
		rc = 0;
	if (rc == 0)
		*out = aim;
	return rc;
}
