#include "render/peer.h"

#include <errno.h>
#include <string.h>

#include "render/text.h"

void
render_peer_ifname(char buf[PLAN_IFNAME_MAX], const struct peering_rules *rules)
{
	snprintf(buf, PLAN_IFNAME_MAX, "wg-%.12s", rules->pop->name);
}

/*
 * The address is added by hand after the link is up: before, the kernel drops
 * the route to the other end when the link comes up. BIRD makes the routes.
 */
static void
render_interface(FILE *f, const struct peering *p, const struct network *net)
{
	struct ip ours = peering_our_ip(p, net);
	struct ip theirs = peering_their_ip(p, net);
	char local[IP_TEXT_MAX], remote[IP_TEXT_MAX];

	fputs("[Interface]\n"
	      "PrivateKey = **REPLACEME**\n",
	    f);
	if (p->port != 0)
		fprintf(f, "ListenPort = %u\n", (unsigned)p->port);
	fprintf(f,
	    "MTU = %u\n"
	    "PostUp = ip addr add dev %%i %s/128 peer %s/128\n"
	    "Table = off\n"
	    "\n",
	    (unsigned)p->mtu, ip_text(&theirs, local), ip_text(&ours, remote));
}

static void
render_peer(FILE *f, const struct peering *p, const struct network_pop *pop)
{
	char key[WGKEY_TEXT_MAX], endpoint[ENDPOINT_TEXT_MAX];

	fprintf(
	    f, "[Peer]\nPublicKey = %s\n", wgkey_text(&pop->public_key, key));
	if (p->has_psk)
		fprintf(f, "PresharedKey = %s\n", wgkey_text(&p->psk, key));
	fprintf(f,
	    "Endpoint = %s\n"
	    "PersistentKeepalive = 30\n"
	    "AllowedIPs = 172.16.0.0/12, 10.0.0.0/8, fd00::/8, fe80::/10\n",
	    endpoint_text(endpoint, pop->endpoint, p->listen_port));
	explicit_bzero(key, sizeof(key));
}

int
render_peer_wg_quick(
    FILE *f, const struct peering *p, const struct peering_rules *rules)
{
	if (!text_is_host(rules->pop->endpoint))
		return -EINVAL;
	render_interface(f, p, rules->net);
	render_peer(f, p, rules->pop);
	return text_end(f);
}
