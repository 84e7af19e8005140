#include "network/network.h"

#include <bsd/string.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "network/rules.h"
#include "network/schema.h"
#include "network/value.h"

#define IN_NETWORK(member)  offsetof(struct network, member)
#define IN_MESH(member)	    offsetof(struct network, mesh.member)
#define IN_PEERING(member)  offsetof(struct network, peering.member)
#define IN_REGISTRY(member) offsetof(struct network, registry.member)
#define IN_POP(member)	    offsetof(struct network_pop, member)
#define IN_END(member)	    offsetof(struct network_end, member)
#define IN_LINK(member)	    offsetof(struct network_link, member)
#define IN_UPSTREAM(member) offsetof(struct network_upstream, member)

/* A value, one without a default, a list: key, place, reader. */
#define VALUE(name, where, reader)                           \
	{                                                    \
		.key = name, .offset = where, .read = reader \
	}
#define NEEDED(name, where, reader)                                            \
	{                                                                      \
		.key = name, .offset = where, .read = reader, .required = true \
	}
#define VALUES(name, where, reader, least)                               \
	{                                                                \
		.key = name, .shape = SHAPE_VALUES, .min = least,        \
		.max = NETWORK_LIST_MAX, .offset = where, .read = reader \
	}

static const struct field network_fields[] = {
	NEEDED("name", IN_NETWORK(name), value_name),
	NEEDED("asn", IN_NETWORK(asn), value_asn),
	{ .key = "prefixes",
	    .shape = SHAPE_VALUES,
	    .required = true,
	    .min = 1,
	    .max = NETWORK_LIST_MAX,
	    .offset = IN_NETWORK(prefixes),
	    .read = value_network_prefix },
	VALUE("region", IN_NETWORK(region), value_region),
	{ 0 },
};

static const struct field mesh_fields[] = {
	VALUE("topology", IN_MESH(topology), value_topology),
	{ .key = "hubs",
	    .shape = SHAPE_VALUES,
	    .min = 1,
	    .max = NETWORK_POPS_MAX,
	    .offset = IN_MESH(hubs),
	    .read = value_hub },
	VALUE("igp", IN_MESH(igp), value_igp),
	VALUE("port_base", IN_MESH(port_base), value_port_base),
	VALUE("mtu", IN_MESH(mtu), value_mtu),
	{ 0 },
};

static const struct field peering_fields[] = {
	VALUE("listen", IN_NETWORK(peering), value_listen),
	VALUE("motd", IN_PEERING(motd), value_file_name),
	VALUE("ports", IN_NETWORK(peering), value_ports),
	VALUE("link_local", IN_PEERING(link_local), value_link_local),
	VALUE(
	    "own_link_local", IN_PEERING(own_link_local), value_own_link_local),
	VALUES("endpoints", IN_NETWORK(peering), value_family, 1),
	VALUES("reserved", IN_PEERING(reserved), value_prefix, 0),
	VALUES("allow", IN_PEERING(allow), value_range, 0),
	VALUE("import_limit", IN_PEERING(import_limit), value_import_limit),
	VALUES("admin_keys", IN_PEERING(admin_keys), value_ssh_key, 0),
	{ 0 },
};

static const struct field policy_fields[] = {
	{ .key = "block",
	    .shape = SHAPE_VALUES,
	    .max = NETWORK_BLOCK_MAX,
	    .offset = IN_NETWORK(policy),
	    .read = value_blocked_asn },
	VALUE("latency_interval", IN_NETWORK(policy.latency_interval),
	    value_latency_interval),
	{ 0 },
};

static const struct field registry_fields[] = {
	NEEDED("url", IN_REGISTRY(url), value_url),
	VALUE("branch", IN_REGISTRY(branch), value_branch),
	VALUE("interval", IN_REGISTRY(interval), value_interval),
	{ 0 },
};

static const struct field pop_fields[] = {
	NEEDED("name", IN_POP(name), value_pop_name),
	NEEDED("id", IN_POP(id), value_id),
	NEEDED("endpoint", IN_POP(endpoint), value_endpoint),
	NEEDED("public_key", IN_POP(public_key), value_public_key),
	VALUE("ipv4", IN_POP(ipv4), value_ipv4),
	VALUE("ipv6", IN_POP(ipv6), value_ipv6),
	VALUE("country", IN_POP(country), value_country),
	VALUE("region", IN_POP(region), value_region),
	VALUE("bandwidth", IN_POP(bandwidth), value_bandwidth),
	VALUE("peering", IN_POP(peering), value_bool),
	VALUE("platform", IN_POP(platform), value_platform),
	VALUE("bird", IN_POP(bird), value_bird),
	VALUE("private_key", IN_POP(private_key), value_path),
	VALUE("firewall", IN_POP(firewall), value_ruleset),
	VALUE("firewall_rule", IN_POP(firewall_rule), value_rule),
	{ 0 },
};

static const struct field end_fields[] = {
	NEEDED("pop", IN_END(pop), value_pop_name),
	NEEDED("interface", IN_END(interface), value_ifname),
	NEEDED("ipv4", IN_END(ipv4), value_link4),
	NEEDED("port", IN_END(port), value_port),
	{ 0 },
};

/* The schema lets through no more than there is room for. */
static void *
append_end(void *dst)
{
	struct network_link *link = dst;

	return &link->ends[link->n_ends++];
}

static const struct field link_fields[] = {
	VALUE("description", IN_LINK(description), value_description),
	VALUE("mtu", IN_LINK(mtu), value_mtu),
	{ .key = "ends",
	    .shape = SHAPE_SECTIONS,
	    .required = true,
	    .min = 2,
	    .max = 2,
	    .fields = end_fields,
	    .append = append_end },
	{ 0 },
};

static const struct field upstream_fields[] = {
	NEEDED("pop", IN_UPSTREAM(pop), value_pop_name),
	NEEDED("asn", IN_UPSTREAM(asn), value_asn),
	NEEDED("name", IN_UPSTREAM(name), value_description),
	NEEDED("interface", IN_UPSTREAM(interface), value_ifname),
	NEEDED("public_key", IN_UPSTREAM(public_key), value_public_key),
	VALUE("endpoint", 0, value_host_port),
	NEEDED("port", IN_UPSTREAM(port), value_port),
	VALUE("mtu", IN_UPSTREAM(mtu), value_mtu),
	NEEDED("ipv4", IN_UPSTREAM(ipv4), value_tunnel4),
	NEEDED("peer_ipv4", IN_UPSTREAM(peer_ipv4), value_peer4),
	VALUE("ipv6", IN_UPSTREAM(ipv6), value_tunnel6),
	VALUE("peer_ipv6", IN_UPSTREAM(peer_ipv6), value_peer6),
	{ 0 },
};

static void *
append_pop(void *dst)
{
	struct network *net = dst;
	struct network_pop *pops =
	    reallocarray(net->pops, net->n_pops + 1, sizeof(*pops));

	if (pops == NULL)
		return NULL;
	net->pops = pops;
	pops[net->n_pops] = (struct network_pop){ .peering = true };
	return &pops[net->n_pops++];
}

static void *
append_link(void *dst)
{
	struct network *net = dst;
	struct network_link *links =
	    reallocarray(net->links, net->n_links + 1, sizeof(*links));

	if (links == NULL)
		return NULL;
	net->links = links;
	links[net->n_links] = (struct network_link){ 0 };
	return &links[net->n_links++];
}

static void *
append_upstream(void *dst)
{
	struct network *net = dst;
	struct network_upstream *list =
	    reallocarray(net->upstreams, net->n_upstreams + 1, sizeof(*list));

	if (list == NULL)
		return NULL;
	net->upstreams = list;
	list[net->n_upstreams] = (struct network_upstream){ 0 };
	return &list[net->n_upstreams++];
}

static const struct field file_fields[] = {
	{ .key = "network",
	    .shape = SHAPE_SECTION,
	    .required = true,
	    .fields = network_fields },
	{ .key = "mesh", .shape = SHAPE_SECTION, .fields = mesh_fields },
	{ .key = "peering", .shape = SHAPE_SECTION, .fields = peering_fields },
	{ .key = "policy", .shape = SHAPE_SECTION, .fields = policy_fields },
	{ .key = "registry",
	    .shape = SHAPE_SECTION,
	    .fields = registry_fields },
	{ .key = "pops",
	    .shape = SHAPE_SECTIONS,
	    .required = true,
	    .min = 1,
	    .max = NETWORK_POPS_MAX,
	    .fields = pop_fields,
	    .append = append_pop },
	{ .key = "links",
	    .shape = SHAPE_SECTIONS,
	    .max = NETWORK_LINKS_MAX,
	    .fields = link_fields,
	    .append = append_link },
	{ .key = "peerings",
	    .shape = SHAPE_SECTIONS,
	    .max = NETWORK_UPSTREAMS_MAX,
	    .fields = upstream_fields,
	    .append = append_upstream },
	{ 0 },
};

/*
 * The last four digits of the AS number, read as hexadecimal, as networks on
 * dn42 do by custom: fe80:263:: for AS4242420263.
 */
static uint16_t
asn_group(uint32_t asn)
{
	uint32_t n = asn % 10000, group = 0;

	for (unsigned shift = 0; n > 0; n /= 10, shift += 4)
		group |= n % 10 << shift;
	return (uint16_t)(group != 0 ? group : 1);
}

/* What no field has set. */
static void
set_defaults(struct network *net)
{
	struct network_peering *p = &net->peering;
	uint16_t group = asn_group(net->asn);
	uint8_t high = (uint8_t)(group >> 8), low = (uint8_t)group;

	if (net->mesh.port_base == 0)
		net->mesh.port_base = 51800;
	if (net->mesh.mtu == 0)
		net->mesh.mtu = 1420;
	if (p->listen_port == 0) {
		p->listen = (struct ip){ .family = 6 };
		p->listen_port = 4242;
	}
	if (p->link_local.family == 0)
		p->link_local = (struct ip){ 6, { 0xfe, 0x80, high, low } };
	if (p->own_link_local.family == 0)
		p->own_link_local =
		    (struct ip){ 6, { 0xfe, 0x80, [14] = high, [15] = low } };
	if (!p->ipv4 && !p->ipv6)
		p->ipv4 = p->ipv6 = true;
	if (net->policy.latency_interval == 0)
		net->policy.latency_interval = 60;
	if (net->registry.interval == 0)
		net->registry.interval = 600;
	if (p->import_limit == 0)
		p->import_limit = 9000;
}

/* The same of the parts that the platforms have. */
static void
set_platform_defaults(struct network *net)
{
	for (size_t i = 0; i < net->n_pops; i++) {
		struct network_pop *pop = &net->pops[i];

		if (pop->platform != PLATFORM_EDGEOS)
			continue;
		if (pop->firewall[0] == '\0')
			strlcpy(
			    pop->firewall, "WAN_LOCAL", sizeof(pop->firewall));
		if (pop->firewall_rule == 0)
			pop->firewall_rule = 25;
	}
	for (size_t i = 0; i < net->n_links; i++)
		if (net->links[i].mtu == 0)
			net->links[i].mtu = net->mesh.mtu;
	for (size_t i = 0; i < net->n_upstreams; i++)
		if (net->upstreams[i].mtu == 0)
			net->upstreams[i].mtu = 1420;
}

/* A link's ends are looked up often: by number, not by name. */
static void
find_ends(struct network *net)
{
	for (size_t i = 0; i < net->n_links; i++)
		for (size_t e = 0; e < net->links[i].n_ends; e++) {
			struct network_end *end = &net->links[i].ends[e];
			const struct network_pop *pop =
			    network_pop(net, end->pop);

			end->id = pop != NULL ? pop->id : 0;
		}
}

static void
mark_hubs(struct network *net)
{
	for (size_t i = 0; i < net->n_pops; i++)
		for (size_t h = 0; h < net->mesh.hubs.n; h++)
			if (strcmp(net->pops[i].name, net->mesh.hubs.list[h]) ==
			    0)
				net->pops[i].hub = true;
}

int
network_parse(struct network **out, const char *text, size_t len,
    struct network_problems *problems)
{
	struct network *net = NULL;
	struct node *root = NULL;
	int rc;

	problems->n = 0;
	rc = node_parse(&root, text, len, problems);
	if (rc != 0)
		goto out;
	rc = FAULT_SYSTEM;
	net = calloc(1, sizeof(*net));
	if (net == NULL || schema_read(file_fields, root, net, problems) != 0)
		goto out;
	set_defaults(net);
	set_platform_defaults(net);
	find_ends(net);
	mark_hubs(net);
	rules_check(net, root, problems);
	rc = FAULT_INVALID;
	if (problems->n > 0)
		goto out;
	*out = net;
	net = NULL;
	rc = 0;
out:
	problem_sort(problems);
	network_free(net);
	node_free(root);
	return rc;
}

int
network_load(
    struct network **out, const char *path, struct network_problems *problems)
{
	char *text = NULL;
	size_t len;
	int rc;

	problems->n = 0;
	rc = file_read(path, NETWORK_FILE_MAX, &text, &len);
	if (rc == -ENOMEM)
		return FAULT_SYSTEM;
	if (rc == 0) {
		rc = network_parse(out, text, len, problems);
		free(text);
		return rc;
	}
	if (rc == -EFBIG)
		problem_add(problems, 0, "", "is larger than %u bytes",
		    NETWORK_FILE_MAX);
	else if (rc == -EINVAL)
		problem_add(problems, 0, "", "is no regular file");
	else
		problem_add(
		    problems, 0, "", "cannot be read: %s", strerror(-rc));
	return FAULT_INVALID;
}

int
network_check_value(const char *field, const char *text, struct fault *f)
{
	const struct field *known = schema_field(file_fields, field);
	struct network *net = calloc(1, sizeof(*net));
	char *dst = (char *)net;
	int rc = FAULT_SYSTEM;

	if (net == NULL || known == NULL || known->read == NULL ||
	    strncmp(field, "links.", 6) == 0 ||
	    strncmp(field, "peerings.", 9) == 0)
		goto out;
	if (strncmp(field, "pops.", 5) == 0)
		dst = append_pop(net);
	if (dst != NULL)
		rc = known->read(dst + known->offset, text, strlen(text), f);
out:
	if (rc == FAULT_SYSTEM)
		fault_set(f, rc, NULL, "no memory, or no such field");
	network_free(net);
	return rc;
}

static void
strings_free(struct network_strings *strings)
{
	for (size_t i = 0; i < strings->n; i++)
		free(strings->list[i]);
	free(strings->list);
}

void
network_free(struct network *net)
{
	if (net == NULL)
		return;
	free(net->prefixes.list);
	free(net->peering.reserved.list);
	strings_free(&net->mesh.hubs);
	strings_free(&net->peering.allow);
	strings_free(&net->peering.admin_keys);
	free(net->pops);
	free(net->links);
	free(net->upstreams);
	free(net);
}

const struct network_pop *
network_pop(const struct network *net, const char *name)
{
	for (size_t i = 0; i < net->n_pops; i++)
		if (strcmp(net->pops[i].name, name) == 0)
			return &net->pops[i];
	return NULL;
}

const struct network_pop *
network_pop_by_key(const struct network *net, const struct wgkey *public_key)
{
	for (size_t i = 0; i < net->n_pops; i++)
		if (wgkey_equal(&net->pops[i].public_key, public_key))
			return &net->pops[i];
	return NULL;
}
