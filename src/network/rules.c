#include "network/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
	const struct network *net;
	const struct node *root;
	struct network_problems *problems;
};

/* A problem of the field `path`, whose line the tree knows. */
static void complain(const struct check *c, const char *path, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
complain(const struct check *c, const char *path, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	problem_add(c->problems, node_line(c->root, path), path, "%s", text);
}

static void
pop_path(char out[NODE_PATH_MAX], size_t i, const char *key)
{
	snprintf(out, NODE_PATH_MAX, "pops[%zu]%s%s", i, *key ? "." : "", key);
}

static unsigned
pop_line(const struct check *c, size_t i, const char *key)
{
	char path[NODE_PATH_MAX];

	pop_path(path, i, key);
	return node_line(c->root, path);
}

static void
check_same(const struct check *c, size_t i, size_t before, const char *key,
    bool same, const char *advice)
{
	char path[NODE_PATH_MAX];

	if (!same)
		return;
	pop_path(path, i, key);
	complain(c, path, "is the same as in line %u: %s",
	    pop_line(c, before, key), advice);
}

static void
check_overlap(const struct check *c, size_t i, size_t before, const char *key,
    const struct prefix *mine, const struct prefix *other)
{
	char path[NODE_PATH_MAX], a[PREFIX_TEXT_MAX], b[PREFIX_TEXT_MAX];

	if (mine->ip.family == 0 || other->ip.family == 0 ||
	    !prefix_overlaps(mine, other))
		return;
	pop_path(path, i, key);
	complain(c, path,
	    "%s overlaps %s in line %u: each POP has a subnet of its own",
	    prefix_text(mine, a), prefix_text(other, b),
	    pop_line(c, before, key));
}

/* POP `i` against one that stands before it. */
static void
check_pair(const struct check *c, size_t i, size_t before)
{
	const struct network_pop *a = &c->net->pops[i];
	const struct network_pop *b = &c->net->pops[before];

	check_same(c, i, before, "name",
	    a->name[0] != '\0' && strcmp(a->name, b->name) == 0,
	    "each POP has a name of its own");
	check_same(c, i, before, "id", a->id != 0 && a->id == b->id,
	    "each POP has a number of its own, which never changes");
	check_same(c, i, before, "public_key",
	    !wgkey_is_zero(&a->public_key) &&
		wgkey_equal(&a->public_key, &b->public_key),
	    "each POP has a key of its own");
	check_overlap(c, i, before, "ipv4", &a->ipv4, &b->ipv4);
	check_overlap(c, i, before, "ipv6", &a->ipv6, &b->ipv6);
}

/* Without any readable prefix nothing can be said about a subnet. */
static void
check_inside(const struct check *c, size_t i, const char *key,
    const struct prefix *subnet)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	char path[NODE_PATH_MAX], text[PREFIX_TEXT_MAX];

	if (subnet->ip.family == 0 || prefixes->n == 0)
		return;
	for (size_t i_p = 0; i_p < prefixes->n; i_p++)
		if (prefix_covers(&prefixes->list[i_p], subnet))
			return;
	pop_path(path, i, key);
	complain(c, path, "%s lies in none of network.prefixes",
	    prefix_text(subnet, text));
}

/* A tunnel to an address that is itself behind the tunnels never comes up. */
static void
check_endpoint(const struct check *c, size_t i)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	const char *endpoint = c->net->pops[i].endpoint;
	char path[NODE_PATH_MAX];
	struct ip ip;

	if (ip_parse(&ip, endpoint, strlen(endpoint)) != 0)
		return;
	pop_path(path, i, "endpoint");
	for (size_t n = 0; n < prefixes->n; n++) {
		if (!prefix_contains(&prefixes->list[n], &ip))
			continue;
		complain(c, path,
		    "%s lies in network.prefixes: tunnels would lead through "
		    "themselves; give the address on the Internet",
		    endpoint);
		return;
	}
}

static void
check_pop(const struct check *c, size_t i)
{
	const struct network_pop *pop = &c->net->pops[i];
	char path[NODE_PATH_MAX], path4[NODE_PATH_MAX], path6[NODE_PATH_MAX];

	pop_path(path, i, "");
	pop_path(path4, i, "ipv4");
	pop_path(path6, i, "ipv6");
	if (node_at(c->root, path) == NULL ||
	    node_at(c->root, path)->kind != NODE_MAP)
		return;
	if (node_at(c->root, path4) == NULL && node_at(c->root, path6) == NULL)
		complain(c, path,
		    "has no address: give ipv4, ipv6 or both, each with the "
		    "length of the POP's subnet");
	check_inside(c, i, "ipv4", &pop->ipv4);
	check_inside(c, i, "ipv6", &pop->ipv6);
	check_endpoint(c, i);
}

static void
check_prefixes(const struct check *c)
{
	const struct network_prefixes *prefixes = &c->net->prefixes;
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 1; i < prefixes->n; i++)
		for (size_t j = 0; j < i; j++)
			if (prefix_cmp(
				&prefixes->list[i], &prefixes->list[j]) == 0)
				complain(c, "network.prefixes",
				    "names %s twice",
				    prefix_text(&prefixes->list[i], text));
}

/* Ours with a visitor's own address must be none that a tunnel is given. */
static void
check_link_local(const struct check *c)
{
	const struct ip *own = &c->net->peering.own_link_local;
	const struct prefix given = { c->net->peering.link_local, 96 };
	unsigned group = (unsigned)own->byte[12] << 8 | own->byte[13];
	char text[IP_TEXT_MAX];

	if (given.ip.family == 6 && prefix_contains(&given, own) &&
	    (group == 1 || group == 2))
		complain(c, "peering.own_link_local",
		    "%s is one of the addresses that peering.link_local gives "
		    "to tunnels: take another",
		    ip_text(own, text));
}

/* The mesh listens on port_base + 1 up to port_base + the highest id. */
static void
check_ports(const struct check *c)
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
		complain(c, "peering.ports",
		    "%u lies among the mesh's ports %u to %u: take one from %u "
		    "on, or move mesh.port_base",
		    peering->port_base, mesh->port_base + 1U, last, last);
}

void
rules_check(const struct network *net, const struct node *root,
    struct network_problems *problems)
{
	const struct check c = { net, root, problems };

	check_prefixes(&c);
	check_link_local(&c);
	check_ports(&c);
	for (size_t i = 0; i < net->n_pops; i++) {
		check_pop(&c, i);
		for (size_t before = 0; before < i; before++) {
			if (problems->n == NETWORK_PROBLEMS_MAX)
				return;
			check_pair(&c, i, before);
		}
	}
}
