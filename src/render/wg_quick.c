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

/* text_add() and no printf(): a mesh of 1,000 POPs has a million of these. */
static char *
address_text(char buf[PREFIX_TEXT_MAX], const struct ip *ip)
{
	const struct prefix p = { *ip, (uint8_t)ip_bits(ip) };

	return prefix_text(&p, buf);
}

static void
render_ends(FILE *f, const struct ip *local, const struct ip *remote)
{
	char ours[PREFIX_TEXT_MAX], theirs[PREFIX_TEXT_MAX];

	text_add(f, "PostUp = ip addr add dev %i ", address_text(ours, local),
	    " peer ", address_text(theirs, remote), " scope link\n");
}

/* An address in its subnet, as the network file gives it. */
static void
render_given(FILE *f, const struct ip *ip, uint8_t len)
{
	const struct prefix p = { *ip, len };
	char text[PREFIX_TEXT_MAX];

	text_add(
	    f, "PostUp = ip addr add dev %i ", prefix_text(&p, text), "\n");
}

static void
render_addresses(FILE *f, const struct plan_tunnel *t)
{
	if (t->len6 != 0)
		render_given(f, &t->local, t->len6);
	else if (t->local.family != 0)
		render_ends(f, &t->local, &t->remote);
	if (t->local4.family == 0)
		return;
	if (t->pop != 0 && !plan_tunnel_is_given(t))
		render_ends(f, &t->local4, &t->remote4);
	else
		render_given(f, &t->local4, t->len4);
}

static void
render_loopback(FILE *f, const struct ip *ip)
{
	char text[PREFIX_TEXT_MAX];

	if (ip->family != 0)
		text_add(f, "PostUp = ip addr replace dev lo ",
		    address_text(text, ip), "\n");
}

static void
render_interface(FILE *f, const struct plan *plan, const struct plan_tunnel *t)
{
	char port[TEXT_NUMBER_MAX], mtu[TEXT_NUMBER_MAX];

	if (t->pop != 0)
		text_add(f, RENDER_MARK ": the link to ", t->pop_name);
	else
		fprintf(f, RENDER_MARK ": the peering with AS%u", t->asn);
	text_add(f,
	    "\n[Interface]\nListenPort = ", text_number(port, t->listen_port),
	    "\nMTU = ", text_number(mtu, t->mtu), "\nTable = off\n",
	    first_commands, key_path(plan), "\n");
	render_addresses(f, t);
	render_loopback(f, &plan->loopback4);
	render_loopback(f, &plan->loopback6);
	text_add(f, last_command);
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
render_allowed(FILE *f, const struct plan_tunnel *t)
{
	char texts[PLAN_ALLOWED_MAX][PREFIX_TEXT_MAX];
	const char *parts[2 * PLAN_ALLOWED_MAX + 2];
	size_t n = 0;

	for (size_t i = 0; i < t->n_allowed; i++) {
		parts[n++] = i == 0 ? "AllowedIPs = " : ", ";
		parts[n++] = prefix_text(&t->allowed[i], texts[i]);
	}
	parts[n++] = "\n";
	parts[n] = NULL;
	text_put(f, parts);
}

static void
render_peer(FILE *f, const struct plan_tunnel *t, const char *key)
{
	bool brackets = strchr(t->host, ':') != NULL;
	char number[TEXT_NUMBER_MAX];

	text_add(f, "\n[Peer]\nPublicKey = ", key, "\n");
	if (t->host[0] != '\0')
		text_add(f, "Endpoint = ", brackets ? "[" : "", t->host,
		    brackets ? "]:" : ":", text_number(number, t->port), "\n");
	if (t->keepalive != 0)
		text_add(f,
		    "PersistentKeepalive = ", text_number(number, t->keepalive),
		    "\n");
	render_allowed(f, t);
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
