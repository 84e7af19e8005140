#include "render/edgeos.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "render/prefixes.h"
#include "render/render.h"
#include "render/text.h"

/*
 * The same policy as on the EdgeRouter, so FRR's own demand for one (RFC
 * 8212) is off: a session without a list is iBGP.
 */

static bool
is_good(const struct plan *plan)
{
	if (!text_is_plain(plan->name, strlen(plan->name)) ||
	    !text_is_pop(plan->pop_name) || plan->router_id.family != 4)
		return false;
	for (size_t i = 0; i < plan->n_ibgp; i++)
		if (!plan->ibgp[i].direct || plan->ibgp[i].neighbor.family != 4)
			return false;
	for (size_t i = 0; i < plan->n_upstreams; i++) {
		const struct plan_upstream *u = &plan->upstreams[i];

		if (!edgeos_word_is_good(u->name) ||
		    !text_is_ifname(u->tunnel.ifname) ||
		    u->tunnel.local.family != u->tunnel.remote.family)
			return false;
	}
	return true;
}

/* A prefix list that is being written. */
struct list {
	FILE *f;
	const char *kind, *name;
	unsigned seq;
};

static void
put_list_rule(void *arg, const struct prefix_rule *r)
{
	struct list *list = arg;
	char text[PREFIX_TEXT_MAX];

	fprintf(list->f, "%s prefix-list %s seq %u %s %s", list->kind,
	    list->name, list->seq += 10, r->permit ? "permit" : "deny",
	    prefix_text(&r->prefix, text));
	if (r->ge != 0)
		fprintf(list->f, " ge %u", r->ge);
	if (r->le != 0)
		fprintf(list->f, " le %u", r->le);
	fputc('\n', list->f);
}

static void
put_lists(FILE *f, uint8_t family, const struct plan *plan,
    const struct policy *policy)
{
	const char *kind = family == 4 ? "ip" : "ipv6";
	const struct filter *filter =
	    policy != NULL ? &policy->filters[family == 6] : NULL;
	struct list in = { f, kind,
		family == 4 ? EDGEOS_IMPORT : EDGEOS_IMPORT6, 0 };
	struct list out = { f, kind,
		family == 4 ? EDGEOS_EXPORT : EDGEOS_EXPORT6, 0 };

	prefixes_each(
	    PREFIXES_IMPORT, family, plan, filter, put_list_rule, &in);
	prefixes_each(
	    PREFIXES_EXPORT, family, plan, filter, put_list_rule, &out);
}

static void
put_blocked(FILE *f, const struct plan *plan)
{
	unsigned seq = 0;

	for (size_t i = 0; i < plan->n_blocked; i++)
		fprintf(f,
		    "bgp as-path access-list " EDGEOS_BLOCK
		    " seq %u deny _%u_\n",
		    seq += 10, plan->blocked[i]);
	if (plan->n_blocked > 0)
		fprintf(f,
		    "bgp as-path access-list " EDGEOS_BLOCK
		    " seq %u permit .*\n",
		    seq + 10);
}

/* A peer whose address is in no subnet of the tunnel has a route to it. */
static void
put_route_to(FILE *f, const char *ifname, const struct prefix *ours,
    const struct ip *theirs)
{
	const struct prefix p = { *theirs, (uint8_t)ip_bits(theirs) };
	char text[PREFIX_TEXT_MAX];

	if (theirs->family != 0 && !prefix_contains(ours, theirs))
		fprintf(f, "%s route %s %s\n",
		    theirs->family == 4 ? "ip" : "ipv6", prefix_text(&p, text),
		    ifname);
}

static struct prefix
our_end(const struct plan_tunnel *t, uint8_t family)
{
	const struct prefix ours4 = { t->local4, t->len4 };
	const struct prefix ours6 = { t->local, t->len6 };

	return family == 4 ? ours4 : ours6;
}

static const struct ip *
their_end(const struct plan_tunnel *t, uint8_t family)
{
	return family == 4 ? &t->remote4 : &t->remote;
}

static void
put_static(FILE *f, const struct plan *plan)
{
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 0; i < plan->n_prefixes; i++)
		fprintf(f, "%s route %s blackhole\n",
		    plan->prefixes[i].ip.family == 4 ? "ip" : "ipv6",
		    prefix_text(&plan->prefixes[i], text));
	for (size_t i = 0; i < plan->n_upstreams; i++) {
		const struct plan_tunnel *t = &plan->upstreams[i].tunnel;

		for (uint8_t family = 4; family <= 6; family += 2) {
			const struct prefix ours = our_end(t, family);

			put_route_to(f, t->ifname, &ours, their_end(t, family));
		}
	}
}

static void
put_neighbor(FILE *f, const struct plan_upstream *u, uint8_t family)
{
	const struct prefix ours = our_end(&u->tunnel, family);
	const struct ip *theirs = their_end(&u->tunnel, family);
	char ip[IP_TEXT_MAX], source[IP_TEXT_MAX];

	if (theirs->family == 0)
		return;
	ip_text(theirs, ip);
	fprintf(f,
	    " neighbor %s remote-as %u\n"
	    " neighbor %s description %s\n",
	    ip, u->tunnel.asn, ip, u->name);
	if (!prefix_contains(&ours, theirs))
		fprintf(f, " neighbor %s ebgp-multihop 2\n", ip);
	fprintf(f, " neighbor %s update-source %s\n", ip,
	    ip_text(&ours.ip, source));
}

static void
put_neighbors(FILE *f, const struct plan *plan)
{
	char ip[IP_TEXT_MAX];

	for (size_t i = 0; i < plan->n_ibgp; i++) {
		ip_text(&plan->ibgp[i].neighbor, ip);
		fprintf(f,
		    " neighbor %s remote-as %u\n"
		    " neighbor %s description iBGP\n",
		    ip, plan->asn, ip);
	}
	for (size_t i = 0; i < plan->n_upstreams; i++) {
		put_neighbor(f, &plan->upstreams[i], 4);
		put_neighbor(f, &plan->upstreams[i], 6);
	}
}

static void
put_networks(FILE *f, uint8_t family, const struct plan *plan)
{
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 0; i < plan->n_prefixes; i++)
		if (plan->prefixes[i].ip.family == family)
			fprintf(f, "  network %s\n",
			    prefix_text(&plan->prefixes[i], text));
	if (family == 4 && plan->loopback4.family == 4)
		fprintf(
		    f, "  network %s/32\n", ip_text(&plan->loopback4, text));
}

static void
put_session(FILE *f, const struct plan *plan, const struct plan_upstream *u,
    uint8_t family)
{
	const struct ip *theirs = their_end(&u->tunnel, family);
	char ip[IP_TEXT_MAX];

	if (theirs->family == 0)
		return;
	ip_text(theirs, ip);
	fprintf(f,
	    "  neighbor %s activate\n"
	    "  neighbor %s soft-reconfiguration inbound\n"
	    "  neighbor %s prefix-list %s in\n"
	    "  neighbor %s prefix-list %s out\n",
	    ip, ip, ip, family == 4 ? EDGEOS_IMPORT : EDGEOS_IMPORT6, ip,
	    family == 4 ? EDGEOS_EXPORT : EDGEOS_EXPORT6);
	if (plan->n_blocked > 0)
		fprintf(
		    f, "  neighbor %s filter-list " EDGEOS_BLOCK " in\n", ip);
	fprintf(f, "  neighbor %s maximum-prefix %u\n", ip, u->import_limit);
}

static void
put_ibgp(FILE *f, const struct plan_ibgp *s)
{
	char ip[IP_TEXT_MAX];

	ip_text(&s->neighbor, ip);
	fprintf(f,
	    "  neighbor %s activate\n"
	    "  neighbor %s next-hop-self\n"
	    "  neighbor %s soft-reconfiguration inbound\n",
	    ip, ip, ip);
	if (s->client)
		fprintf(f, "  neighbor %s route-reflector-client\n", ip);
}

static void
put_family(FILE *f, uint8_t family, const struct plan *plan)
{
	fprintf(f, " !\n address-family ipv%u unicast\n", (unsigned)family);
	put_networks(f, family, plan);
	for (size_t i = 0; family == 4 && i < plan->n_ibgp; i++)
		put_ibgp(f, &plan->ibgp[i]);
	for (size_t i = 0; i < plan->n_upstreams; i++)
		put_session(f, plan, &plan->upstreams[i], family);
	fputs(" exit-address-family\n", f);
}

static void
put_bgp(FILE *f, const struct plan *plan)
{
	char text[IP_TEXT_MAX];

	fprintf(f,
	    "router bgp %u\n"
	    " bgp router-id %s\n"
	    " no bgp ebgp-requires-policy\n"
	    " no bgp default ipv4-unicast\n",
	    plan->asn, ip_text(&plan->router_id, text));
	put_neighbors(f, plan);
	put_family(f, 4, plan);
	if (plan_has_upstream6(plan))
		put_family(f, 6, plan);
	fputs("exit\n", f);
}

int
render_frr(FILE *f, const struct plan *plan, const struct policy *policy)
{
	if (!is_good(plan))
		return -EINVAL;
	fprintf(f,
	    RENDER_MARK ": AS%u, %s, %s\n"
			"frr defaults traditional\n"
			"hostname %s\n"
			"!\n",
	    plan->asn, plan->name, plan->pop_name, plan->pop_name);
	put_static(f, plan);
	fputs("!\n", f);
	put_bgp(f, plan);
	fputs("!\n", f);
	if (plan->n_upstreams > 0) {
		put_lists(f, 4, plan, policy);
		if (plan_has_upstream6(plan))
			put_lists(f, 6, plan, policy);
		put_blocked(f, plan);
	}
	return text_end(f);
}
