#include "render/edgeos.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "peering/endpoint.h"
#include "render/prefixes.h"
#include "render/render.h"
#include "render/text.h"

/* What the commands of one router are written to. */
struct edgeos {
	FILE *f;
	const struct plan *plan;
	bool failed; /* a word could not be written */
};

/* Inside '...' all stands for itself, but at a '?' the CLI offers help. */
bool
edgeos_word_is_good(const char *word)
{
	return word[0] != '\0' && text_is_plain(word, strlen(word)) &&
	       strpbrk(word, "'\"\\?") == NULL;
}

void
edgeos_word(FILE *f, const char *word)
{
	static const char bare[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "+/=._-";
	const char *quote = strspn(word, bare) == strlen(word) ? "" : "'";

	fprintf(f, "%s%s%s", quote, word, quote);
}

/* A command of these words. */
#define SET(e, ...) set(e, (const char *const[]){ __VA_ARGS__, NULL })
static void
set(struct edgeos *e, const char *const *words)
{
	fputs("set", e->f);
	for (; *words != NULL; words++) {
		e->failed |= !edgeos_word_is_good(*words);
		fputc(' ', e->f);
		edgeos_word(e->f, *words);
	}
	fputc('\n', e->f);
}

static char *
host_text(char buf[PREFIX_TEXT_MAX], const struct ip *ip)
{
	const struct prefix p = { *ip, (uint8_t)ip_bits(ip) };

	return prefix_text(&p, buf);
}

static void
put_loopback(struct edgeos *e)
{
	const struct ip *ips[] = { &e->plan->loopback4, &e->plan->loopback6 };
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 0; i < 2; i++)
		if (ips[i]->family != 0)
			SET(e, "interfaces", "loopback", "lo", "address",
			    host_text(text, ips[i]));
}

static void
put_address(
    struct edgeos *e, const char *ifname, const struct ip *ip, uint8_t len)
{
	const struct prefix p = { *ip, len };
	char text[PREFIX_TEXT_MAX];

	if (ip->family != 0)
		SET(e, "interfaces", "wireguard", ifname, "address",
		    prefix_text(&p, text));
}

static void
put_peer(struct edgeos *e, const struct plan_tunnel *t)
{
	char key[WGKEY_TEXT_MAX], endpoint[ENDPOINT_TEXT_MAX];
	char text[PREFIX_TEXT_MAX], number[TEXT_NUMBER_MAX];

#define SET_PEER(...) \
	SET(e, "interfaces", "wireguard", t->ifname, "peer", key, __VA_ARGS__)
	wgkey_text(&t->key, key);
	for (size_t i = 0; i < t->n_allowed; i++)
		SET_PEER("allowed-ips", prefix_text(&t->allowed[i], text));
	if (t->host[0] != '\0')
		SET_PEER("endpoint", endpoint_text(endpoint, t->host, t->port));
	if (t->keepalive != 0)
		SET_PEER(
		    "persistent-keepalive", text_number(number, t->keepalive));
#undef SET_PEER
}

/* Routes come of BGP: AllowedIPs would be a default route. */
static void
put_tunnel(struct edgeos *e, const struct plan_tunnel *t)
{
	char number[TEXT_NUMBER_MAX];

#define SET_TUNNEL(...) \
	SET(e, "interfaces", "wireguard", t->ifname, __VA_ARGS__)
	put_address(e, t->ifname, &t->local4, t->len4);
	put_address(e, t->ifname, &t->local, t->len6);
	SET_TUNNEL("listen-port", text_number(number, t->listen_port));
	SET_TUNNEL("mtu", text_number(number, t->mtu));
	put_peer(e, t);
	SET_TUNNEL("private-key", e->plan->private_key);
	SET_TUNNEL("route-allowed-ips", "false");
#undef SET_TUNNEL
	e->failed |= !text_is_ifname(t->ifname) || t->listen_port == 0 ||
		     (t->host[0] != '\0' && !text_is_host(t->host)) ||
		     t->n_allowed == 0;
}

static void
put_firewall(struct edgeos *e, const struct plan_tunnel *t)
{
	char rule[TEXT_NUMBER_MAX], port[TEXT_NUMBER_MAX];

	text_number(rule, t->firewall_rule);
	text_number(port, t->listen_port);
#define SET_RULE(...) \
	SET(e, "firewall", "name", e->plan->firewall, "rule", rule, __VA_ARGS__)
	SET_RULE("action", "accept");
	SET_RULE("description", t->description);
	SET_RULE("destination", "port", port);
	SET_RULE("log", "enable");
	SET_RULE("protocol", "udp");
#undef SET_RULE
	e->failed |= t->firewall_rule == 0;
}

/* A prefix list that is being written. */
struct list {
	struct edgeos *e;
	const char *kind, *name;
	unsigned rule;
};

static void
put_list_rule(void *arg, const struct prefix_rule *r)
{
	struct list *list = arg;
	struct edgeos *e = list->e;
	char text[PREFIX_TEXT_MAX], rule[TEXT_NUMBER_MAX],
	    number[TEXT_NUMBER_MAX];

	text_number(rule, list->rule += 10);
#define SET_RULE(...) \
	SET(e, "policy", list->kind, list->name, "rule", rule, __VA_ARGS__)
	SET_RULE("action", r->permit ? "permit" : "deny");
	if (r->ge != 0)
		SET_RULE("ge", text_number(number, r->ge));
	if (r->le != 0)
		SET_RULE("le", text_number(number, r->le));
	SET_RULE("prefix", prefix_text(&r->prefix, text));
#undef SET_RULE
}

static void
put_lists(struct edgeos *e, uint8_t family, const struct policy *policy)
{
	const char *kind = family == 4 ? "prefix-list" : "prefix-list6";
	const struct filter *filter =
	    policy != NULL ? &policy->filters[family == 6] : NULL;
	struct list in = { e, kind,
		family == 4 ? EDGEOS_IMPORT : EDGEOS_IMPORT6, 0 };
	struct list out = { e, kind,
		family == 4 ? EDGEOS_EXPORT : EDGEOS_EXPORT6, 0 };

	prefixes_each(
	    PREFIXES_IMPORT, family, e->plan, filter, put_list_rule, &in);
	prefixes_each(
	    PREFIXES_EXPORT, family, e->plan, filter, put_list_rule, &out);
}

/* "_64512_" is in a path; then all others may pass. */
static void
put_blocked(struct edgeos *e)
{
	const struct plan *plan = e->plan;
	char regex[TEXT_NUMBER_MAX + 2], rule[TEXT_NUMBER_MAX];
	unsigned n = 0;

#define SET_RULE(...)                                                \
	SET(e, "policy", "as-path-list", EDGEOS_BLOCK, "rule", rule, \
	    __VA_ARGS__)
	for (size_t i = 0; i < plan->n_blocked; i++) {
		text_number(rule, n += 10);
		snprintf(regex, sizeof(regex), "_%u_", plan->blocked[i]);
		SET_RULE("action", "deny");
		SET_RULE("regex", regex);
	}
	text_number(rule, n + 10);
	SET_RULE("action", "permit");
	SET_RULE("regex", ".*");
#undef SET_RULE
}

static void
put_policy(struct edgeos *e, const struct policy *policy)
{
	if (e->plan->n_upstreams == 0)
		return;
	if (e->plan->n_blocked > 0)
		put_blocked(e);
	put_lists(e, 4, policy);
	if (plan_has_upstream6(e->plan))
		put_lists(e, 6, policy);
}

#define SET_BGP(...) SET(e, "protocols", "bgp", asn, __VA_ARGS__)

static void
put_ibgp(struct edgeos *e, const char *asn, const struct plan_ibgp *s)
{
	char ip[IP_TEXT_MAX];

	ip_text(&s->neighbor, ip);
	SET_BGP("neighbor", ip, "description", "iBGP");
	SET_BGP("neighbor", ip, "nexthop-self");
	SET_BGP("neighbor", ip, "remote-as", asn);
	if (s->client)
		SET_BGP("neighbor", ip, "route-reflector-client");
	SET_BGP("neighbor", ip, "soft-reconfiguration", "inbound");
	e->failed |= !s->direct || s->neighbor.family != 4;
}

/* What the two families have in common. */
static void
put_neighbor(struct edgeos *e, const char *asn, const struct plan_upstream *u,
    const struct prefix *ours, const struct ip *theirs)
{
	char ip[IP_TEXT_MAX], source[IP_TEXT_MAX], number[TEXT_NUMBER_MAX];

	ip_text(theirs, ip);
	SET_BGP("neighbor", ip, "description", u->name);
	if (!prefix_contains(ours, theirs))
		SET_BGP("neighbor", ip, "ebgp-multihop", "2");
	SET_BGP(
	    "neighbor", ip, "remote-as", text_number(number, u->tunnel.asn));
	SET_BGP("neighbor", ip, "update-source", ip_text(&ours->ip, source));
	e->failed |= theirs->family != ours->ip.family;
}

static void
put_session4(struct edgeos *e, const char *asn, const struct plan_upstream *u)
{
	const struct plan_tunnel *t = &u->tunnel;
	const struct prefix ours = { t->local4, t->len4 };
	char ip[IP_TEXT_MAX], number[TEXT_NUMBER_MAX];

	ip_text(&t->remote4, ip);
	put_neighbor(e, asn, u, &ours, &t->remote4);
	if (e->plan->n_blocked > 0)
		SET_BGP("neighbor", ip, "filter-list", "import", EDGEOS_BLOCK);
	SET_BGP("neighbor", ip, "maximum-prefix",
	    text_number(number, u->import_limit));
	SET_BGP("neighbor", ip, "prefix-list", "export", EDGEOS_EXPORT);
	SET_BGP("neighbor", ip, "prefix-list", "import", EDGEOS_IMPORT);
	SET_BGP("neighbor", ip, "soft-reconfiguration", "inbound");
}

static void
put_session6(struct edgeos *e, const char *asn, const struct plan_upstream *u)
{
	const struct plan_tunnel *t = &u->tunnel;
	const struct prefix ours = { t->local, t->len6 };
	char ip[IP_TEXT_MAX], number[TEXT_NUMBER_MAX];

#define SET_UNICAST(...) \
	SET_BGP("neighbor", ip, "address-family", "ipv6-unicast", __VA_ARGS__)
	if (t->local.family == 0)
		return;
	ip_text(&t->remote, ip);
	put_neighbor(e, asn, u, &ours, &t->remote);
	if (e->plan->n_blocked > 0)
		SET_UNICAST("filter-list", "import", EDGEOS_BLOCK);
	SET_UNICAST("maximum-prefix", text_number(number, u->import_limit));
	SET_UNICAST("prefix-list", "export", EDGEOS_EXPORT6);
	SET_UNICAST("prefix-list", "import", EDGEOS_IMPORT6);
	SET_UNICAST("soft-reconfiguration", "inbound");
#undef SET_UNICAST
}

/* One of our prefixes, or our address, to be announced. */
static void
put_network(struct edgeos *e, const char *asn, const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];

	prefix_text(p, text);
	if (p->ip.family == 4)
		SET_BGP("network", text);
	else
		SET_BGP("address-family", "ipv6-unicast", "network", text);
}

static void
put_bgp(struct edgeos *e)
{
	const struct plan *plan = e->plan;
	const struct prefix own = { plan->loopback4, 32 };
	char asn[TEXT_NUMBER_MAX], text[IP_TEXT_MAX];
	bool is_6 = plan_has_upstream6(plan);

	text_number(asn, plan->asn);
	for (size_t i = 0; i < plan->n_ibgp; i++)
		put_ibgp(e, asn, &plan->ibgp[i]);
	for (size_t i = 0; i < plan->n_upstreams; i++) {
		put_session4(e, asn, &plan->upstreams[i]);
		put_session6(e, asn, &plan->upstreams[i]);
	}
	for (size_t i = 0; i < plan->n_prefixes; i++)
		if (plan->prefixes[i].ip.family == 4 || is_6)
			put_network(e, asn, &plan->prefixes[i]);
	if (own.ip.family != 0)
		put_network(e, asn, &own);
	SET_BGP("parameters", "router-id", ip_text(&plan->router_id, text));
}

/* A peer whose address is in no subnet of the tunnel has a route to it. */
static void
put_route_to(struct edgeos *e, const char *ifname, const struct prefix *ours,
    const struct ip *theirs)
{
	char text[PREFIX_TEXT_MAX];

	if (theirs->family == 0 || prefix_contains(ours, theirs))
		return;
	SET(e, "protocols", "static",
	    theirs->family == 4 ? "interface-route" : "interface-route6",
	    host_text(text, theirs), "next-hop-interface", ifname);
}

/* What is ours and nowhere goes nowhere, and not to a peer and back. */
static void
put_static(struct edgeos *e)
{
	const struct plan *plan = e->plan;
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 0; i < plan->n_upstreams; i++) {
		const struct plan_tunnel *t = &plan->upstreams[i].tunnel;
		const struct prefix ours4 = { t->local4, t->len4 };
		const struct prefix ours6 = { t->local, t->len6 };

		put_route_to(e, t->ifname, &ours4, &t->remote4);
		put_route_to(e, t->ifname, &ours6, &t->remote);
	}
	for (size_t i = 0; i < plan->n_prefixes; i++)
		SET(e, "protocols", "static",
		    plan->prefixes[i].ip.family == 4 ? "route" : "route6",
		    prefix_text(&plan->prefixes[i], text), "blackhole");
}

int
render_edgeos(FILE *f, const struct plan *plan, const struct policy *policy)
{
	struct edgeos e = { f, plan, false };

	if (!text_is_plain(plan->name, strlen(plan->name)) ||
	    !text_is_pop(plan->pop_name) || plan->router_id.family != 4)
		return -EINVAL;
	fprintf(f,
	    RENDER_MARK
	    ": AS%u, %s, %s\n"
	    "# What meetme wants of this EdgeRouter, as commands of its CLI in "
	    "`configure`.\n"
	    "# See EDGEOS in meetme.yaml(5) for how to get from one state to "
	    "the next.\n",
	    plan->asn, plan->name, plan->pop_name);
	put_loopback(&e);
	for (size_t i = 0; i < plan->n_tunnels; i++)
		put_tunnel(&e, &plan->tunnels[i]);
	for (size_t i = 0; i < plan->n_upstreams; i++)
		put_tunnel(&e, &plan->upstreams[i].tunnel);
	for (size_t i = 0; i < plan->n_tunnels; i++)
		put_firewall(&e, &plan->tunnels[i]);
	for (size_t i = 0; i < plan->n_upstreams; i++)
		put_firewall(&e, &plan->upstreams[i].tunnel);
	put_policy(&e, policy);
	put_bgp(&e);
	put_static(&e);
	return e.failed ? -EINVAL : text_end(f);
}
