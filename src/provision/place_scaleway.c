#include <stdio.h>

#include "provision/place.h"

/* `span` NULL: ICMP. */
static int
add_rule(json_t *rules, const struct firewall_span *span, const char *range)
{
	const char *protocol = span == NULL		  ? "ICMP"
			       : span->protocol[0] == 't' ? "TCP"
							  : "UDP";
	json_t *rule = json_pack("{s:s, s:s, s:s}", "action", "accept",
	    "protocol", protocol, "ip_range", range);
	char ports[16];
	int rc = 0;

	if (rule == NULL)
		return -1;
	if (span != NULL && span->from == span->to) {
		rc =
		    json_object_set_new(rule, "port", json_integer(span->from));
	} else if (span != NULL) {
		snprintf(ports, sizeof(ports), "%u-%u", span->from, span->to);
		rc =
		    json_object_set_new(rule, "port_range", json_string(ports));
	}
	return json_array_append_new(rules, rule) == 0 ? rc : -1;
}

static json_t *
inbound(const struct firewall *fw)
{
	static const char *const ranges[] = { "0.0.0.0/0", "::/0" };
	json_t *rules = json_array();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < fw->n_spans * 2; i++)
		rc = add_rule(rules, &fw->spans[i / 2], ranges[i % 2]);
	for (size_t i = 0; rc == 0 && i < 2; i++)
		rc = add_rule(rules, NULL, ranges[i]);
	if (rc == 0)
		return rules;
	json_decref(rules);
	return NULL;
}

static json_t *
server(const struct provision *p)
{
	return json_pack("{s:s, s:s, s:s, s:[s, s], s:s, s:{s:s}}", "name",
	    p->pop->name, "type", "${var.type}", "image", "debian_bookworm",
	    "ip_ids", "${scaleway_instance_ip.ipv4.id}",
	    "${scaleway_instance_ip.ipv6.id}", "security_group_id",
	    "${scaleway_instance_security_group.meetme.id}", "user_data",
	    "cloud-init", "${local.user_data}");
}

static json_t *
variables(void)
{
	return json_pack("{s:{s:s, s:s}, s:{s:s, s:s, s:s}}", "zone", "type",
	    "string", "description", "such as nl-ams-1", "type", "type",
	    "string", "description", "of the instance", "default", "DEV1-S");
}

json_t *
place_scaleway(const struct provision *p)
{
	char name[NETWORK_POP_MAX + 8];

	snprintf(name, sizeof(name), "meetme-%s", p->pop->name);
	return json_pack("{s:{s:s, s:{s:{s:s, s:s}}}, s:o, s:{s:{s:s}}, "
			 "s:{s:{s:{s:s}, s:{s:s}}, "
			 "s:{s:{s:s, s:b, s:s, s:s, s:o}}, s:{s:o}}, "
			 "s:{s:{s:s}, s:{s:s}}}",
	    "terraform", "required_version", ">= 1.0", "required_providers",
	    "scaleway", "source", "scaleway/scaleway", "version", "~> 2.40",
	    "variable", variables(), "provider", "scaleway", "zone",
	    "${var.zone}", "resource", "scaleway_instance_ip", "ipv4", "type",
	    "routed_ipv4", "ipv6", "type", "routed_ipv6",
	    "scaleway_instance_security_group", "meetme", "name", name,
	    "stateful", 1, "inbound_default_policy", "drop",
	    "outbound_default_policy", "accept", "inbound_rule",
	    inbound(&p->firewall), "scaleway_instance_server", "meetme",
	    server(p), "output", "ipv4", "value",
	    "${scaleway_instance_ip.ipv4.address}", "ipv6", "value",
	    "${scaleway_instance_ip.ipv6.address}");
}
