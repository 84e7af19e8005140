#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "sample.h"

/* The peering is refused for `field`, and the text says `says`. */
static void
refused(const struct sample *s, const struct peering *p,
    const struct peering *all, size_t n, int code, const char *field,
    const char *says)
{
	struct fault f = { 0 };

	assert_int_equal(peering_check(p, &s->rules, all, n, &f), code);
	assert_int_equal(f.code, code);
	assert_string_equal(f.field, field);
	if (strstr(f.text, says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", f.text, says);
}

static void
invalid(const struct sample *s, const struct peering *p, const char *field,
    const char *says)
{
	refused(s, p, NULL, 0, FAULT_INVALID, field, says);
}

static void
good(const struct sample *s, const struct peering *p, const struct peering *all,
    size_t n)
{
	struct fault f = { 0 };

	if (peering_check(p, &s->rules, all, n, &f) != 0)
		fail_msg("%s: %s", f.field, f.text);
}

static void
test_good_peerings(void **state)
{
	struct peering p = sample_peering(4242421344, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	good(&s, &p, NULL, 0);
	good(&s, &p, &p, 1);
	p.id = p.listen_port = 0;
	good(&s, &p, NULL, 0);
	p.host[0] = '\0';
	p.port = 0;
	good(&s, &p, NULL, 0);
	p.has_psk = true;
	p.psk = sample_key(1);
	p.link_local = sample_ip("fe80::1");
	p.mtu = PEERING_MTU_MIN;
	good(&s, &p, NULL, 0);
	p.mtu = PEERING_MTU_MAX;
	good(&s, &p, NULL, 0);
}

static void
test_asns(void **state)
{
	static const uint32_t reserved[] = { 0, 23456, 65535, 4294967295 };
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < 4; i++) {
		struct peering p = sample_peering(reserved[i], 1);

		invalid(&s, &p, "asn", "reserved");
	}
	struct peering own = sample_peering(4242420263, 1);
	struct peering blocked = sample_peering(4242421344, 1);
	invalid(&s, &own, "asn", "AS4242420263 is this network");
	good(&s, &blocked, NULL, 0);
	s.net.policy.block[s.net.policy.n_block++] = 4242429999;
	good(&s, &blocked, NULL, 0);
	s.net.policy.block[s.net.policy.n_block++] = blocked.asn;
	refused(&s, &blocked, NULL, 0, FAULT_DENIED, "asn",
	    "AS4242421344 is blocked");
}

static void
test_keys(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct peering other = sample_peering(65001, 2);
	struct sample s;

	(void)state;
	sample_init(&s);
	memset(&p.key, 0, sizeof(p.key));
	invalid(&s, &p, "key", "all zero");
	p.key.byte[0] = 1;
	invalid(&s, &p, "key", "small order");
	p.key = s.pops[1].public_key;
	invalid(&s, &p, "key", "key of nl-ams2, our side");
	p.key = s.pops[0].public_key;
	invalid(&s, &p, "key", "key of nl-ams1, our side");
	p.key = other.key;
	refused(&s, &p, &other, 1, FAULT_TAKEN, "key", "another AS");
	p.key = sample_key(3);
	p.has_psk = true;
	invalid(&s, &p, "psk", "all zero");
}

static void
endpoint(const struct sample *s, const char *host, const char *says)
{
	struct peering p = sample_peering(65000, 1);

	strlcpy(p.host, host, sizeof(p.host));
	invalid(s, &p, "endpoint", says);
}

static void
test_special_endpoints(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	endpoint(&s, "10.1.2.3",
	    "10.1.2.3 is a private address (RFC 1918); give an address that "
	    "the Internet reaches");
	endpoint(&s, "192.168.1.1", "private");
	endpoint(&s, "172.22.144.161", "private");
	endpoint(&s, "fd00::1", "private address (RFC 4193)");
	endpoint(&s, "224.0.0.1", "multicast");
	endpoint(&s, "ff02::1", "multicast");
	endpoint(&s, "100.64.0.1", "cgnat");
	endpoint(&s, "192.0.2.1", "documentation");
	endpoint(&s, "2001:db8::1", "documentation");
	endpoint(&s, "3fff::1", "documentation");
	endpoint(&s, "64:ff9b::10.1.2.3", "private");
	endpoint(&s, "64:ff9b::a01:203", "private");
	endpoint(&s, "64:ff9b:1::1", "nat64");
	endpoint(&s, "2002:a01:203::1", "private");
	endpoint(&s, "::ffff:10.1.2.3", "private");
	endpoint(&s, "::ffff:8.8.8.8", "mapped");
	endpoint(&s, "169.254.1.1", "link-local");
	endpoint(&s, "fe80::1", "link-local");
	endpoint(&s, "127.0.0.1", "loopback");
	endpoint(&s, "::1", "loopback");
	endpoint(&s, "0.0.0.0", "an unspecified address");
	endpoint(&s, "::", "unspecified");
	endpoint(&s, "255.255.255.255", "reserved");
	endpoint(&s, "4000::1", "reserved");
}

static void
test_endpoints_of_our_own(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	endpoint(&s, "2001:bc8:3feb::1",
	    "lies in 2001:bc8:3feb::/48, where this network takes no "
	    "endpoints");
	endpoint(&s, "2a00:1450:4001::1", "nl-ams1, our side");
	endpoint(&s, "2a00:1450:4001:0:0::1", "2a00:1450:4001::1/128");
	endpoint(&s, "nl-ams2.flap42.eu", "nl-ams2, our side");
	endpoint(&s, "NL-AMS2.Flap42.EU", "nl-ams2, our side");
	endpoint(&s, "nl-ams2.flap42.eu.", "nl-ams2, our side");
	s.reserved[0] = sample_prefix("8.8.8.0/24");
	peering_rules_init(&s.rules, &s.net, &s.pops[1]);
	endpoint(&s, "8.8.8.8", "8.8.8.0/24");
	endpoint(&s, "64:ff9b::8.8.8.8", "8.8.8.0/24");
}

static void
test_malformed_endpoints(void **state)
{
	static const char *const hosts[] = { "host", "a..b", ".a.b", "a.b.",
		"a_b.c", "-a.b", "a-.b", "10.0.0.300", "8.8.8", "0x08080808",
		"08.8.8.8", "[2a02::1]", "2a02::1%eth0", "a.b:51820", "a b.c",
		"a.b\n", "a.b\033[2J", "a.b;reboot", "a.b/24", "\303\244.b" };
	char label[HOST_TEXT_MAX] = "";
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		endpoint(&s, hosts[i], "is neither an address nor a host name");
	memset(label, 'a', 64);
	strlcat(label, ".b", sizeof(label));
	endpoint(&s, label, "is neither an address nor a host name");
}

static void
test_families_of_endpoints(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.rules.endpoint.ipv4 = false;
	endpoint(&s, "8.8.8.8",
	    "8.8.8.8 is an IPv4 address, which this POP cannot reach; give an "
	    "IPv6 address");
	s.rules.endpoint.ipv4 = true;
	s.rules.endpoint.ipv6 = false;
	endpoint(&s, "2a02::1", "give an IPv4 address");
}

/* Ranges are allowed by name; what is ours is not allowed with them. */
static void
test_allowed_ranges(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	s.allow[0] = (char *)"documentation";
	s.net.peering.allow = (struct network_strings){ s.allow, 1 };
	peering_rules_init(&s.rules, &s.net, &s.pops[1]);
	strlcpy(p.host, "2001:db8::1", sizeof(p.host));
	good(&s, &p, NULL, 0);
	strlcpy(p.host, "192.0.2.1", sizeof(p.host));
	good(&s, &p, NULL, 0);
	endpoint(&s, "10.1.2.3", "private");
	s.allow[0] = (char *)"private";
	peering_rules_init(&s.rules, &s.net, &s.pops[1]);
	strlcpy(p.host, "10.1.2.3", sizeof(p.host));
	good(&s, &p, NULL, 0);
	endpoint(&s, "192.0.2.1", "documentation");
	endpoint(&s, "172.22.144.161", "172.22.144.160/27");
	endpoint(&s, "64:ff9b::172.22.144.161", "172.22.144.160/27");
}

static void
test_host_and_port_belong_together(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	p.port = 0;
	invalid(&s, &p, "port", "no port; give one from 1 to 65535");
	p.port = 1;
	p.host[0] = '\0';
	invalid(&s, &p, "endpoint", "give both, or neither");
}

static void
link_local(const struct sample *s, const char *ip, int code, const char *says)
{
	struct peering p = sample_peering(65000, 1);
	struct peering other = sample_peering(65001, 2);

	other.link_local = sample_ip("fe80::65:1");
	p.link_local = sample_ip(ip);
	refused(s, &p, &other, 1, code, "link_local", says);
}

static void
test_link_locals(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	link_local(
	    &s, "2001:db8::1", FAULT_INVALID, "fe80::/10 like fe80::fde8");
	link_local(&s, "fec0::1", FAULT_INVALID, "no link-local");
	link_local(&s, "ff02::1", FAULT_INVALID, "no link-local");
	link_local(&s, "169.254.0.1", FAULT_INVALID, "no link-local");
	link_local(&s, "fe80::", FAULT_INVALID, "no link-local");
	link_local(&s, "fe80::263", FAULT_TAKEN, "our side's address");
	link_local(&s, "fe80:263::1:1", FAULT_TAKEN, "that this network gives");
	link_local(&s, "fe80:263::2:1", FAULT_TAKEN, "that this network gives");
	link_local(&s, "fe80:263::2:ffff", FAULT_TAKEN, "network gives");
	link_local(&s, "fe80::65:1", FAULT_TAKEN, "another peering uses");
	p.link_local = sample_ip("fe80:263::3:1");
	good(&s, &p, NULL, 0);
	p.link_local = sample_ip("febf::1");
	good(&s, &p, NULL, 0);
}

static void
test_mtus(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	p.mtu = PEERING_MTU_MIN - 1;
	invalid(&s, &p, "mtu", "give one from 1280 to 1440");
	p.mtu = PEERING_MTU_MAX + 1;
	invalid(&s, &p, "mtu", "1441");
	p.mtu = 0;
	invalid(&s, &p, "mtu", "usually 1420");
}

static void
test_allocations_collide(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct peering other = sample_peering(65001, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	refused(&s, &p, &other, 1, FAULT_TAKEN, "id", "AS65001 has the id 1");
	other.id = 2;
	refused(&s, &p, &other, 1, FAULT_TAKEN, "listen_port", "AS65001");
	p.id = 65536;
	invalid(&s, &p, "id", "65535");
}

/* The mesh may have moved onto a port that a peering has. */
static void
test_ports_of_links(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	p.listen_port = 51801;
	refused(&s, &p, NULL, 0, FAULT_TAKEN, "listen_port",
	    "the link to nl-ams1 has our port 51801");
	/* No POP listens for itself, nor for one that is not there. */
	p.listen_port = 51802;
	good(&s, &p, NULL, 0);
	p.listen_port = 51803;
	good(&s, &p, NULL, 0);
	p.listen_port = 51801;
	s.net.mesh.topology = TOPOLOGY_NONE;
	good(&s, &p, NULL, 0);
}

static uint16_t
port_of(
    const struct sample *s, uint32_t asn, const struct peering *all, size_t n)
{
	struct peering p = sample_peering(asn, 0);
	struct fault f = { 0 };

	p.listen_port = 0;
	if (peering_allocate(&p, &s->rules, all, n, &f) != 0)
		fail_msg("%s", f.text);
	return p.listen_port;
}

static void
test_ports_from_the_asn(void **state)
{
	struct peering other = sample_peering(65001, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_int_equal(port_of(&s, 4242421344, NULL, 0), 21344);
	assert_int_equal(port_of(&s, 64512, NULL, 0), 64512);
	assert_int_equal(port_of(&s, 4242401024, NULL, 0), 1024);
	/* Too low, too high, the SSH port, our own mesh, taken. */
	assert_int_equal(port_of(&s, 4242401023, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4242400000, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200065536, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200099999, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200004242, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200051801, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200052800, NULL, 0), 50000);
	assert_int_equal(port_of(&s, 4200052801, NULL, 0), 52801);
	other.listen_port = 21344;
	assert_int_equal(port_of(&s, 4242421344, &other, 1), 50000);
	other.listen_port = 50000;
	assert_int_equal(port_of(&s, 4242401023, &other, 1), 50001);
}

static void
test_ports_from_a_base(void **state)
{
	struct peering all[2] = { sample_peering(65001, 1),
		sample_peering(65002, 3) };
	struct sample s;

	(void)state;
	sample_init(&s);
	s.net.peering.ports = PORTS_BASE;
	s.net.peering.port_base = 52000;
	assert_int_equal(port_of(&s, 65000, NULL, 0), 52001);
	assert_int_equal(port_of(&s, 65000, all, 2), 52002);
	all[1].listen_port = 52002;
	assert_int_equal(port_of(&s, 65000, all, 2), 50000);
	/* The ports on which this POP has links to the others. */
	s.net.peering.port_base = 51800;
	assert_int_equal(port_of(&s, 65000, NULL, 0), 50000);
	s.net.peering.port_base = 65535;
	assert_int_equal(port_of(&s, 65000, NULL, 0), 50000);
}

/* As many as a POP may have: all different, the same each time, then full. */
static void
test_allocation_never_collides(void **state)
{
	struct peering *all = calloc(PEERING_MAX + 1, sizeof(*all));
	static bool ports[65536];
	struct fault f = { 0 };
	struct sample s;

	(void)state;
	assert_non_null(all);
	sample_init(&s);
	for (uint32_t i = 0; i < PEERING_MAX; i++) {
		struct peering *p = &all[i], again;

		/* Each last five digits come four times. */
		p->asn = 4242420000U + i / 4 + (i % 4) * 100000;
		assert_int_equal(peering_allocate(p, &s.rules, all, i, &f), 0);
		assert_int_equal(p->id, i + 1);
		assert_false(ports[p->listen_port]);
		ports[p->listen_port] = true;
		again = *p;
		again.id = again.listen_port = 0;
		assert_int_equal(
		    peering_allocate(&again, &s.rules, all, i, &f), 0);
		assert_memory_equal(&again, p, sizeof(again));
	}
	assert_int_equal(
	    peering_allocate(&all[PEERING_MAX], &s.rules, all, PEERING_MAX, &f),
	    FAULT_LIMIT);
	assert_int_equal(all[PEERING_MAX].id, 0);
	/* A gap is filled. */
	all[99] = all[PEERING_MAX - 1];
	assert_int_equal(peering_allocate(&all[PEERING_MAX - 1], &s.rules, all,
			     PEERING_MAX - 1, &f),
	    0);
	assert_int_equal(all[PEERING_MAX - 1].id, 100);
	free(all);
}

static void
ends(const struct sample *s, const struct peering *p, const char *ours,
    const char *theirs)
{
	struct ip a = peering_our_ip(p, &s->net);
	struct ip b = peering_their_ip(p, &s->net);
	char text[IP_TEXT_MAX];

	assert_string_equal(ip_text(&a, text), ours);
	assert_string_equal(ip_text(&b, text), theirs);
}

static void
test_ends_of_the_tunnel(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct sample s;

	(void)state;
	sample_init(&s);
	ends(&s, &p, "fe80:263::1:1", "fe80:263::2:1");
	p.id = 0xabcd;
	ends(&s, &p, "fe80:263::1:abcd", "fe80:263::2:abcd");
	p.link_local = sample_ip("fe80::42");
	ends(&s, &p, "fe80::263", "fe80::42");
}

static void
test_endpoint_text(void **state)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	assert_string_equal(
	    endpoint_text(text, "2001:db8::1", 51820), "[2001:db8::1]:51820");
	assert_string_equal(endpoint_text(text, "a.example", 1), "a.example:1");
	assert_string_equal(
	    endpoint_text(text, "8.8.8.8", 65535), "8.8.8.8:65535");
	assert_string_equal(endpoint_text(text, "", 1), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_peerings),
		cmocka_unit_test(test_asns),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_special_endpoints),
		cmocka_unit_test(test_endpoints_of_our_own),
		cmocka_unit_test(test_malformed_endpoints),
		cmocka_unit_test(test_families_of_endpoints),
		cmocka_unit_test(test_allowed_ranges),
		cmocka_unit_test(test_host_and_port_belong_together),
		cmocka_unit_test(test_link_locals),
		cmocka_unit_test(test_mtus),
		cmocka_unit_test(test_allocations_collide),
		cmocka_unit_test(test_ports_of_links),
		cmocka_unit_test(test_ports_from_the_asn),
		cmocka_unit_test(test_ports_from_a_base),
		cmocka_unit_test(test_allocation_never_collides),
		cmocka_unit_test(test_ends_of_the_tunnel),
		cmocka_unit_test(test_endpoint_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
