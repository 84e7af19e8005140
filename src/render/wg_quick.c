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

/*
 * Here it is fputs() and not fprintf(), which takes ten times as long: a mesh
 * of 1,000 POPs has a million of these files.
 */
static void
put_prefix(FILE *f, const char *before, const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];

	fputs(before, f);
	fputs(prefix_text(p, text), f);
}

static void
put_address(FILE *f, const char *before, const struct ip *ip)
{
	const struct prefix p = { *ip, (uint8_t)ip_bits(ip) };

	put_prefix(f, before, &p);
}

static void
render_ends(FILE *f, const struct ip *local, const struct ip *remote)
{
	put_address(f, "PostUp = ip addr add dev %i ", local);
	put_address(f, " peer ", remote);
	fputs(" scope link\n", f);
}

static void
render_loopback(FILE *f, const struct ip *ip)
{
	if (ip->family == 0)
		return;
	put_address(f, "PostUp = ip addr replace dev lo ", ip);
	fputc('\n', f);
}

static void
render_interface(FILE *f, const struct plan *plan, const struct plan_tunnel *t)
{
	if (t->pop != 0)
		fprintf(f, RENDER_MARK ": the link to %s\n", t->pop_name);
	else
		fprintf(f, RENDER_MARK ": the peering with AS%u\n", t->asn);
	fprintf(f, "[Interface]\nListenPort = %u\nMTU = %u\nTable = off\n%s",
	    (unsigned)t->listen_port, (unsigned)t->mtu, first_commands);
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
		put_prefix(f, i == 0 ? "AllowedIPs = " : ", ", &t->allowed[i]);
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
