#include "peering/peering.h"

#include <string.h>

#include "peering/ports.h"

#define PORT_MIN   1024
#define PORT_FIRST 50000 /* where the search for a free one begins */

void
port_set_add(struct port_set *s, uint32_t port)
{
	if (port <= PORT_MAX)
		s->bits[port / 8] |= (uint8_t)(1U << port % 8);
}

bool
port_set_has(const struct port_set *s, uint32_t port)
{
	return port <= PORT_MAX && (s->bits[port / 8] >> port % 8 & 1) != 0;
}

/* Where POPs may come to listen that the network does not have yet. */
static bool
is_mesh(const struct network *net, uint32_t port)
{
	uint32_t base = net->mesh.port_base;

	return port > base && port <= base + NETWORK_POPS_MAX;
}

static uint32_t
free_id(const struct peering *all, size_t n)
{
	struct port_set ids = { 0 }; /* they have the same range */

	for (size_t i = 0; i < n; i++)
		port_set_add(&ids, all[i].id);
	for (uint32_t id = 1; id <= PEERING_ID_MAX; id++)
		if (!port_set_has(&ids, id))
			return id;
	return 0;
}

/*
 * The port that the operator's rule gives. With a base he chose the range
 * himself, so that only ports which are in use are kept from it.
 */
static uint32_t
wanted_port(const struct network *net, uint32_t asn, uint32_t id)
{
	const struct network_peering *rule = &net->peering;
	uint32_t port;

	if (rule->ports == PORTS_BASE)
		return rule->port_base + id;
	port = asn % 100000;
	return is_mesh(net, port) ? 0 : port;
}

/* Ports of our own: the SSH service's, and those of links. */
static void
add_own(struct port_set *s, const struct peering_rules *rules)
{
	const struct network *net = rules->net;

	port_set_add(s, net->peering.listen_port);
	for (size_t i = 0; i < net->n_pops; i++)
		port_set_add(
		    s, (uint32_t)net->mesh.port_base + net->pops[i].id);
	for (size_t i = 0; i < net->n_links; i++)
		for (unsigned e = 0; e < 2; e++)
			if (net->links[i].ends[e].id == rules->pop->id)
				port_set_add(s, net->links[i].ends[e].port);
}

static bool
may_have(const struct port_set *used, uint32_t wanted)
{
	return wanted >= PORT_MIN && wanted <= PORT_MAX &&
	       !port_set_has(used, wanted);
}

static uint32_t
free_port(const struct peering_rules *rules, const struct peering *all,
    size_t n, uint32_t wanted)
{
	const struct network *net = rules->net;
	struct port_set ports = { 0 };

	add_own(&ports, rules);
	for (size_t i = 0; i < n; i++)
		port_set_add(&ports, all[i].listen_port);
	if (may_have(&ports, wanted))
		return wanted;
	for (uint32_t port = PORT_FIRST; port <= PORT_MAX; port++)
		if (!port_set_has(&ports, port) && !is_mesh(net, port))
			return port;
	return 0;
}

/* What the rule gives. True if some peering gets none of these. */
static bool
add_wanted(
    struct port_set *out, const struct network *net, const struct port_set *own)
{
	bool lacks = false;

	if (net->peering.ports == PORTS_ASN) {
		for (uint32_t port = PORT_MIN; port <= PORT_MAX; port++)
			if (!port_set_has(own, port) && !is_mesh(net, port))
				port_set_add(out, port);
		return true;
	}
	for (uint32_t id = 1; id <= PEERING_MAX; id++) {
		uint32_t port = wanted_port(net, 0, id);

		if (may_have(own, port))
			port_set_add(out, port);
		else
			lacks = true;
	}
	return lacks;
}

/*
 * The search for a free port goes past one only where a peering has it, so it
 * comes to no more of them than there are peerings.
 */
void
peering_ports(struct port_set *out, const struct peering_rules *rules)
{
	const struct network *net = rules->net;
	struct port_set own = { 0 };
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	add_own(&own, rules);
	if (!add_wanted(out, net, &own))
		return;
	for (uint32_t port = PORT_FIRST; port <= PORT_MAX; port++) {
		if (port_set_has(&own, port) || is_mesh(net, port))
			continue;
		port_set_add(out, port);
		if (++n == PEERING_MAX)
			break;
	}
}

int
peering_allocate(struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f)
{
	uint32_t id = 0, port = 0;

	if (n < PEERING_MAX)
		id = free_id(all, n);
	if (id != 0)
		port = free_port(
		    rules, all, n, wanted_port(rules->net, p->asn, id));
	if (port == 0)
		return fault_set(f, FAULT_LIMIT, NULL,
		    "this POP is full: it has %zu peerings; try another one",
		    n);
	p->id = id;
	p->listen_port = (uint16_t)port;
	return 0;
}
