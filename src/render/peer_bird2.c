#include "render/peer.h"

#include <errno.h>
#include <string.h>

#include "plan/refusal.h"
#include "render/bird.h"
#include "render/render.h"
#include "render/text.h"

#define SYMBOL_MAX 48 /* with what is added, within BIRD's bound of 64 */

/* "as4242420263_nl_ams1": one for each POP that they may peer with. */
static void
symbol_of(char buf[SYMBOL_MAX], const struct peering_rules *rules)
{
	snprintf(buf, SYMBOL_MAX, "as%u_%s", rules->net->asn, rules->pop->name);
	for (char *p = buf; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
}

/* Nothing of theirs that no ROA covers is taken, so all static routes may. */
static void
render_channel(FILE *f, const char *name, uint8_t family, uint32_t limit)
{
	fprintf(f, "\tipv%u {\n", (unsigned)family);
	if (family == 4)
		fputs("\t\textended next hop on;\n", f);
	fprintf(f,
	    "		import table on;\n"
	    "		import limit %u action block;\n"
	    "		import where %s_network() = %d;\n"
	    "		export where %s_network() = %d &&\n"
	    "			(source = RTS_BGP || source = RTS_STATIC);\n"
	    "	};\n",
	    limit, name, REFUSAL_NONE, name, REFUSAL_NONE);
}

static int
render_network(FILE *f, const char *name, const struct filter filters[2])
{
	int rc;

	fprintf(f,
	    "# %d: a network of dn42; %d: none; %d: one of another length.\n"
	    "function %s_network() {\n"
	    "if net.type = NET_IP4 then {\n",
	    REFUSAL_NONE, REFUSAL_NETWORK, REFUSAL_LENGTH, name);
	rc = render_bird2_networks(f, &filters[0]);
	fputs("} else {\n", f);
	if (rc == 0)
		rc = render_bird2_networks(f, &filters[1]);
	fputs("}\n}\n\n", f);
	return rc;
}

int
render_peer_bird2(FILE *f, const struct peering *p,
    const struct peering_rules *rules, const struct filter filters[2])
{
	struct ip ours = peering_our_ip(p, rules->net);
	struct ip theirs = peering_their_ip(p, rules->net);
	uint32_t limit = rules->net->peering.import_limit;
	char name[SYMBOL_MAX];
	char ifname[PLAN_IFNAME_MAX];
	char neighbor[IP_TEXT_MAX], source[IP_TEXT_MAX];
	int rc;

	symbol_of(name, rules);
	render_peer_ifname(ifname, rules);
	if (!text_is_symbol(name) || !text_is_ifname(ifname))
		return -EINVAL;
	fputs(
	    "# If you have a template for dn42 peers, use its filters instead\n"
	    "# of these: they know your prefixes, and can check ROA.\n",
	    f);
	rc = render_network(f, name, filters);
	if (rc != 0)
		return rc;
	fprintf(f,
	    "protocol bgp %s {\n"
	    "	local as %u;\n"
	    "	neighbor %s %% '%s' as %u;\n"
	    "	source address %s;\n"
	    "	connect delay time 1;\n"
	    "	connect retry time 5;\n"
	    "	error wait time 1, 30;\n",
	    name, p->asn, ip_text(&ours, neighbor), ifname, rules->net->asn,
	    ip_text(&theirs, source));
	render_channel(f, name, 4, limit);
	render_channel(f, name, 6, limit);
	fputs("}\n", f);
	return text_end(f);
}
