#include "render/render.h"

#include <errno.h>
#include <string.h>

#include "render/text.h"

/*
 * After the link is up: before, there is no interface (PreUp), and the kernel
 * drops the route to the other end when the link comes up. With wireguard-go
 * the kernel has made a link-local address of its own by then.
 */
static const char first_commands[] =
    "PostUp = ip link set dev %i addrgenmode none\n"
    "PostUp = ip -6 addr flush dev %i\n"
    "PostUp = wg set %i private-key ";
#define KEY_PATH "/etc/meetme/wg.key"

static const char last_command[] =
    "PostUp = sysctl -q -w net.ipv4.conf.%i.rp_filter=0\n";

static const char *
key_path(const struct plan *plan)
{
	return plan->private_key[0] != '\0' ? plan->private_key : KEY_PATH;
}

/* Both of the family, or both none. */
static bool
ends_are_good(const struct ip *local, const struct ip *remote, uint8_t family)
{
	return local->family == remote->family &&
	       (local->family == 0 || local->family == family);
}

static bool
is_good(const struct plan *plan, const struct plan_tunnel *t)
{
	return text_is_ifname(t->ifname) && t->listen_port != 0 &&
	       (t->pop == 0 || text_is_pop(t->pop_name)) &&
	       (t->host[0] == '\0' || text_is_host(t->host)) &&
	       ends_are_good(&t->local, &t->remote, 6) &&
	       ends_are_good(&t->local4, &t->remote4, 4) &&
	       t->local4.family + t->local.family != 0 && t->len4 <= 32 &&
	       t->len6 <= 128 && text_is_path(key_path(plan)) &&
	       plan->loopback4.family != 6 && plan->loopback6.family != 4 &&
	       t->n_allowed > 0;
}

static void
add_address(struct text *out, const struct ip *ip)
{
	const struct prefix p = { *ip, (uint8_t)ip_bits(ip) };

	text_add_prefix(out, &p);
}

static void
render_ends(struct text *out, const struct ip *local, const struct ip *remote)
{
	text_add(out, "PostUp = ip addr add dev %i ");
	add_address(out, local);
	text_add(out, " peer ");
	add_address(out, remote);
	text_add(out, " scope link\n");
}

/* An address in its subnet, as the network file gives it. */
static void
render_given(struct text *out, const struct ip *ip, uint8_t len)
{
	const struct prefix p = { *ip, len };

	text_add(out, "PostUp = ip addr add dev %i ");
	text_add_prefix(out, &p);
	text_add(out, "\n");
}

static void
render_addresses(struct text *out, const struct plan_tunnel *t)
{
	if (t->len6 != 0)
		render_given(out, &t->local, t->len6);
	else if (t->local.family != 0)
		render_ends(out, &t->local, &t->remote);
	if (t->local4.family == 0)
		return;
	if (t->pop != 0 && !plan_tunnel_is_given(t))
		render_ends(out, &t->local4, &t->remote4);
	else
		render_given(out, &t->local4, t->len4);
}

static void
render_loopback(struct text *out, const struct ip *ip)
{
	if (ip->family == 0)
		return;
	text_add(out, "PostUp = ip addr replace dev lo ");
	add_address(out, ip);
	text_add(out, "\n");
}

static void
render_title(struct text *out, const struct plan_tunnel *t)
{
	if (t->pop != 0) {
		text_add(out, RENDER_MARK ": the link to ");
		text_add(out, t->pop_name);
	} else {
		text_add(out, RENDER_MARK ": the peering with AS");
		text_add_number(out, t->asn);
	}
}

static void
render_interface(
    struct text *out, const struct plan *plan, const struct plan_tunnel *t)
{
	text_add(out, "\n[Interface]\nListenPort = ");
	text_add_number(out, t->listen_port);
	text_add(out, "\nMTU = ");
	text_add_number(out, t->mtu);
	text_add(out, "\nTable = off\n");
	text_add(out, first_commands);
	text_add(out, key_path(plan));
	text_add(out, "\n");
	render_addresses(out, t);
	render_loopback(out, &plan->loopback4);
	render_loopback(out, &plan->loopback6);
	text_add(out, last_command);
}

/* Not in the file: a preshared key, like the private one. */
static void
render_psk(struct text *out, const char *key)
{
	text_add(out, "PostUp = wg set %i peer ");
	text_add(out, key);
	text_add(out, " preshared-key /etc/wireguard/%i.psk\n");
}

static void
render_endpoint(struct text *out, const struct plan_tunnel *t)
{
	bool brackets = strchr(t->host, ':') != NULL;

	text_add(out, brackets ? "Endpoint = [" : "Endpoint = ");
	text_add(out, t->host);
	text_add(out, brackets ? "]:" : ":");
	text_add_number(out, t->port);
	text_add(out, "\n");
}

static void
render_peer(struct text *out, const struct plan_tunnel *t, const char *key)
{
	text_add(out, "\n[Peer]\nPublicKey = ");
	text_add(out, key);
	text_add(out, "\n");
	if (t->host[0] != '\0')
		render_endpoint(out, t);
	if (t->keepalive != 0) {
		text_add(out, "PersistentKeepalive = ");
		text_add_number(out, t->keepalive);
		text_add(out, "\n");
	}
	for (size_t i = 0; i < t->n_allowed; i++) {
		text_add(out, i == 0 ? "AllowedIPs = " : ", ");
		text_add_prefix(out, &t->allowed[i]);
	}
	text_add(out, "\n");
}

int
render_wg_quick(FILE *f, const struct plan *plan, const struct plan_tunnel *t)
{
	char key[WGKEY_TEXT_MAX];
	struct text out;

	if (!is_good(plan, t))
		return -EINVAL;
	wgkey_text(&t->key, key);
	text_begin(&out, f);
	render_title(&out, t);
	render_interface(&out, plan, t);
	if (t->has_psk)
		render_psk(&out, key);
	render_peer(&out, t, key);
	text_flush(&out);
	return text_end(f);
}
