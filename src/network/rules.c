#include "network/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
rules_complain(const struct rules *c, const char *path, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	problem_add(c->problems, node_line(c->root, path), path, "%s", text);
}

void
rules_pop_path(char out[NODE_PATH_MAX], size_t i, const char *key)
{
	snprintf(out, NODE_PATH_MAX, "pops[%zu]%s%s", i, *key ? "." : "", key);
}

static unsigned
pop_line(const struct rules *c, size_t i, const char *key)
{
	char path[NODE_PATH_MAX];

	rules_pop_path(path, i, key);
	return node_line(c->root, path);
}

static bool
same_name(const struct network_pop *a, const struct network_pop *b)
{
	return a->name[0] != '\0' && strcmp(a->name, b->name) == 0;
}

static bool
same_id(const struct network_pop *a, const struct network_pop *b)
{
	return a->id != 0 && a->id == b->id;
}

static bool
same_key(const struct network_pop *a, const struct network_pop *b)
{
	return !wgkey_is_zero(&a->public_key) &&
	       wgkey_equal(&a->public_key, &b->public_key);
}

/* What no two POPs share. */
static const struct {
	const char *key;
	bool (*same)(const struct network_pop *a, const struct network_pop *b);
	const char *advice;
} unique[] = {
	{ "name", same_name, "each POP has a name of its own" },
	{ "id", same_id,
	    "each POP has a number of its own, which never changes" },
	{ "public_key", same_key, "each POP has a key of its own" },
};

/* The first POP before `i` that is the same is told, not all of them. */
static void
check_unique(const struct rules *c, size_t i)
{
	const struct network_pop *pops = c->net->pops;
	char path[NODE_PATH_MAX];

	for (size_t k = 0; k < sizeof(unique) / sizeof(unique[0]); k++) {
		size_t before = 0;

		while (before < i && !unique[k].same(&pops[i], &pops[before]))
			before++;
		if (before == i)
			continue;
		rules_pop_path(path, i, unique[k].key);
		rules_complain(c, path, "is the same as in line %u: %s",
		    pop_line(c, before, unique[k].key), unique[k].advice);
	}
}

static const struct prefix *
pop_subnet(const struct network_pop *pop, int family)
{
	return family == 4 ? &pop->ipv4 : &pop->ipv6;
}

static void
check_overlap(const struct rules *c, size_t i, int family)
{
	const struct prefix *mine = pop_subnet(&c->net->pops[i], family);
	const char *key = family == 4 ? "ipv4" : "ipv6";
	char path[NODE_PATH_MAX], a[PREFIX_TEXT_MAX], b[PREFIX_TEXT_MAX];

	if (mine->ip.family == 0)
		return;
	for (size_t before = 0; before < i; before++) {
		const struct prefix *other =
		    pop_subnet(&c->net->pops[before], family);

		if (other->ip.family == 0 || !prefix_overlaps(mine, other))
			continue;
		rules_pop_path(path, i, key);
		rules_complain(c, path,
		    "%s overlaps %s in line %u: each POP has a subnet of its "
		    "own",
		    prefix_text(mine, a), prefix_text(other, b),
		    pop_line(c, before, key));
		return;
	}
}

/* Without any readable prefix nothing can be said about a subnet. */
static void
check_inside(const struct rules *c, size_t i, const char *key,
    const struct prefix *subnet)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	char path[NODE_PATH_MAX], text[PREFIX_TEXT_MAX];

	if (subnet->ip.family == 0 || prefixes->n == 0)
		return;
	for (size_t i_p = 0; i_p < prefixes->n; i_p++)
		if (prefix_covers(&prefixes->list[i_p], subnet))
			return;
	rules_pop_path(path, i, key);
	rules_complain(c, path, "%s lies in none of network.prefixes",
	    prefix_text(subnet, text));
}

/* A tunnel to an address that is itself behind the tunnels never comes up. */
static void
check_endpoint(const struct rules *c, size_t i)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	const char *endpoint = c->net->pops[i].endpoint;
	char path[NODE_PATH_MAX];
	struct ip ip;

	if (ip_parse(&ip, endpoint, strlen(endpoint)) != 0)
		return;
	rules_pop_path(path, i, "endpoint");
	for (size_t n = 0; n < prefixes->n; n++) {
		if (!prefix_contains(&prefixes->list[n], &ip))
			continue;
		rules_complain(c, path,
		    "%s lies in network.prefixes: tunnels would lead through "
		    "themselves; give the address on the Internet",
		    endpoint);
		return;
	}
}

static void
check_pop(const struct rules *c, size_t i)
{
	const struct network_pop *pop = &c->net->pops[i];
	char path[NODE_PATH_MAX], path4[NODE_PATH_MAX], path6[NODE_PATH_MAX];

	rules_pop_path(path, i, "");
	rules_pop_path(path4, i, "ipv4");
	rules_pop_path(path6, i, "ipv6");
	if (node_at(c->root, path) == NULL ||
	    node_at(c->root, path)->kind != NODE_MAP)
		return;
	if (node_at(c->root, path4) == NULL && node_at(c->root, path6) == NULL)
		rules_complain(c, path,
		    "has no address: give ipv4, ipv6 or both, each with the "
		    "length of the POP's subnet");
	check_inside(c, i, "ipv4", &pop->ipv4);
	check_inside(c, i, "ipv6", &pop->ipv6);
	check_endpoint(c, i);
}

static void
check_prefixes(const struct rules *c)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 1; i < prefixes->n; i++)
		for (size_t j = 0; j < i; j++)
			if (prefix_cmp(
				&prefixes->list[i], &prefixes->list[j]) == 0)
				rules_complain(c, "network.prefixes",
				    "names %s twice",
				    prefix_text(&prefixes->list[i], text));
}

/* Ours with a visitor's own address must be none that a tunnel is given. */
static void
check_link_local(const struct rules *c)
{
	const struct ip *own = &c->net->peering.own_link_local;
	const struct prefix given = { c->net->peering.link_local, 96 };
	unsigned group = (unsigned)own->byte[12] << 8 | own->byte[13];
	char text[IP_TEXT_MAX];

	if (given.ip.family == 6 && prefix_contains(&given, own) &&
	    (group == 1 || group == 2))
		rules_complain(c, "peering.own_link_local",
		    "%s is one of the addresses that peering.link_local gives "
		    "to tunnels: take another",
		    ip_text(own, text));
}

/* The mesh listens on port_base + 1 up to port_base + the highest id. */
static void
check_ports(const struct rules *c)
{
	const struct network_mesh *mesh = &c->net->mesh;
	const struct network_peering *peering = &c->net->peering;
	unsigned last, highest = 0;

	for (size_t i = 0; i < c->net->n_pops; i++)
		if (c->net->pops[i].id > highest)
			highest = c->net->pops[i].id;
	last = mesh->port_base + highest;
	if (c->net->n_pops < 2 || mesh->topology == TOPOLOGY_NONE)
		return;
	if (peering->ports == PORTS_BASE && peering->port_base + 1U <= last &&
	    peering->port_base >= mesh->port_base)
		rules_complain(c, "peering.ports",
		    "%u lies among the mesh's ports %u to %u: take one from %u "
		    "on, or move mesh.port_base",
		    peering->port_base, mesh->port_base + 1U, last, last);
}

static void
check_hubs(const struct rules *c)
{
	const struct network_mesh *mesh = &c->net->mesh;
	char path[NODE_PATH_MAX];

	if (mesh->topology == TOPOLOGY_HUBS && mesh->hubs.n == 0 &&
	    node_at(c->root, "mesh.hubs") == NULL)
		rules_complain(c, "mesh.topology",
		    "'hubs' needs mesh.hubs, a list of the POPs that all "
		    "others are linked to");
	if (mesh->topology != TOPOLOGY_HUBS &&
	    node_at(c->root, "mesh.hubs") != NULL)
		rules_complain(
		    c, "mesh.hubs", "goes with 'topology: hubs' only");
	for (size_t i = 0; i < mesh->hubs.n; i++) {
		const char *hub = mesh->hubs.list[i];
		size_t before = 0;

		snprintf(path, sizeof(path), "mesh.hubs[%zu]", i);
		while (strcmp(mesh->hubs.list[before], hub) != 0)
			before++;
		if (before != i)
			rules_complain(c, path, "names %s twice", hub);
		else if (network_pop(c->net, hub) == NULL)
			rules_complain(
			    c, path, "'%s' is no POP of this file", hub);
	}
}

static bool
lacks(const struct rules *c, size_t i, const char *family)
{
	char path[NODE_PATH_MAX];

	rules_pop_path(path, i, family);
	return node_at(c->root, path) == NULL;
}

/* iBGP of derived links runs between loopbacks, of a family in common. */
static void
check_family(const struct rules *c, size_t i)
{
	const struct network_pop *pops = c->net->pops;
	bool no4 = lacks(c, i, "ipv4"), no6 = lacks(c, i, "ipv6");
	char path[NODE_PATH_MAX];

	for (size_t b = 0; b < i && no4 != no6; b++) {
		if (lacks(c, b, "ipv4") != no6 || lacks(c, b, "ipv6") != no4 ||
		    !network_derived(c->net, &pops[b], &pops[i]))
			continue;
		rules_pop_path(path, i, "");
		rules_complain(c, path,
		    "has no %s, and the POP in line %u no %s: there can be no "
		    "iBGP between them; give all POPs ipv6, or all ipv4",
		    no4 ? "ipv4" : "ipv6", pop_line(c, b, ""),
		    no4 ? "ipv6" : "ipv4");
		return;
	}
}

void
rules_check(const struct network *net, const struct node *root,
    struct network_problems *problems)
{
	const struct rules c = { net, root, problems };

	check_prefixes(&c);
	check_link_local(&c);
	check_ports(&c);
	check_hubs(&c);
	for (size_t i = 0; i < net->n_pops; i++) {
		check_pop(&c, i);
		check_family(&c, i);
		check_unique(&c, i);
		check_overlap(&c, i, 4);
		check_overlap(&c, i, 6);
		rules_platform(&c, i);
	}
	rules_given(&c);
}
