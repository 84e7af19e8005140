#include "network/rules.h"

static bool
has(const struct rules *c, size_t i, const char *key)
{
	char path[NODE_PATH_MAX];

	rules_pop_path(path, i, key);
	return node_at(c->root, path) != NULL;
}

/* A key that the other platform has. */
static void
refuse_key(const struct rules *c, size_t i, const char *key, const char *why)
{
	char path[NODE_PATH_MAX];

	rules_pop_path(path, i, key);
	if (has(c, i, key))
		rules_complain(c, path, "%s", why);
}

static const char *
platform_name(const struct network_pop *pop)
{
	return pop->platform == PLATFORM_EDGEOS ? "EdgeOS" : "BIRD 1.6";
}

/* The mesh's links have IPv6 and an IGP that neither of the two speaks. */
static void
refuse_mesh(const struct rules *c, size_t i)
{
	static const char *const igps[] = { "babel", "ospf", "no IGP" };
	const struct network *net = c->net;
	const struct network_pop *pop = &net->pops[i];
	char path[NODE_PATH_MAX];

	rules_pop_path(
	    path, i, pop->platform == PLATFORM_EDGEOS ? "platform" : "bird");
	for (size_t o = 0; o < net->n_pops; o++) {
		if (!network_derived(net, pop, &net->pops[o]))
			continue;
		rules_complain(c, path,
		    "the mesh gives it a link to %s with %s, which %s cannot "
		    "have: give that link in 'links', or have 'topology: none'",
		    net->pops[o].name, igps[net->mesh.igp], platform_name(pop));
		return;
	}
}

static void
refuse_visitors(const struct rules *c, size_t i)
{
	const struct network_pop *pop = &c->net->pops[i];
	char path[NODE_PATH_MAX];

	if (!pop->peering)
		return;
	rules_pop_path(path, i, "peering");
	rules_complain(c, path,
	    pop->platform == PLATFORM_EDGEOS
		? "must be false: meetmed does not run on EdgeOS, so visitors "
		  "cannot connect there; its peerings stand in 'peerings'"
		: "must be false: visitors' sessions carry both families at "
		  "once, which BIRD 1.6 cannot");
}

static void
check_edgeos(const struct rules *c, size_t i)
{
	char path[NODE_PATH_MAX];

	refuse_key(c, i, "bird", "goes with 'platform: debian' only");
	rules_pop_path(path, i, "private_key");
	if (!has(c, i, "private_key"))
		rules_complain(c, path,
		    "is missing: 'platform: edgeos' needs the path of the key "
		    "on that machine, such as /config/auth/wg.key");
	refuse_mesh(c, i);
	refuse_visitors(c, i);
}

static void
check_debian(const struct rules *c, size_t i)
{
	static const char only[] = "goes with 'platform: edgeos' only";

	refuse_key(c, i, "private_key",
	    "goes with 'platform: edgeos' only: meetmed reads wg.key beside "
	    "the network file");
	refuse_key(c, i, "firewall", only);
	refuse_key(c, i, "firewall_rule", only);
	if (c->net->pops[i].bird != BIRD_1_6)
		return;
	refuse_key(c, i, "ipv6",
	    "cannot be where BIRD is 1.6: a daemon of that version has one "
	    "family, and here it is IPv4");
	refuse_mesh(c, i);
	refuse_visitors(c, i);
}

void
rules_platform(const struct rules *c, size_t i)
{
	char path[NODE_PATH_MAX];
	const struct node *pop;

	rules_pop_path(path, i, "");
	pop = node_at(c->root, path);
	if (pop == NULL || pop->kind != NODE_MAP)
		return;
	if (c->net->pops[i].platform == PLATFORM_EDGEOS)
		check_edgeos(c, i);
	else
		check_debian(c, i);
}
