#include "render/render.h"

#include <errno.h>

#include "render/text.h"

/*
 * After the link is up: before, there is no interface (PreUp), and the kernel
 * drops the route to the other end when the link comes up. With wireguard-go
 * the kernel has made a link-local address of its own by then.
 */
static const char first_commands[] =
    "PostUp = ip link set dev %i addrgenmode none\n"
    "PostUp = ip -6 addr flush dev %i\n"
    "PostUp = wg set %i private-key /etc/meetme/wg.key\n";

static const char last_command[] =
    "PostUp = sysctl -q -w net.ipv4.conf.%i.rp_filter=0\n";

static bool
is_good(const struct plan *plan, const struct plan_tunnel *t)
{
	return text_is_ifname(t->ifname) && t->listen_port != 0 &&
	       (t->pop == 0 || text_is_pop(t->pop_name)) &&
	       (t->host[0] == '\0' || text_is_host(t->host)) &&
	       t->local.family == 6 && t->remote.family == 6 &&
	       t->local4.family == t->remote4.family &&
	       (t->local4.family == 0 || t->local4.family == 4) &&
	       plan->loopback4.family != 6 && plan->loopback6.family != 4 &&
	       t->n_allowed > 0;
}

static void
render_ends(FILE *f, const struct ip *local, const struct ip *remote)
{
	char here[IP_TEXT_MAX], there[IP_TEXT_MAX];
	unsigned bits = ip_bits(local);

	fprintf(f, "PostUp = ip addr add dev %%i %s/%u peer %s/%u scope link\n",
	    ip_text(local, here), bits, ip_text(remote, there), bits);
}

static void
render_loopback(FILE *f, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	if (ip->family != 0)
		fprintf(f, "PostUp = ip addr replace dev lo %s/%u\n",
		    ip_text(ip, text), ip_bits(ip));
}

static void
render_interface(FILE *f, const struct plan *plan, const struct plan_tunnel *t)
{
	if (t->pop != 0)
		fprintf(f, RENDER_MARK ": the link to %s\n", t->pop_name);
	else
		fprintf(f, RENDER_MARK ": the peering with AS%u\n", t->asn);
	fprintf(f, "[Interface]\nListenPort = %u\nMTU = %u\nTable = off\n",
	    (unsigned)t->listen_port, (unsigned)t->mtu);
	fputs(first_commands, f);
	render_ends(f, &t->local, &t->remote);
	if (t->local4.family != 0)
		render_ends(f, &t->local4, &t->remote4);
	render_loopback(f, &plan->loopback4);
	render_loopback(f, &plan->loopback6);
	fputs(last_command, f);
}

/* Not in the file: a preshared key, like the private one. */
static void
render_psk(FILE *f, const char *key)
{
	fprintf(f,
	    "PostUp = wg set %%i peer %s preshared-key "
	    "/etc/wireguard/%%i.psk\n",
	    key);
}

static void
render_peer(FILE *f, const struct plan_tunnel *t, const char *key)
{
	char text[ENDPOINT_TEXT_MAX];

	fprintf(f, "\n[Peer]\nPublicKey = %s\n", key);
	if (t->host[0] != '\0')
		fprintf(f, "Endpoint = %s\n",
		    endpoint_text(text, t->host, t->port));
	if (t->keepalive != 0)
		fprintf(
		    f, "PersistentKeepalive = %u\n", (unsigned)t->keepalive);
	for (size_t i = 0; i < t->n_allowed; i++)
		fprintf(f, "%s%s", i == 0 ? "AllowedIPs = " : ", ",
		    prefix_text(&t->allowed[i], text));
	fputc('\n', f);
}

int
render_wg_quick(FILE *f, const struct plan *plan, const struct plan_tunnel *t)
{
	char key[WGKEY_TEXT_MAX];

	if (!is_good(plan, t))
		return -EINVAL;
	wgkey_text(&t->key, key);
	render_interface(f, plan, t);
	if (t->has_psk)
		render_psk(f, key);
	render_peer(f, t, key);
	return text_end(f);
}
