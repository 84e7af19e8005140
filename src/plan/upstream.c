#include <bsd/string.h>

#include "plan/mesh.h"

/* Also where its end of the tunnel is elsewhere: the session runs there. */
static void
allow_end(struct plan_tunnel *t, const struct ip *ip)
{
	const struct prefix p = { *ip, (uint8_t)ip_bits(ip) };

	if (ip->family != 0)
		tunnel_allow(t, &p);
}

static void
derive_tunnel(struct plan_tunnel *t, const struct network_upstream *u)
{
	strlcpy(t->ifname, u->interface, sizeof(t->ifname));
	t->asn = u->asn;
	t->listen_port = u->port;
	t->mtu = u->mtu;
	t->key = u->public_key;
	strlcpy(t->host, u->host, sizeof(t->host));
	t->port = u->host_port;
	t->keepalive = u->host[0] != '\0' ? PLAN_KEEPALIVE : 0;
	tunnel_allow_common(t);
	allow_end(t, &u->peer_ipv4);
	allow_end(t, &u->peer_ipv6);
	t->local = u->ipv6.ip;
	t->remote = u->peer_ipv6;
	t->len6 = u->ipv6.len;
	t->local4 = u->ipv4.ip;
	t->remote4 = u->peer_ipv4;
	t->len4 = u->ipv4.len;
	strlcpy(t->description, u->name, sizeof(t->description));
}

void
derive_upstreams(
    struct plan *plan, const struct network *net, const struct network_pop *pop)
{
	uint16_t rule = (uint16_t)(pop->firewall_rule + plan->n_tunnels);

	for (size_t i = 0; i < net->n_upstreams; i++) {
		const struct network_upstream *from = &net->upstreams[i];
		struct plan_upstream *u = &plan->upstreams[plan->n_upstreams];

		if (strcmp(from->pop, pop->name) != 0)
			continue;
		strlcpy(u->name, from->name, sizeof(u->name));
		derive_tunnel(&u->tunnel, from);
		u->tunnel.firewall_rule = rule++;
		u->import_limit = net->peering.import_limit;
		plan->n_upstreams++;
	}
}

bool
plan_has_upstream6(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_upstreams; i++)
		if (plan->upstreams[i].tunnel.local.family != 0)
			return true;
	return false;
}
