/* Addresses, prefixes, and which of them lead nowhere on the Internet. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/ip.h"

static struct ip
ip(const char *text)
{
	struct ip out = { 0 };

	if (ip_parse(&out, text, strlen(text)) != 0)
		fail_msg("%s is no address", text);
	return out;
}

static struct prefix
prefix(const char *text)
{
	struct prefix out = { 0 };

	if (prefix_parse(&out, text, strlen(text)) != 0)
		fail_msg("%s is no prefix", text);
	return out;
}

static void
test_ip_text(void **state)
{
	static const char *const pairs[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "::", "::" },
		{ "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "fe80:0263::1:1", "fe80:263::1:1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	};
	const struct ip none = { 0 };
	char buf[IP_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct ip a = ip(pairs[i][0]);

		assert_string_equal(ip_text(&a, buf), pairs[i][1]);
		assert_int_equal(
		    ip_bits(&a), strchr(pairs[i][0], ':') ? 128 : 32);
	}
	assert_string_equal(ip_text(&none, buf), "");
}

/* Each way in which groups can be zero, as the C library writes it. */
static void
test_ip_text_runs(void **state)
{
	static const uint16_t values[] = { 0x1, 0x20, 0x304, 0xabcd };
	char buf[IP_TEXT_MAX], want[IP_TEXT_MAX];

	(void)state;
	for (unsigned i = 0; i < 4 * 256; i++) {
		struct ip a = { .family = 6 };

		for (unsigned g = 0; g < 8; g++) {
			uint16_t v = values[(i / 256 + g) % 4];

			if ((i >> g & 1) == 0)
				continue;
			a.byte[2 * g] = (uint8_t)(v >> 8);
			a.byte[2 * g + 1] = (uint8_t)v;
		}
		assert_non_null(
		    inet_ntop(AF_INET6, a.byte, want, sizeof(want)));
		assert_string_equal(ip_text(&a, buf), want);
	}
}

static void
test_ip_refused(void **state)
{
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.5",
		"1.2.3.256", "01.2.3.4", "0x7f.0.0.1", " 1.2.3.4", "1.2.3.4 ",
		"1.2.3.4\n", "[::1]", "::1%lo", "fe80::1%eth0;x",
		":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::12345",
		"g::", "::1/128",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000" };
	const struct ip before = { 4, { 9 } };
	struct ip a = before;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    ip_parse(&a, bad[i], strlen(bad[i])), FAULT_INVALID);
		assert_memory_equal(&a, &before, sizeof(a));
	}
	assert_int_equal(ip_parse(&a, "::1\0x", 5), FAULT_INVALID);
	assert_int_equal(ip_parse(&a, "::12345", 4), 0);
}

static void
test_prefix_text(void **state)
{
	static const char *const good[] = { "0.0.0.0/0", "10.0.0.0/8",
		"172.22.144.161/29", "192.0.2.1/32", "::/0", "fd00::1/64",
		"::1/128" };
	static const char *const bad[] = { "", "/", "/8", "10.0.0.0",
		"10.0.0.0/", "10.0.0.0/33", "::/129", "::/-1", "::/ 1", "::/1 ",
		"::/1/2", "10.0.0.0/+8", "10.0.0.0/8x" };
	char buf[PREFIX_TEXT_MAX];
	struct prefix p;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		p = prefix(good[i]);
		assert_string_equal(prefix_text(&p, buf), good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    prefix_parse(&p, bad[i], strlen(bad[i])), FAULT_INVALID);
}

static void
test_prefix_bits(void **state)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
		{ "10.1.2.3/8", "10.0.0.0/8" },
		{ "172.22.144.161/29", "172.22.144.160/29" },
		{ "255.255.255.255/0", "0.0.0.0/0" },
		{ "255.255.255.255/32", "255.255.255.255/32" },
		{ "fd28:7515:7d51:a::1/64", "fd28:7515:7d51:a::/64" },
		{ "ffff::1/127", "ffff::/127" },
		{ "ffff:ffff::/33", "ffff:ffff::/33" },
	};
	char buf[PREFIX_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct prefix p = prefix(cases[i].text);

		assert_int_equal(prefix_has_host_bits(&p),
		    strcmp(cases[i].text, cases[i].masked) != 0);
		prefix_mask(&p);
		assert_false(prefix_has_host_bits(&p));
		assert_string_equal(prefix_text(&p, buf), cases[i].masked);
	}
}

static void
test_prefix_relations(void **state)
{
	struct prefix net = prefix("172.22.144.160/27");
	struct prefix sub = prefix("172.22.144.176/29");
	struct prefix other = prefix("172.22.144.192/27");
	struct prefix all4 = prefix("0.0.0.0/0"), all6 = prefix("::/0");
	struct prefix host = prefix("fd00::1/128");
	struct ip inside = ip("172.22.144.191"), outside = ip("172.22.144.192");

	(void)state;
	assert_true(prefix_contains(&net, &inside));
	assert_false(prefix_contains(&net, &outside));
	assert_true(prefix_contains(&host, &host.ip));
	assert_false(prefix_contains(&all6, &inside));
	assert_true(prefix_covers(&net, &sub));
	assert_false(prefix_covers(&sub, &net));
	assert_true(prefix_covers(&net, &net));
	assert_true(prefix_covers(&all6, &host));
	assert_false(prefix_covers(&all4, &host));
	assert_true(prefix_overlaps(&sub, &net));
	assert_true(prefix_overlaps(&net, &sub));
	assert_false(prefix_overlaps(&net, &other));
	assert_false(prefix_overlaps(&all4, &all6));
	assert_true(prefix_cmp(&net, &sub) < 0);
	assert_true(prefix_cmp(&all6, &all4) > 0);
	assert_int_equal(prefix_cmp(&net, &net), 0);
	sub = net;
	sub.len++;
	assert_true(prefix_cmp(&sub, &net) > 0);
}

static const struct {
	const char *ip;
	const char *range; /* NULL: global unicast */
} specials[] = {
	{ "0.1.2.3", "unspecified" },
	{ "10.0.0.1", "private" },
	{ "100.63.255.255", NULL },
	{ "100.64.0.0", "cgnat" },
	{ "100.127.255.255", "cgnat" },
	{ "127.0.0.1", "loopback" },
	{ "169.254.1.1", "link-local" },
	{ "172.15.255.255", NULL },
	{ "172.16.0.1", "private" },
	{ "172.31.255.255", "private" },
	{ "172.32.0.0", NULL },
	{ "192.0.0.8", "protocol" },
	{ "192.0.2.1", "documentation" },
	{ "192.88.99.1", "protocol" },
	{ "192.168.1.1", "private" },
	{ "198.18.0.1", "benchmarking" },
	{ "198.51.100.1", "documentation" },
	{ "203.0.113.1", "documentation" },
	{ "224.0.0.1", "multicast" },
	{ "255.255.255.255", "reserved" },
	{ "8.8.8.8", NULL },
	{ "::", "unspecified" },
	{ "::1", "loopback" },
	{ "::2", "unspecified" },
	{ "::8.8.8.8", "compatible" },
	{ "::ffff:10.0.0.1", "private" },
	{ "::ffff:8.8.8.8", "mapped" },
	{ "64:ff9b::8.8.8.8", NULL },
	{ "64:ff9b::10.0.0.1", "private" },
	{ "64:ff9b::127.0.0.1", "loopback" },
	{ "64:ff9b::100.64.0.1", "cgnat" },
	{ "64:ff9b:1::8.8.8.8", "nat64" },
	{ "64:ff9b:2::1", "reserved" },
	{ "100::1", "discard" },
	{ "2001::1", "protocol" },
	{ "2001:2::1", "benchmarking" },
	{ "2001:20::1", "protocol" },
	{ "2001:1ff:ffff::1", "protocol" },
	{ "2001:200::1", NULL },
	{ "2001:db8::1", "documentation" },
	{ "2001:db9::1", NULL },
	{ "2002:a00:1::1", "private" },
	{ "2002:7f00:1::", "loopback" },
	{ "2002:808:808::1", "6to4" },
	{ "2a01:4f8::1", NULL },
	{ "3fff::1", "documentation" },
	{ "3fff:1000::1", NULL },
	{ "4000::1", "reserved" },
	{ "5f00::1", "reserved" },
	{ "fc00::1", "private" },
	{ "fd28:7515:7d51::1", "private" },
	{ "fe80::1", "link-local" },
	{ "febf::1", "link-local" },
	{ "fec0::1", "site-local" },
	{ "ff02::1", "multicast" },
};

static void
test_special(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		struct ip a = ip(specials[i].ip);
		const struct ip_range *range = ip_special(&a);
		const char *name = range != NULL ? range->name : "none";
		const char *want =
		    specials[i].range != NULL ? specials[i].range : "none";

		if (strcmp(name, want) != 0)
			fail_msg(
			    "%s is %s, not %s", specials[i].ip, name, want);
		if (range != NULL) {
			assert_true(ip_range_known(range->name));
			assert_int_equal(strncmp(range->source, "RFC ", 4), 0);
		}
	}
	assert_false(ip_range_known("none"));
	assert_false(ip_range_known(""));
}

static void
test_range_names(void **state)
{
	size_t n = 0;

	(void)state;
	for (; ip_range_name(n) != NULL; n++)
		for (size_t i = 0; i < n; i++)
			assert_string_not_equal(
			    ip_range_name(i), ip_range_name(n));
	assert_true(n > 10);
	assert_null(ip_range_name(n + 1));
}

static void
test_link_local(void **state)
{
	struct ip a = ip("fe80:263::1"), b = ip("febf::"), c = ip("fec0::"),
		  d = ip("169.254.0.1");

	(void)state;
	assert_true(ip_is_link_local(&a));
	assert_true(ip_is_link_local(&b));
	assert_false(ip_is_link_local(&c));
	assert_false(ip_is_link_local(&d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ip_text),
		cmocka_unit_test(test_ip_text_runs),
		cmocka_unit_test(test_ip_refused),
		cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_prefix_bits),
		cmocka_unit_test(test_prefix_relations),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_range_names),
		cmocka_unit_test(test_link_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
