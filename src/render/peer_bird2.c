#include "render/peer.h"

#include <errno.h>
#include <string.h>

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

/*
 * What may pass: dn42's space, and of their static routes only what is sized
 * as dn42's own, so that a LAN in 10.0.0.0/8 stays at home.
 */
static void
render_channel(FILE *f, const char *name, uint8_t family, uint32_t limit)
{
	fprintf(f, "\tipv%u {\n", (unsigned)family);
	if (family == 4)
		fputs("\t\textended next hop on;\n", f);
	fprintf(f,
	    "		import table on;\n"
	    "		import limit %u action block;\n"
	    "		import where %s_may_pass();\n"
	    "		export where %s_may_pass() && (source = RTS_BGP ||\n"
	    "			source = RTS_STATIC && net ~ [ %s ]);\n"
	    "	};\n",
	    limit, name, name,
	    family == 4 ? "172.20.0.0/14{21,29}" : "fd00::/8{44,64}");
}

int
render_peer_bird2(
    FILE *f, const struct peering *p, const struct peering_rules *rules)
{
	struct ip ours = peering_our_ip(p, rules->net);
	struct ip theirs = peering_their_ip(p, rules->net);
	uint32_t limit = rules->net->peering.import_limit;
	char name[SYMBOL_MAX], function[SYMBOL_MAX + 16];
	char ifname[PLAN_IFNAME_MAX];
	char neighbor[IP_TEXT_MAX], source[IP_TEXT_MAX];

	symbol_of(name, rules);
	render_peer_ifname(ifname, rules);
	if (!text_is_symbol(name) || !text_is_ifname(ifname))
		return -EINVAL;
	fputs(
	    "# If you have a template for dn42 peers, use its filters instead\n"
	    "# of these: they know your prefixes, and can check ROA.\n",
	    f);
	snprintf(function, sizeof(function), "%s_may_pass", name);
	text_dn42_function(f, function);
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
