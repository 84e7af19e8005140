#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "network/rules.h"

/*
 * What the end of a link, or a peering, takes of its POP. Fields that could
 * not be read are zero.
 */
struct claim {
	char path[NODE_PATH_MAX]; /* "links[0].ends[1]" */
	const struct network_pop *pop;
	const char *interface;
	uint16_t port;
	struct prefix ipv4, ipv6;
	struct ip peer4, peer6;
};

static size_t
claims_count(const struct network *net)
{
	return 2 * net->n_links + net->n_upstreams;
}

/* False: there is no such POP. */
static bool
claim_at(const struct network *net, size_t i, struct claim *out)
{
	const struct network_upstream *u;
	const struct network_link *link;
	const struct network_end *end;

	memset(out, 0, sizeof(*out));
	if (i < 2 * net->n_links) {
		link = &net->links[i / 2];
		end = &link->ends[i % 2];
		snprintf(out->path, sizeof(out->path), "links[%zu].ends[%zu]",
		    i / 2, i % 2);
		out->pop = network_pop(net, end->pop);
		out->interface = end->interface;
		out->port = end->port;
		out->ipv4 = end->ipv4;
		out->peer4 = link->ends[1 - i % 2].ipv4.ip;
		return out->pop != NULL;
	}
	i -= 2 * net->n_links;
	u = &net->upstreams[i];
	snprintf(out->path, sizeof(out->path), "peerings[%zu]", i);
	out->pop = network_pop(net, u->pop);
	out->interface = u->interface;
	out->port = u->port;
	out->ipv4 = u->ipv4;
	out->ipv6 = u->ipv6;
	out->peer4 = u->peer_ipv4;
	out->peer6 = u->peer_ipv6;
	return out->pop != NULL;
}

static void
sub_path(char out[NODE_PATH_MAX], const char *path, const char *key)
{
	snprintf(out, NODE_PATH_MAX, "%.40s.%s", path, key);
}

/* The line of a field, for a message about another one. */
static unsigned
line_of(const struct rules *c, const char *path, const char *key)
{
	char sub[NODE_PATH_MAX];

	sub_path(sub, path, key);
	return node_line(c->root, sub);
}

/* A field that must not be as with `other`, at the same POP. */
static void
complain_same(const struct rules *c, const struct claim *claim,
    const struct claim *other, const char *key, const char *advice)
{
	char sub[NODE_PATH_MAX];

	sub_path(sub, claim->path, key);
	rules_complain(c, sub, "is the same as in line %u: %s",
	    line_of(c, other->path, key), advice);
}

static bool
same_ip(const struct ip *a, const struct ip *b)
{
	return a->family != 0 && ip_cmp(a, b) == 0;
}

/* One address may be on many tunnels, a subnet on one. */
static bool
subnets_meet(const struct prefix *a, const struct prefix *b)
{
	return a->ip.family != 0 && b->ip.family != 0 &&
	       a->len < ip_bits(&a->ip) && b->len < ip_bits(&b->ip) &&
	       prefix_overlaps(a, b);
}

static void
check_pair(const struct rules *c, const struct claim *claim,
    const struct claim *before)
{
	bool is_link = strncmp(claim->path, "links", 5) == 0;

	if (claim->interface[0] != '\0' &&
	    strcmp(claim->interface, before->interface) == 0)
		complain_same(c, claim, before, "interface",
		    "one POP has a name for one interface");
	if (claim->port != 0 && claim->port == before->port)
		complain_same(c, claim, before, "port",
		    "on one POP each tunnel listens on a port of its own");
	if (subnets_meet(&claim->ipv4, &before->ipv4))
		complain_same(c, claim, before, "ipv4",
		    "on one POP each tunnel has a subnet of its own");
	if (subnets_meet(&claim->ipv6, &before->ipv6))
		complain_same(c, claim, before, "ipv6",
		    "on one POP each tunnel has a subnet of its own");
	if (is_link)
		return;
	if (same_ip(&claim->peer4, &before->peer4))
		complain_same(c, claim, before, "peer_ipv4",
		    "a POP has one BGP session with an address");
	if (same_ip(&claim->peer6, &before->peer6))
		complain_same(c, claim, before, "peer_ipv6",
		    "a POP has one BGP session with an address");
}

/* Does a derived link of that POP listen there? */
static void
check_mesh_port(const struct rules *c, const struct claim *claim)
{
	const struct network *net = c->net;
	char sub[NODE_PATH_MAX];

	for (size_t i = 0; i < net->n_pops; i++) {
		if (net->mesh.port_base + net->pops[i].id != claim->port ||
		    !network_derived(net, claim->pop, &net->pops[i]))
			continue;
		sub_path(sub, claim->path, "port");
		rules_complain(c, sub,
		    "%u is where the mesh's link to %s listens (mesh.port_base "
		    "and that POP's id)",
		    claim->port, net->pops[i].name);
	}
}

/* EdgeOS knows what an interface is by its name. */
static void
check_edgeos_name(const struct rules *c, const struct claim *claim)
{
	const char *digits = claim->interface + 2;
	char sub[NODE_PATH_MAX];

	if (claim->pop->platform != PLATFORM_EDGEOS ||
	    claim->interface[0] == '\0' ||
	    (strncmp(claim->interface, "wg", 2) == 0 && digits[0] != '\0' &&
		strspn(digits, "0123456789") == strlen(digits) &&
		strlen(digits) <= 3))
		return;
	sub_path(sub, claim->path, "interface");
	rules_complain(c, sub,
	    "'%s' is no name of a WireGuard interface on EdgeOS: wg0 to wg999",
	    claim->interface);
}

static void
check_claim(const struct rules *c, size_t i)
{
	struct claim claim, before;

	if (!claim_at(c->net, i, &claim))
		return;
	for (size_t b = 0; b < i; b++)
		if (claim_at(c->net, b, &before) && before.pop == claim.pop)
			check_pair(c, &claim, &before);
	check_mesh_port(c, &claim);
	check_edgeos_name(c, &claim);
}

static void
unknown_pop(const struct rules *c, const char *path, const char *name)
{
	char sub[NODE_PATH_MAX];

	if (name[0] == '\0' || network_pop(c->net, name) != NULL)
		return;
	sub_path(sub, path, "pop");
	rules_complain(c, sub, "'%s' is no POP of this file", name);
}

/* The two together; the pair is named by its first two ends. */
static void
check_link_ends(const struct rules *c, size_t i, const char *path)
{
	const struct network_link *link = &c->net->links[i];
	const struct network_end *a = &link->ends[0], *b = &link->ends[1];
	char sub[NODE_PATH_MAX];

	if (a->id != 0 && a->id == b->id) {
		snprintf(sub, sizeof(sub), "%.40s.ends[1].pop", path);
		rules_complain(
		    c, sub, "both ends are %s: a link has two POPs", a->pop);
	}
	if (a->ipv4.ip.family == 0 || b->ipv4.ip.family == 0)
		return;
	snprintf(sub, sizeof(sub), "%.40s.ends[1].ipv4", path);
	if (ip_cmp(&a->ipv4.ip, &b->ipv4.ip) == 0)
		rules_complain(c, sub, "is the other end's address as well");
	else if (a->ipv4.len != b->ipv4.len ||
		 !prefix_contains(&a->ipv4, &b->ipv4.ip))
		rules_complain(c, sub,
		    "does not lie in the subnet of the other end, line %u: "
		    "both have addresses of one subnet, with its length",
		    node_line(c->root, path));
}

static void
check_link(const struct rules *c, size_t i)
{
	const struct network_link *links = c->net->links, *link = &links[i];
	char path[NODE_PATH_MAX], end[NODE_PATH_MAX];
	uint16_t a = link->ends[0].id, b = link->ends[1].id;

	snprintf(path, sizeof(path), "links[%zu]", i);
	if (link->n_ends == 1) {
		sub_path(end, path, "ends");
		rules_complain(c, end, "has one entry: a link has two ends");
	}
	for (unsigned e = 0; e < link->n_ends; e++) {
		snprintf(end, sizeof(end), "%.40s.ends[%u]", path, e & 1U);
		unknown_pop(c, end, link->ends[e].pop);
	}
	check_link_ends(c, i, path);
	for (size_t before = 0; before < i && a != 0 && b != 0; before++) {
		const struct network_end *ends = links[before].ends;

		if ((ends[0].id != a || ends[1].id != b) &&
		    (ends[0].id != b || ends[1].id != a))
			continue;
		snprintf(end, sizeof(end), "links[%zu]", before);
		rules_complain(c, path,
		    "is between the same two POPs as the one in line %u",
		    node_line(c->root, end));
		return;
	}
}

/* Our address on a tunnel and the peer's, of one family. */
static void
check_ends(const struct rules *c, const char *path, const char *key,
    const struct prefix *ours, const struct ip *theirs)
{
	char sub[NODE_PATH_MAX];

	if (ours->ip.family == 0 || theirs->family == 0)
		return;
	sub_path(sub, path, key);
	if (ip_cmp(&ours->ip, theirs) == 0)
		rules_complain(c, sub, "is our own address on the tunnel");
	else if (ours->len < ip_bits(&ours->ip) &&
		 !prefix_contains(ours, theirs))
		rules_complain(c, sub,
		    "does not lie in the subnet that we have on the tunnel; an "
		    "address of ours with the length %u needs none",
		    ip_bits(&ours->ip));
}

static void
check_ends6(const struct rules *c, const char *path)
{
	char ours[NODE_PATH_MAX], theirs[NODE_PATH_MAX];
	bool has_ours, has_theirs;

	sub_path(ours, path, "ipv6");
	sub_path(theirs, path, "peer_ipv6");
	has_ours = node_at(c->root, ours) != NULL;
	has_theirs = node_at(c->root, theirs) != NULL;
	if (has_ours && !has_theirs)
		rules_complain(c, theirs, "is missing: it goes with ipv6");
	if (has_theirs && !has_ours)
		rules_complain(c, ours, "is missing: it goes with peer_ipv6");
}

static void
check_remote(
    const struct rules *c, const char *path, const struct network_upstream *u)
{
	const struct network *net = c->net;
	char sub[NODE_PATH_MAX];
	struct ip ip;

	sub_path(sub, path, "asn");
	if (u->asn != 0 && u->asn == net->asn)
		rules_complain(c, sub, "is our own: a peering is with another");
	sub_path(sub, path, "public_key");
	for (size_t i = 0; i < net->n_pops; i++)
		if (!wgkey_is_zero(&u->public_key) &&
		    wgkey_equal(&u->public_key, &net->pops[i].public_key))
			rules_complain(c, sub,
			    "is that of our POP %s, not the peer's",
			    net->pops[i].name);
	if (ip_parse(&ip, u->host, strlen(u->host)) != 0)
		return;
	sub_path(sub, path, "endpoint");
	for (size_t i = 0; i < net->prefixes.n; i++)
		if (prefix_contains(&net->prefixes.list[i], &ip))
			rules_complain(c, sub,
			    "%s lies in network.prefixes: the tunnel would "
			    "lead through itself",
			    u->host);
}

static void
check_upstream(const struct rules *c, size_t i)
{
	const struct network_upstream *u = &c->net->upstreams[i];
	const struct network_pop *pop = network_pop(c->net, u->pop);
	char path[NODE_PATH_MAX], sub[NODE_PATH_MAX];

	snprintf(path, sizeof(path), "peerings[%zu]", i);
	if (node_at(c->root, path)->kind != NODE_MAP)
		return;
	unknown_pop(c, path, u->pop);
	if (pop != NULL && pop->platform != PLATFORM_EDGEOS) {
		sub_path(sub, path, "pop");
		rules_complain(c, sub,
		    "%s has an agent: make its peerings there (meetme as "
		    "operator, or a visitor); here stand those of 'platform: "
		    "edgeos'",
		    pop->name);
	}
	check_remote(c, path, u);
	check_ends(c, path, "peer_ipv4", &u->ipv4, &u->peer_ipv4);
	check_ends(c, path, "peer_ipv6", &u->ipv6, &u->peer_ipv6);
	check_ends6(c, path);
}

/* The rules of a POP's firewall are counted up from the first. */
static void
check_rules(const struct rules *c, size_t i)
{
	const struct network_pop *pop = &c->net->pops[i];
	char path[NODE_PATH_MAX];
	struct claim claim;
	size_t n = 0;

	if (pop->platform != PLATFORM_EDGEOS)
		return;
	for (size_t k = 0; k < claims_count(c->net); k++)
		n += claim_at(c->net, k, &claim) && claim.pop == pop;
	rules_pop_path(path, i, "firewall_rule");
	if (pop->firewall_rule + n > NETWORK_RULES_MAX + 1)
		rules_complain(c, path,
		    "%u leaves no room for %zu rules, the last of which is %u",
		    pop->firewall_rule, n, NETWORK_RULES_MAX);
}

void
rules_given(const struct rules *c)
{
	for (size_t i = 0; i < c->net->n_links; i++)
		check_link(c, i);
	for (size_t i = 0; i < c->net->n_upstreams; i++)
		check_upstream(c, i);
	for (size_t i = 0; i < claims_count(c->net); i++)
		check_claim(c, i);
	for (size_t i = 0; i < c->net->n_pops; i++)
		check_rules(c, i);
}
