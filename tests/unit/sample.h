#ifndef TESTS_UNIT_SAMPLE_H
#define TESTS_UNIT_SAMPLE_H

/* A network of two POPs and some peerings, for the tests of what uses them. */

#include <bsd/string.h>
#include <string.h>

#include "peering/peering.h"

static inline struct ip
sample_ip(const char *text)
{
	struct ip ip = { 0 };

	assert_int_equal(ip_parse(&ip, text, strlen(text)), 0);
	return ip;
}

static inline struct prefix
sample_prefix(const char *text)
{
	struct prefix p = { 0 };

	assert_int_equal(prefix_parse(&p, text, strlen(text)), 0);
	return p;
}

/* A public key that is like no other one's. */
static inline struct wgkey
sample_key(uint32_t n)
{
	struct wgkey key = { { [0] = 9, [30] = 1 } };

	memcpy(&key.byte[4], &n, sizeof(n));
	return key;
}

struct sample {
	struct network net;
	struct network_pop pops[2];
	struct prefix prefixes[2];
	struct prefix reserved[1];
	char *allow[1];
	struct peering_rules rules;
};

static inline void
sample_pop(struct network_pop *pop, const char *name, uint16_t id,
    const char *endpoint, const char *ipv4, const char *ipv6)
{
	strlcpy(pop->name, name, sizeof(pop->name));
	pop->id = id;
	strlcpy(pop->endpoint, endpoint, sizeof(pop->endpoint));
	pop->public_key = sample_key(0x10000000U + id);
	if (ipv4 != NULL)
		pop->ipv4 = sample_prefix(ipv4);
	pop->ipv6 = sample_prefix(ipv6);
	pop->peering = true;
}

/* Fills *s, whose rules are those of its second POP, nl-ams2. */
static inline void
sample_init(struct sample *s)
{
	struct network *net = &s->net;

	memset(s, 0, sizeof(*s));
	strlcpy(net->name, "Flip Flap Network", sizeof(net->name));
	net->asn = 4242420263;
	s->prefixes[0] = sample_prefix("fd28:7515:7d51::/48");
	s->prefixes[1] = sample_prefix("172.22.144.160/27");
	net->prefixes = (struct network_prefixes){ s->prefixes, 2 };
	net->mesh.port_base = 51800;
	net->mesh.mtu = 1420;
	net->peering.listen = sample_ip("::");
	net->peering.listen_port = 4242;
	net->peering.ports = PORTS_ASN;
	net->peering.link_local = sample_ip("fe80:263::");
	net->peering.own_link_local = sample_ip("fe80::263");
	net->peering.ipv4 = net->peering.ipv6 = true;
	s->reserved[0] = sample_prefix("2001:bc8:3feb::/48");
	net->peering.reserved = (struct network_prefixes){ s->reserved, 1 };
	net->peering.import_limit = 9000;
	sample_pop(&s->pops[0], "nl-ams1", 1, "2a00:1450:4001::1",
	    "172.22.144.161/29", "fd28:7515:7d51:a::1/64");
	sample_pop(&s->pops[1], "nl-ams2", 2, "nl-ams2.flap42.eu",
	    "172.22.144.169/29", "fd28:7515:7d51:b::1/64");
	net->pops = s->pops;
	net->n_pops = 2;
	peering_rules_init(&s->rules, net, &s->pops[1]);
}

/* A peering that is good, with id `id` and an endpoint. */
static inline struct peering
sample_peering(uint32_t asn, uint32_t id)
{
	struct peering p = { .asn = asn,
		.id = id,
		.listen_port = (uint16_t)(20000 + id),
		.mntner = "FOO-MNT",
		.key = sample_key(asn),
		.host = "2a02:3100::1",
		.port = 42424,
		.mtu = PEERING_MTU_DEFAULT,
		.created = 1750000000,
		.changed = 1750000000 };

	return p;
}

#endif
