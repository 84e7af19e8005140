#include "provision/firewall.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "peering/ports.h"
#include "render/text.h"

#define BGP_PORT   179
#define BABEL_PORT 6696 /* RFC 8966 */
#define OSPF_PROTO 89 /* RFC 2328 */

static int
add_span(struct firewall *fw, const char *what, const char *protocol,
    uint32_t from, uint32_t to)
{
	struct firewall_span *spans =
	    reallocarray(fw->spans, fw->n_spans + 1, sizeof(fw->spans[0]));

	if (spans == NULL)
		return FAULT_SYSTEM;
	fw->spans = spans;
	spans[fw->n_spans++] = (struct firewall_span){ what, protocol,
		(uint16_t)from, (uint16_t)to };
	return 0;
}

static int
add_set(struct firewall *fw, const char *what, const struct port_set *set)
{
	int rc = 0;

	for (uint32_t port = 1; rc == 0 && port <= PORT_MAX; port++) {
		uint32_t from = port;

		if (!port_set_has(set, port))
			continue;
		while (port_set_has(set, port + 1))
			port++;
		rc = add_span(fw, what, "udp", from, port);
	}
	return rc;
}

int
firewall_init(struct firewall *out, const struct plan *plan,
    const struct peering_rules *rules)
{
	struct port_set links = { 0 }, peerings = { 0 };
	struct firewall fw = { 0 };
	int rc;

	for (size_t i = 0; i < plan->n_tunnels; i++)
		port_set_add(&links, plan->tunnels[i].listen_port);
	if (rules->pop->peering)
		peering_ports(&peerings, rules);

	rc = add_span(&fw, "SSH", "tcp", FIREWALL_SSH, FIREWALL_SSH);
	if (rc == 0 && rules->pop->peering)
		rc = add_span(&fw, "meetme", "tcp",
		    rules->net->peering.listen_port,
		    rules->net->peering.listen_port);
	if (rc == 0)
		rc = add_set(&fw, "links", &links);
	if (rc == 0)
		rc = add_set(&fw, "peerings", &peerings);
	if (rc != 0)
		firewall_end(&fw);
	else
		*out = fw;
	return rc;
}

void
firewall_end(struct firewall *fw)
{
	free(fw->spans);
	*fw = (struct firewall){ 0 };
}

/* The spans of one `what` from i on, as a set; where the next begins. */
static size_t
print_spans(FILE *f, const struct firewall *fw, size_t i)
{
	const struct firewall_span *first = &fw->spans[i];
	const char *lead = "";

	fprintf(f, "        %s dport { ", first->protocol);
	for (; i < fw->n_spans; i++) {
		const struct firewall_span *s = &fw->spans[i];

		if (strcmp(s->what, first->what) != 0)
			break;
		fprintf(f, "%s%u", lead, s->from);
		if (s->to != s->from)
			fprintf(f, "-%u", s->to);
		lead = ", ";
	}
	fprintf(f, " } accept comment \"%s\"\n", first->what);
	return i;
}

static int
print_links(FILE *f, const struct plan *plan)
{
	fputs("define links = { ", f);
	for (size_t i = 0; i < plan->n_tunnels; i++) {
		if (!text_is_ifname(plan->tunnels[i].ifname))
			return -EINVAL;
		fprintf(
		    f, "%s\"%s\"", i == 0 ? "" : ", ", plan->tunnels[i].ifname);
	}
	fputs(" }\n\n", f);
	return 0;
}

static void
print_input(FILE *f, const struct firewall *fw, const struct plan *plan)
{
	fputs("    chain input {\n"
	      "        type filter hook input priority filter; policy drop;\n"
	      "        ct state established,related accept\n"
	      "        iifname \"lo\" accept\n"
	      "        meta l4proto { icmp, ipv6-icmp } accept\n"
	      "        ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept"
	      " comment \"DHCPv6, our own address\"\n",
	    f);
	for (size_t i = 0; i < fw->n_spans;)
		i = print_spans(f, fw, i);
	fprintf(
	    f, "        iifname \"wg-as*\" tcp dport %d accept\n", BGP_PORT);
	if (plan->n_tunnels > 0)
		fprintf(f, "        iifname $links tcp dport %d accept\n",
		    BGP_PORT);
	if (plan->igp == IGP_BABEL)
		fprintf(f, "        iifname \"wg-int-*\" udp dport %d accept\n",
		    BABEL_PORT);
	if (plan->igp == IGP_OSPF)
		fprintf(f,
		    "        iifname \"wg-int-*\" meta l4proto %d accept\n",
		    OSPF_PROTO);
	fputs("    }\n\n", f);
}

int
render_nftables(FILE *f, const struct firewall *fw, const struct plan *plan)
{
	bool links = plan->n_tunnels > 0;

	fprintf(f,
	    "#!/usr/sbin/nft -f\n"
	    "# meetme: what %s lets in, by `meetme provision`.\n\n",
	    plan->pop_name);
	if (links && print_links(f, plan) != 0)
		return -EINVAL;
	fputs("table inet meetme\n"
	      "delete table inet meetme\n"
	      "table inet meetme {\n",
	    f);
	print_input(f, fw, plan);
	fprintf(f,
	    "    chain forward {\n"
	    "        type filter hook forward priority filter; policy "
	    "drop;\n"
	    "        iifname \"wg-as*\" jump tunnels\n%s"
	    "    }\n\n"
	    "    chain tunnels {\n"
	    "        oifname \"wg-as*\" accept\n%s"
	    "    }\n"
	    "}\n",
	    links ? "        iifname $links jump tunnels\n" : "",
	    links ? "        oifname $links accept\n" : "");
	return text_end(f);
}
