#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "shell/out.h"
#include "shell/table.h"

/* The subnet that an address is in, as text; "" without an address. */
static const char *
subnet_text(const struct prefix *p, char buf[PREFIX_TEXT_MAX])
{
	struct prefix subnet = *p;

	if (p->ip.family == 0)
		return "";
	prefix_mask(&subnet);
	return prefix_text(&subnet, buf);
}

static void
add_pair(struct table *t, const struct prefix *p)
{
	char subnet[PREFIX_TEXT_MAX], gateway[IP_TEXT_MAX];
	bool is_there = p->ip.family != 0;

	table_cell(t, "%s", is_there ? subnet_text(p, subnet) : "-");
	table_cell(t, "%s", is_there ? ip_text(&p->ip, gateway) : "-");
}

static int
print_table(const struct network *net)
{
	struct table *t = table_new(NULL);
	struct out out;

	table_column(t, "Hostname", TABLE_KEEP);
	table_column(t, "IPv6 Network", TABLE_KEEP);
	table_column(t, "IPv6 Gateway", TABLE_KEEP);
	table_column(t, "IPv4 Network", TABLE_KEEP);
	table_column(t, "IPv4 Gateway", TABLE_KEEP);
	for (size_t i = 0; i < net->n_pops; i++) {
		const struct network_pop *pop = &net->pops[i];

		table_cell(t, "%s", pop->name);
		add_pair(t, &pop->ipv6);
		add_pair(t, &pop->ipv4);
	}
	out_init(&out, stdout, getenv("TERM"));
	table_print(t, &out);
	table_free(t);
	return out_flush(&out);
}

static json_t *
pop_to_json(const struct network_pop *pop)
{
	char subnet4[PREFIX_TEXT_MAX], subnet6[PREFIX_TEXT_MAX];
	char gateway4[IP_TEXT_MAX], gateway6[IP_TEXT_MAX];

	return json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o}", "name",
	    pop->name, "id", pop->id, "endpoint", pop->endpoint, "ipv6_network",
	    field_of_text(subnet_text(&pop->ipv6, subnet6)), "ipv6_gateway",
	    field_of_text(ip_text(&pop->ipv6.ip, gateway6)), "ipv4_network",
	    field_of_text(subnet_text(&pop->ipv4, subnet4)), "ipv4_gateway",
	    field_of_text(ip_text(&pop->ipv4.ip, gateway4)));
}

static int
print_json(const struct network *net)
{
	json_t *list = json_array();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < net->n_pops; i++)
		rc = json_array_append_new(list, pop_to_json(&net->pops[i]));
	if (rc == 0)
		rc = json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
	return rc == 0 ? fflush(stdout) : rc;
}

static int
run_pops(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = paths->network;
	struct network *net;
	bool json = false;
	int c, rc;

	while ((c = next_option(self, argc, argv, ":f:", longs)) != -1) {
		if (c == '?')
			return EX_USAGE;
		if (c == 'f')
			path = optarg;
		else
			json = true;
	}
	if (optind != argc)
		return usage_error(
		    self, "what is '%s'? -f FILE names a file", argv[optind]);
	rc = load_network(&net, path);
	if (rc != 0)
		return rc;
	rc = json ? print_json(net) : print_table(net);
	if (rc != 0)
		log_error("cannot be printed");
	network_free(net);
	return rc == 0 ? 0 : 1;
}

const struct subcommand subcommand_pops = {
	.name = "pops",
	.synopsis = "pops [-f FILE] [--json]",
	.brief = "list the POPs, with their subnets and gateways",
	.text = "Without -f the network file is etc/meetme/network.yaml below "
		"the root.\n",
	.run = run_pops,
};
