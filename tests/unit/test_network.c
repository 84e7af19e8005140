/* The network file: what is accepted, and what is said about what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "network/network.h"

#define KEY_1 "HVvVaDDzEDHXlMl2QRgBS5nKCq0dXtuS5c5kmGpZ8Ws="
#define KEY_2 "C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI="
#define KEY_3 "xYwWlcuwHsf8eJc0IQTyTeCYKlHAEw6E2cayTcblz1c="

#define NETWORK                  \
	"network:\n"             \
	"  name: Test Network\n" \
	"  asn: 4242420263\n"    \
	"  prefixes: [172.22.144.160/27, \"fd28:7515:7d51::/48\"]\n"
#define POP(name, id, key, ipv4, ipv6)         \
	"  - name: " name "\n"                 \
	"    id: " id "\n"                     \
	"    endpoint: " name ".example.net\n" \
	"    public_key: \"" key "\"\n"        \
	"    ipv4: " ipv4 "\n"                 \
	"    ipv6: \"" ipv6 "\"\n"
#define POP_1 \
	POP("one", "1", KEY_1, "172.22.144.161/29", "fd28:7515:7d51:a::1/64")
#define POPS "pops:\n" POP_1

static struct network_problems problems;

static struct network *
parse(const char *text)
{
	struct network *net = NULL;
	int rc = network_parse(&net, text, strlen(text), &problems);

	assert_int_equal(rc, net != NULL ? 0 : FAULT_INVALID);
	assert_int_equal(problems.n == 0, net != NULL);
	return net;
}

static struct network *
accept(const char *text)
{
	struct network *net = parse(text);

	for (size_t i = 0; i < problems.n; i++)
		print_message("%u: %s: %s\n", problems.list[i].line,
		    problems.list[i].field, problems.list[i].text);
	assert_non_null(net);
	return net;
}

/* The text has a problem there, with these words in it. */
static void
expect(unsigned line, const char *field, const char *words)
{
	for (size_t i = 0; i < problems.n; i++) {
		const struct network_problem *p = &problems.list[i];

		if (p->line == line && strcmp(p->field, field) == 0 &&
		    strstr(p->text, words) != NULL)
			return;
	}
	for (size_t i = 0; i < problems.n; i++)
		print_message("%u: %s: %s\n", problems.list[i].line,
		    problems.list[i].field, problems.list[i].text);
	fail_msg("no problem in line %u: %s: ...%s...", line, field, words);
}

/* The text has just this problem. */
static void
refuse(const char *text, unsigned line, const char *field, const char *words)
{
	assert_null(parse(text));
	expect(line, field, words);
	assert_int_equal(problems.n, 1);
}

static void
test_example(void **state)
{
	struct network *net = NULL;
	const struct network_pop *pop;
	char text[PREFIX_TEXT_MAX];
	struct wgkey key;

	(void)state;
	assert_int_equal(
	    network_load(&net, "examples/full-mesh.yaml", &problems), 0);
	assert_int_equal(net->asn, 4242420263);
	assert_int_equal(net->region, 41);
	assert_int_equal(net->prefixes.n, 2);
	assert_int_equal(net->n_pops, 4);
	assert_int_equal(net->peering.ports, PORTS_BASE);
	assert_int_equal(net->peering.port_base, 52000);
	assert_false(net->peering.ipv4);
	assert_true(net->peering.ipv6);
	assert_int_equal(net->peering.reserved.n, 1);
	assert_false(network_pop(net, "nl-ams1")->peering);
	pop = network_pop(net, "pl-waw1");
	assert_true(pop->peering);
	assert_int_equal(pop->bandwidth, 100000);
	assert_string_equal(pop->country, "PL");
	assert_string_equal(prefix_text(&pop->ipv4, text), "172.22.144.185/29");
	assert_null(network_pop(net, "pl-waw2"));
	assert_int_equal(wgkey_parse(&key, KEY_2, strlen(KEY_2)), 0);
	assert_string_equal(network_pop_by_key(net, &key)->name, "nl-ams2");
	network_free(net);
}

static void
test_defaults(void **state)
{
	struct network *net = accept(NETWORK POPS);
	const struct network_peering *p = &net->peering;
	char text[IP_TEXT_MAX];

	(void)state;
	assert_int_equal(net->mesh.topology, TOPOLOGY_FULL);
	assert_int_equal(net->mesh.igp, IGP_BABEL);
	assert_int_equal(net->mesh.port_base, 51800);
	assert_string_equal(ip_text(&p->listen, text), "::");
	assert_int_equal(p->listen_port, 4242);
	assert_int_equal(p->ports, PORTS_ASN);
	assert_string_equal(ip_text(&p->link_local, text), "fe80:263::");
	assert_string_equal(ip_text(&p->own_link_local, text), "fe80::263");
	assert_true(p->ipv4 && p->ipv6);
	assert_int_equal(p->import_limit, 9000);
	assert_string_equal(p->motd, "");
	assert_true(net->pops[0].peering);
	assert_int_equal(net->pops[0].bandwidth, 0);
	network_free(net);
}

static void
test_all_keys(void **state)
{
	struct network *net = accept(NETWORK
	    "  region: 52\n"
	    "mesh: {topology: hubs, hubs: [a], igp: ospf, port_base: "
	    "40000}\n"
	    "peering:\n"
	    "  listen: 192.0.2.1:2222\n"
	    "  motd: hello.txt\n"
	    "  ports: asn\n"
	    "  link_local: \"fe80:1:2:3::\"\n"
	    "  own_link_local: fe80::42\n"
	    "  endpoints: [ipv4]\n"
	    "  reserved: []\n"
	    "  allow:\n"
	    "  - documentation\n"
	    "  - cgnat\n"
	    "  import_limit: 1000\n"
	    "  admin_keys:\n"
	    "  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKKLtHFVuO7+8P+R6QpQ2WnA"
	    "4Y3rR7fG3bS8mY0v8pLx  of an operator\n"
	    "pops:\n"
	    "- {name: a, id: 1000, endpoint: 192.0.2.7, public_key: " KEY_1
	    ",\n   ipv4: 172.22.144.160/32, country: \"no\", bandwidth: 512k, "
	    "peering: no}\n");

	(void)state;
	assert_int_equal(net->region, 52);
	assert_int_equal(net->mesh.topology, TOPOLOGY_HUBS);
	assert_int_equal(net->mesh.igp, IGP_OSPF);
	assert_int_equal(net->mesh.port_base, 40000);
	assert_int_equal(net->peering.listen.family, 4);
	assert_int_equal(net->peering.listen_port, 2222);
	assert_string_equal(net->peering.motd, "hello.txt");
	assert_false(net->peering.ipv6);
	assert_int_equal(net->peering.allow.n, 2);
	assert_string_equal(net->peering.allow.list[1], "cgnat");
	assert_int_equal(net->peering.admin_keys.n, 1);
	assert_int_equal(net->pops[0].bandwidth, 512);
	assert_string_equal(net->pops[0].country, "NO");
	assert_int_equal(net->pops[0].ipv6.ip.family, 0);
	assert_false(net->pops[0].peering);
	network_free(net);
}

/* Every problem is told, in the order of the lines. */
static void
test_all_at_once(void **state)
{
	(void)state;
	assert_null(parse("network:\n"
			  "  nam: X\n"
			  "  asn: 0\n"
			  "  prefixes: 172.22.144.160/27\n"
			  "peering:\n"
			  "  import_limt: 5\n"
			  "  region: europe\n"
			  "  listen: 22\n"
			  "mesh: full\n"
			  "pops:\n"
			  "  - name: One\n"
			  "    id: 1\n"
			  "    id: 2\n"
			  "    endpoint:\n"));
	expect(2, "network.nam", "did you mean 'name'");
	expect(3, "network.asn", "'0' is no AS number");
	expect(4, "network.prefixes", "must be a list");
	expect(6, "peering.import_limt", "did you mean 'import_limit'");
	expect(7, "peering.region", "belongs to 'network:'");
	expect(8, "peering.listen", "no address and port");
	expect(9, "mesh", "must be a section");
	expect(11, "pops[0].name", "'One' is no POP name");
	expect(11, "pops[0].public_key", "is missing");
	expect(13, "pops[0].id", "stands twice: already in line 12");
	expect(14, "pops[0].endpoint", "has no value");
	expect(11, "pops[0]", "has no address");
	assert_int_equal(problems.n, 12);
	for (size_t i = 1; i < problems.n; i++)
		assert_true(problems.list[i - 1].line <= problems.list[i].line);
}

static const struct {
	const char *line; /* replaces `asn` or stands in `peering:` */
	const char *words;
} bad_peering[] = {
	{ "listen: \"[::]:22\"", "below 1024: the listener has no right" },
	{ "listen: \"::4242\"", "no address and port" },
	{ "listen: \"[::]:65536\"", "no address and port" },
	{ "listen: \"[0.0.0.0]:4242\"", "no address and port" },
	{ "listen: \"::1:4242\"", "no address and port" },
	{ "listen: [1, 2]", "must be one value, not a list" },
	{ "motd: ../../etc/shadow", "no name of a file" },
	{ "motd: .hidden", "no name of a file" },
	{ "motd: \"a\\x1b[2J\"", "no name of a file" },
	{ "ports: 1023", "neither 'asn'" },
	{ "ports: 65000", "neither 'asn'" },
	{ "ports: id", "neither 'asn'" },
	{ "link_local: 2001:db8::1", "not inside fe80::/10" },
	{ "link_local: fe80:263::/64", "is no IPv6 address" },
	{ "link_local: fe80::1", "must end in 32 zero bits" },
	{ "link_local: \"fe80:263:0:0:0:0:1:0\"", "must end in 32 zero bits" },
	{ "own_link_local: \"fe80:263::\"", "must be one address" },
	{ "own_link_local: fe80::1%eth0", "is no IPv6 address" },
	{ "own_link_local: fe80:263::1:7", "that peering.link_local gives" },
	{ "endpoints: []", "at least one entry" },
	{ "endpoints: ipv6", "must be a list" },
	{ "import_limit: 0", "no number of routes" },
	{ "import_limit: many", "no number of routes" },
	{ "import_limit: -1", "no number of routes" },
	{ "import_limit: ~", "has no value" },
	{ "import_limit: {a: b}", "must be one value, not a section" },
};

static void
test_bad_peering(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_peering) / sizeof(*bad_peering);
	     i++) {
		const char *line = bad_peering[i].line;
		char text[2048], field[64];

		snprintf(
		    text, sizeof(text), NETWORK "peering:\n  %s\n" POPS, line);
		snprintf(field, sizeof(field), "peering.%.*s",
		    (int)strcspn(line, ":"), line);
		refuse(text, 6, field, bad_peering[i].words);
	}
}

static void
test_bad_list_entries(void **state)
{
	(void)state;
	refuse(NETWORK "peering:\n  endpoints: [ipv6, ipv5]\n" POPS, 6,
	    "peering.endpoints[1]", "none of ipv4, ipv6; did you mean");
	refuse(NETWORK "peering:\n  reserved: [2001:db8::1/32]\n" POPS, 6,
	    "peering.reserved[0]", "2001:db8::/32 would be right");
	refuse(NETWORK "peering:\n  reserved: [2001:db8::1]\n" POPS, 6,
	    "peering.reserved[0]", "lacks its length");
	refuse(NETWORK "peering:\n  allow:\n  - privat\n" POPS, 7,
	    "peering.allow[0]", "did you mean 'private'");
	refuse(NETWORK "peering:\n  admin_keys: [ssh-dss AAAA]\n" POPS, 6,
	    "peering.admin_keys[0]", "is no whole key");
	refuse(NETWORK "peering:\n  admin_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NT"
		       "E5AAAAIKKLtHFVuO7+8P+R6QpQ2WnA]\n" POPS,
	    6, "peering.admin_keys[0]", "is no whole key");
	refuse(NETWORK "peering:\n  admin_keys: [ssh-rsa AAAAC3NzaC1lZDI1NTE5AA"
		       "AAIKKLtHFVuO7+8P+R6QpQ2WnA4Y3rR7fG3bS8mY0v8pLx]\n" POPS,
	    6, "peering.admin_keys[0]", "is no whole key");
	/* Of 512 bits: whole, but libssh takes none such. */
	refuse(NETWORK "peering:\n  admin_keys: [ssh-rsa "
		       "AAAAB3NzaC1yc2EAAAADAQABAAAAQQD/////////////////////"
		       "////////////////////////////////////////////////////"
		       "////////////]\n" POPS,
	    6, "peering.admin_keys[0]", "RSA from 1024 bits");
	refuse("network:\n  name: a\n  asn: 1\n  prefixes:\n"
	       "  - 172.22.144.160/27\n  - fd28:7515:7d51::/48\n"
	       "  - 172.22.144.161/27\n" POPS,
	    7, "network.prefixes[2]", "172.22.144.160/27 would be right");
	refuse("network:\n  name: a\n  asn: 1\n"
	       "  prefixes: [172.22.144.160/27, fd28:7515:7d51::/48, "
	       "\"::/0\"]\n" POPS,
	    4, "network.prefixes[2]", "cannot be announced");
}

static const struct {
	const char *line;
	const char *words;
} bad_pop[] = {
	{ "name: Über", "is no POP name" },
	{ "name: a_b", "is no POP name" },
	{ "name: -a", "is no POP name" },
	{ "name: nl-amsterdam1", "1 to 12 of a-z" },
	{ "name: \"a\\nb\"", "is no POP name" },
	{ "id: 0", "is no POP number" },
	{ "id: 1001", "is no POP number" },
	{ "id: one", "is no POP number" },
	{ "endpoint: localhost", "neither a full host name" },
	{ "endpoint: 127.0.0.1", "nobody can reach it" },
	{ "endpoint: pop.example.net:51820", "without port" },
	{ "endpoint: \"a b.example.net\"", "neither a full host name" },
	{ "endpoint: 172.22.144.161", "through themselves" },
	{ "public_key: abc", "has 3 characters" },
	{ "public_key: C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTJ=",
	    "is not base64 of 32 bytes" },
	{ "public_key: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	    "gives no secrecy" },
	{ "public_key: AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	    "gives no secrecy" },
	{ "ipv4: 172.22.144.161", "lacks the length of its subnet" },
	{ "ipv4: 172.22.144.160/29", "network address" },
	{ "ipv4: 172.22.144.167/29", "broadcast address" },
	{ "ipv4: fd28:7515:7d51:a::1/64", "is no IPv4 address" },
	{ "ipv4: 172.23.0.1/29", "in none of network.prefixes" },
	{ "ipv6: fd28:7515:7d51:a::1/129", "is no IPv6 address" },
	{ "ipv6: fd28:7515:7d52:a::1/64", "in none of network.prefixes" },
	{ "country: Netherlands", "is no country" },
	{ "country: N1", "is no country" },
	{ "bandwidth: 100", "is no bandwidth" },
	{ "bandwidth: M", "is no bandwidth" },
	{ "bandwidth: 5000000G", "is no bandwidth" },
	{ "bandwidth: 1.5G", "is no bandwidth" },
	{ "peering: maybe", "neither true nor false" },
};

/* POP_1 with one of its lines replaced, or one more. */
static void
pop_with(char *out, size_t size, const char *line)
{
	static const char *const lines[] = { "name: one", "id: 1",
		"endpoint: one.example.net", "public_key: " KEY_1,
		"ipv4: 172.22.144.161/29", "ipv6: fd28:7515:7d51:a::1/64" };
	size_t key = strcspn(line, ":"), n;

	n = (size_t)snprintf(out, size, NETWORK "pops:\n  - %s\n", line);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (strncmp(lines[i], line, key + 1) != 0)
			n += (size_t)snprintf(
			    out + n, size - n, "    %s\n", lines[i]);
	assert_true(n < size);
}

static void
test_bad_pop(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_pop) / sizeof(*bad_pop); i++) {
		const char *line = bad_pop[i].line;
		char text[2048], field[64];

		pop_with(text, sizeof(text), line);
		snprintf(field, sizeof(field), "pops[0].%.*s",
		    (int)strcspn(line, ":"), line);
		refuse(text, 6, field, bad_pop[i].words);
	}
}

static void
test_between_pops(void **state)
{
	(void)state;
	assert_null(parse(NETWORK POPS POP_1));
	expect(12, "pops[1].name", "same as in line 6");
	expect(13, "pops[1].id", "same as in line 7");
	expect(15, "pops[1].public_key", "same as in line 9");
	expect(16, "pops[1].ipv4", "overlaps 172.22.144.161/29 in line 10");
	expect(17, "pops[1].ipv6", "overlaps fd28:7515:7d51:a::1/64");
	assert_int_equal(problems.n, 5);
	assert_null(parse(NETWORK POPS POP_1 POP_1));
	assert_int_equal(problems.n, 10);
	refuse(NETWORK POPS POP("two", "2", KEY_2, "172.22.144.169/27",
		   "fd28:7515:7d51:b::1/64"),
	    16, "pops[1].ipv4", "overlaps 172.22.144.161/29");
	refuse(NETWORK "peering:\n  ports: 51801\n" POPS POP("two", "2", KEY_2,
		   "172.22.144.169/29", "fd28:7515:7d51:b::1/64"),
	    6, "peering.ports", "among the mesh's ports 51801 to 51802");
}

#define POP_2 \
	POP("two", "2", KEY_2, "172.22.144.169/29", "fd28:7515:7d51:b::1/64")

static void
test_bad_mesh(void **state)
{
	(void)state;
	refuse(NETWORK "mesh:\n  topology: star\n" POPS, 6, "mesh.topology",
	    "none of full, hubs, none");
	refuse(NETWORK "mesh:\n  igp: isis\n" POPS, 6, "mesh.igp",
	    "none of babel, ospf, none");
	refuse(
	    NETWORK "mesh:\n  mtu: 1279\n" POPS, 6, "mesh.mtu", "1280 to 1440");
	refuse(
	    NETWORK "mesh:\n  mtu: 1441\n" POPS, 6, "mesh.mtu", "1280 to 1440");
	refuse(NETWORK "mesh:\n  port_base: 60001\n" POPS, 6, "mesh.port_base",
	    "1024 to 60000");
	refuse(NETWORK "mesh:\n  topology: hubs\n" POPS, 6, "mesh.topology",
	    "needs mesh.hubs");
	refuse(NETWORK "mesh:\n  hubs: [one]\n" POPS, 6, "mesh.hubs",
	    "goes with 'topology: hubs'");
	refuse(NETWORK "mesh:\n  topology: hubs\n  hubs:\n  - one\n"
		       "  - three\n" POPS POP_2,
	    9, "mesh.hubs[1]", "'three' is no POP");
	refuse(NETWORK "mesh:\n  topology: hubs\n  hubs: [one, one]\n" POPS, 7,
	    "mesh.hubs[1]", "names one twice");
	refuse(NETWORK "mesh:\n  topology: hubs\n  hubs: [One]\n" POPS, 7,
	    "mesh.hubs[0]", "is no POP name");
}

/* Without a family in common there is nothing that iBGP could run over. */
static void
test_families(void **state)
{
	struct network *net;

	(void)state;
#define ONE_FAMILY(name, id, key, line)        \
	"  - name: " name "\n    id: " id "\n" \
	"    endpoint: " name ".example.net\n" \
	"    public_key: \"" key "\"\n    " line "\n"
#define ONLY_4 ONE_FAMILY("two", "2", KEY_2, "ipv4: 172.22.144.169/29")
#define ONLY_6 \
	ONE_FAMILY("three", "3", KEY_3, "ipv6: \"fd28:7515:7d51:c::1/64\"")
	refuse(NETWORK POPS ONLY_4 ONLY_6, 17, "pops[2]",
	    "has no ipv4, and the POP in line 12 no ipv6");
	network_free(accept(NETWORK POPS ONLY_4));
	network_free(accept(NETWORK POPS ONLY_6));
	network_free(
	    accept(NETWORK "mesh: {topology: none}\n" POPS ONLY_4 ONLY_6));
	refuse(NETWORK
	    "mesh: {topology: hubs, hubs: [two]}\n" POPS ONLY_4 ONLY_6,
	    18, "pops[2]", "has no ipv4, and the POP in line 13 no ipv6");
	network_free(accept(NETWORK
	    "mesh: {topology: hubs, hubs: [one]}\n" POPS ONLY_4 ONLY_6));
	net =
	    accept(NETWORK "mesh: {topology: hubs, hubs: [two]}\n" POPS POP_2);
	assert_false(net->pops[0].hub);
	assert_true(net->pops[1].hub);
	assert_true(network_linked(net, &net->pops[0], &net->pops[1]));
	assert_false(network_linked(net, &net->pops[1], &net->pops[1]));
	network_free(net);
}

#define TWO                                                                 \
	"mesh: {topology: none}\n"                                          \
	"pops:\n"                                                           \
	"  - {name: home, id: 1, endpoint: home.example.net, platform: "    \
	"edgeos, private_key: /k, peering: false, public_key: \"" KEY_1     \
	"\", ipv4: 172.22.144.161/29}\n"                                    \
	"  - {name: vps, id: 2, endpoint: vps.example.net, bird: \"1.6\", " \
	"peering: false, public_key: \"" KEY_2                              \
	"\", ipv4: 172.22.144.169/29}\n"
#define LINK                                                                \
	"links:\n  - ends:\n"                                               \
	"    - {pop: home, interface: wg67, ipv4: 10.1.0.2/30, port: 51}\n" \
	"    - {pop: vps, interface: wg0, ipv4: 10.1.0.1/30, port: 52}\n"
#define UPSTREAM                                                      \
	"peerings:\n  - {pop: home, asn: 4242420001, name: one two, " \
	"interface: wg1, public_key: \"" KEY_3 "\", port: 53, "       \
	"ipv4: 172.22.144.161/32, peer_ipv4: 172.20.0.1"

/* Platforms, a link whose values are given, and a peering at a router. */
static void
test_given(void **state)
{
	struct network *net =
	    accept(NETWORK TWO LINK UPSTREAM ", endpoint: \"[2a02::1]:7\"}\n");
	const struct network_pop *home = &net->pops[0], *vps = &net->pops[1];
	const struct network_upstream *u = &net->upstreams[0];
	unsigned end;

	(void)state;
	assert_int_equal(home->platform, PLATFORM_EDGEOS);
	assert_string_equal(home->firewall, "WAN_LOCAL");
	assert_int_equal(home->firewall_rule, 25);
	assert_int_equal(vps->platform, PLATFORM_DEBIAN);
	assert_int_equal(vps->bird, BIRD_1_6);
	assert_ptr_equal(network_given(net, vps, home, &end), &net->links[0]);
	assert_int_equal(end, 1);
	assert_int_equal(net->links[0].mtu, net->mesh.mtu);
	assert_true(network_linked(net, home, vps));
	assert_false(network_derived(net, home, vps));
	assert_int_equal(network_link_port(net, home, vps), 51);
	assert_int_equal(network_link_port(net, vps, home), 52);
	assert_string_equal(u->name, "one two");
	assert_string_equal(u->host, "2a02::1");
	assert_int_equal(u->host_port, 7);
	assert_int_equal(u->mtu, 1420);
	network_free(net);
	refuse(NETWORK TWO LINK UPSTREAM ", endpoint: \"2a02::1:7\"}\n", 14,
	    "peerings[0].endpoint", "in brackets");
	refuse(NETWORK TWO LINK UPSTREAM ", ipv6: \"fd42::1/64\"}\n", 14,
	    "peerings[0].peer_ipv6", "is missing");
	refuse(NETWORK TWO "links:\n  - ends: []\n", 10, "links[0].ends",
	    "at least one entry");
	refuse(NETWORK TWO
	    "links:\n  - ends:\n"
	    "    - {pop: home, interface: wg1, ipv4: 10.1.0.2/30, port: 51}\n"
	    "    - {pop: vps, interface: wg-int-1, ipv4: 10.1.0.1/30, "
	    "port: 5}\n",
	    12, "links[0].ends[1].interface", "gives to links");
	assert_int_equal(
	    network_check_value("links.mtu", "1400", NULL), FAULT_SYSTEM);
}

static void
test_bad_yaml(void **state)
{
	(void)state;
	refuse("", 0, "", "is empty");
	refuse("# nothing\n", 0, "", "is empty");
	refuse("a: [b\n", 2, "", "lacks a ','");
	refuse("a:\n\t- b\n", 2, "", "a tab");
	refuse("a: \"b\n\n", 1, "", "not closed");
	refuse("a: @b\n", 1, "", "in quotes");
	refuse("peering:\n  link_local: fe80:263::\n", 2, "", "needs quotes");
	refuse("peering:\n  listen: [::]:4242\n", 2, "", "needs quotes");
	refuse("a: b\n  c: d\n", 2, "", "a ':' where none can stand");
	refuse("a: *b\n", 1, "", "an alias");
	refuse("a: &b c\n", 1, "", "an anchor");
	refuse("a: !!str c\n", 1, "", "a tag");
	refuse("a: &x [1]\nb: [*x, *x]\n", 1, "", "an anchor");
	refuse("? [a]\n: b\n", 1, "", "a key must be a word");
	refuse("\"a\\0\": b\n", 1, "", "a key must be a word");
	refuse("a: b\x1b[2J\n", 1, "", "a control character");
	refuse("\xff\xfe"
	       "a",
	    1, "", "not UTF-8");
	refuse(NETWORK POPS "---\nnetwork:\n", 12, "", "a second document");
	refuse("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 1, "", "too many");
	refuse("a", 1, "", "must be a section");
}

static void
test_bounds(void **state)
{
	struct network *net = NULL;
	size_t len = 300000;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	memcpy(text, "a: [", 4);
	for (size_t i = 4; i + 1 < len; i += 2)
		memcpy(text + i, "1,", 2);
	assert_int_equal(
	    network_parse(&net, text, len, &problems), FAULT_INVALID);
	expect(1, "", "too many values");
	for (size_t i = 0; i + 3 < len; i += 4)
		memcpy(text + i, "a: \n", 4);
	assert_int_equal(
	    network_parse(&net, text, len, &problems), FAULT_INVALID);
	expect(65, "", "too many keys");
	free(text);
}

/* More problems than are kept: the rest is left out, nothing breaks. */
static void
test_many_problems(void **state)
{
	static char text[200 * sizeof("- {}\n") + 256];
	size_t n = (size_t)snprintf(text, sizeof(text), NETWORK "pops:\n");

	(void)state;
	for (size_t i = 0; i < 200; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "- {}\n");
	assert_null(parse(text));
	assert_int_equal(problems.n, NETWORK_PROBLEMS_MAX);
}

static void
test_load(void **state)
{
	char dir[] = "/tmp/test_network.XXXXXX", path[64];
	struct network *net = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(path_join(path, sizeof(path), dir, "n.yaml"), 0);
	assert_int_equal(network_load(&net, path, &problems), FAULT_INVALID);
	expect(0, "", "cannot be read: No such file");
	assert_int_equal(network_load(&net, dir, &problems), FAULT_INVALID);
	expect(0, "", "is no regular file");
	assert_int_equal(
	    file_replace(path, 0600, NETWORK POPS, sizeof(NETWORK POPS) - 1),
	    0);
	assert_int_equal(network_load(&net, path, &problems), 0);
	network_free(net);
	assert_int_equal(truncate(path, NETWORK_FILE_MAX + 1), 0);
	assert_int_equal(network_load(&net, path, &problems), FAULT_INVALID);
	expect(0, "", "is larger than");
	unlink(path);
	rmdir(dir);
}

static void
test_check_value(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(network_check_value("network.asn", "AS64512", &f), 0);
	assert_int_equal(
	    network_check_value("network.asn", "65535", &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "is no AS number"));
	assert_int_equal(
	    network_check_value("network.prefixes", "10.0.0.0/8", &f), 0);
	assert_int_equal(
	    network_check_value("pops.endpoint", "x", &f), FAULT_INVALID);
	assert_int_equal(
	    network_check_value("pops.nothing", "x", &f), FAULT_SYSTEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_bad_peering),
		cmocka_unit_test(test_bad_list_entries),
		cmocka_unit_test(test_bad_pop),
		cmocka_unit_test(test_between_pops),
		cmocka_unit_test(test_bad_mesh),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_bad_yaml),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_many_problems),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_check_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
