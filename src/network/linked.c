#include "network/network.h"

/* Which POPs have links, and which of them are given. */

const struct network_link *
network_given(const struct network *net, const struct network_pop *a,
    const struct network_pop *b, unsigned *end)
{
	for (size_t i = 0; i < net->n_links; i++) {
		const struct network_link *link = &net->links[i];

		for (unsigned e = 0; e < 2; e++)
			if (a->id != 0 && link->ends[e].id == a->id &&
			    link->ends[1 - e].id == b->id) {
				*end = e;
				return link;
			}
	}
	return NULL;
}

bool
network_derived(const struct network *net, const struct network_pop *a,
    const struct network_pop *b)
{
	unsigned end;

	if (a->id == b->id || network_given(net, a, b, &end) != NULL)
		return false;
	switch (net->mesh.topology) {
	case TOPOLOGY_FULL:
		return true;
	case TOPOLOGY_HUBS:
		return a->hub || b->hub;
	case TOPOLOGY_NONE:
		break;
	}
	return false;
}

bool
network_linked(const struct network *net, const struct network_pop *a,
    const struct network_pop *b)
{
	return network_link_port(net, a, b) != 0;
}

uint16_t
network_link_port(const struct network *net, const struct network_pop *pop,
    const struct network_pop *other)
{
	unsigned end;
	const struct network_link *link = network_given(net, pop, other, &end);

	if (link != NULL)
		return link->ends[end].port;
	if (!network_derived(net, pop, other))
		return 0;
	return (uint16_t)(net->mesh.port_base + other->id);
}
