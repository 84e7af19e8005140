#include "peering/peering.h"

#include <string.h>

#define PORT_MIN   1024
#define PORT_FIRST 50000 /* where the search for a free one begins */
#define PORT_MAX   65535

struct used {
	uint8_t bits[(PORT_MAX + 1) / 8];
};

static void
use(struct used *u, uint32_t n)
{
	if (n <= PORT_MAX)
		u->bits[n / 8] |= (uint8_t)(1U << n % 8);
}

static bool
is_used(const struct used *u, uint32_t n)
{
	return (u->bits[n / 8] >> n % 8 & 1) != 0;
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
	struct used ids = { 0 };

	for (size_t i = 0; i < n; i++)
		use(&ids, all[i].id);
	for (uint32_t id = 1; id <= PEERING_ID_MAX; id++)
		if (!is_used(&ids, id))
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

static uint32_t
free_port(const struct peering_rules *rules, const struct peering *all,
    size_t n, uint32_t wanted)
{
	const struct network *net = rules->net;
	struct used ports = { 0 };

	use(&ports, net->peering.listen_port);
	for (size_t i = 0; i < net->n_pops; i++)
		use(&ports, (uint32_t)net->mesh.port_base + net->pops[i].id);
	for (size_t i = 0; i < net->n_links; i++)
		for (unsigned e = 0; e < 2; e++)
			if (net->links[i].ends[e].id == rules->pop->id)
				use(&ports, net->links[i].ends[e].port);
	for (size_t i = 0; i < n; i++)
		use(&ports, all[i].listen_port);
	if (wanted >= PORT_MIN && wanted <= PORT_MAX &&
	    !is_used(&ports, wanted))
		return wanted;
	for (uint32_t port = PORT_FIRST; port <= PORT_MAX; port++)
		if (!is_used(&ports, port) && !is_mesh(net, port))
			return port;
	return 0;
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
