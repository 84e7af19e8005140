#include <stdio.h>

#include "provision/place.h"

#define GROUP "${aws_security_group.meetme.id}"

static const char *const families[][2] = {
	{ "cidr_ipv4", "0.0.0.0/0" },
	{ "cidr_ipv6", "::/0" },
};

/* One resource each: as nested blocks, JSON would need every field of them. */
static int
add_rule(json_t *rules, const char *name, const char *family, const char *range,
    const char *protocol, int from, int to, const char *what)
{
	return json_object_set_new(rules, name,
	    json_pack("{s:s, s:s, s:s, s:i, s:i, s:s}", "security_group_id",
		GROUP, family, range, "ip_protocol", protocol, "from_port",
		from, "to_port", to, "description", what));
}

static json_t *
ingress(const struct firewall *fw)
{
	json_t *rules = json_object();
	char name[48];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < fw->n_spans * 2; i++) {
		const struct firewall_span *s = &fw->spans[i / 2];
		const char *const *family = families[i % 2];

		snprintf(name, sizeof(name), "%s_%u_%s", s->protocol, s->from,
		    i % 2 == 0 ? "ipv4" : "ipv6");
		rc = add_rule(rules, name, family[0], family[1], s->protocol,
		    s->from, s->to, s->what);
	}
	if (rc == 0)
		rc = add_rule(rules, "icmp", families[0][0], families[0][1],
		    "icmp", -1, -1, "ICMP");
	if (rc == 0)
		rc = add_rule(rules, "icmpv6", families[1][0], families[1][1],
		    "icmpv6", -1, -1, "ICMPv6");
	if (rc == 0)
		return rules;
	json_decref(rules);
	return NULL;
}

static json_t *
egress(void)
{
	return json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s}}", "ipv4",
	    "security_group_id", GROUP, families[0][0], families[0][1],
	    "ip_protocol", "-1", "ipv6", "security_group_id", GROUP,
	    families[1][0], families[1][1], "ip_protocol", "-1");
}

static json_t *
variables(void)
{
	return json_pack("{s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:{s:s, s:s, s:n}, "
			 "s:{s:s, s:s, s:n}, s:{s:s, s:s, s:n}}",
	    "region", "type", "string", "description", "such as eu-central-1",
	    "instance_type", "type", "string", "description",
	    "of x86-64, as the image is", "default", "t3.micro", "key_name",
	    "type", "string", "description",
	    "the key pair that Debian's user `admin` logs in with", "default",
	    "vpc_id", "type", "string", "description",
	    "where it stands; else in the default VPC", "default", "subnet_id",
	    "type", "string", "description", "of that VPC", "default");
}

static json_t *
instance(const struct provision *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:[s], s:s, s:{s:s}, s:{s:s}}",
	    "ami", "${data.aws_ami.debian.id}", "instance_type",
	    "${var.instance_type}", "key_name", "${var.key_name}", "subnet_id",
	    "${var.subnet_id}", "vpc_security_group_ids", GROUP,
	    "user_data_base64", "${base64gzip(local.user_data)}",
	    "metadata_options", "http_tokens", "required", "tags", "Name",
	    p->pop->name);
}

static json_t *
image(void)
{
	return json_pack("{s:{s:b, s:[s], s:[{s:s, s:[s]}]}}", "debian",
	    "most_recent", 1, "owners", "136693071363", "filter", "name",
	    "name", "values", "debian-12-amd64-*");
}

json_t *
place_aws(const struct provision *p)
{
	char name[NETWORK_POP_MAX + 8];

	snprintf(name, sizeof(name), "meetme-%s", p->pop->name);
	return json_pack("{s:{s:s, s:{s:{s:s, s:s}}}, s:o, s:{s:{s:s}}, "
			 "s:{s:o}, s:{s:{s:{s:s, s:s, s:s}}, s:o, s:o, "
			 "s:{s:o}}, s:{s:{s:s}, s:{s:s}}}",
	    "terraform", "required_version", ">= 1.0", "required_providers",
	    "aws", "source", "hashicorp/aws", "version", ">= 5.0, < 7.0",
	    "variable", variables(), "provider", "aws", "region",
	    "${var.region}", "data", "aws_ami", image(), "resource",
	    "aws_security_group", "meetme", "name", name, "description",
	    "what meetme lets in", "vpc_id", "${var.vpc_id}",
	    "aws_vpc_security_group_ingress_rule", ingress(&p->firewall),
	    "aws_vpc_security_group_egress_rule", egress(), "aws_instance",
	    "meetme", instance(p), "output", "ipv4", "value",
	    "${aws_instance.meetme.public_ip}", "ipv6", "value",
	    "${aws_instance.meetme.ipv6_addresses}");
}
