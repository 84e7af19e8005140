/* What becomes of an EdgeRouter's commands, and what may not be in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "render/edgeos.h"
#include "render/prefixes.h"
#include "sample.h"
#include "sample_sites.h"

static void
changes_are(const char *from, const char *to, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	struct fault fault;

	assert_int_equal(render_edgeos_changes(f, from, to, &fault), 0);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

#define END "commit\nsave\n"

static void
test_changes(void **state)
{
	(void)state;
	changes_are("# a\n\nset a b\n", "set a b\n# c\n", "");
	changes_are("", "set a b\n", "set a b\n" END);
	/* Of what is not known to be ours, only the command itself goes. */
	changes_are("set a b c\nset a b d\n", "",
	    "delete a b c\n"
	    "delete a b d\n" END);
	changes_are("set interfaces wireguard wg1 mtu 1420\n"
		    "set interfaces wireguard wg1 address 10.0.0.1/30\n"
		    "set interfaces wireguard wg10 mtu 1420\n",
	    "set interfaces wireguard wg10 mtu 1400\n",
	    "delete interfaces wireguard wg1\n"
	    "delete interfaces wireguard wg10 mtu 1420\n"
	    "set interfaces wireguard wg10 mtu 1400\n" END);
	/* Quotes are no part of a value, nor is the space between words. */
	changes_are("set a 'b:c'\nset  x   y\nset \"p q\" r\n",
	    "set x y\nset a b:c\nset 'p q' s\n",
	    "delete 'p q' r\nset 'p q' s\n" END);
}

/* Others may have addresses, neighbors and rules beside ours. */
static void
test_what_is_not_ours_stays(void **state)
{
	(void)state;
	changes_are("set firewall name WAN_LOCAL rule 25 action accept\n"
		    "set firewall name WAN_LOCAL rule 25 protocol udp\n"
		    "set interfaces loopback lo address 172.22.0.1/32\n"
		    "set protocols bgp 42 neighbor 10.0.0.1 remote-as 43\n"
		    "set protocols bgp 42 neighbor 10.0.0.1 description x\n"
		    "set protocols bgp 42 network 172.22.0.0/28\n"
		    "set protocols bgp 42 parameters router-id 172.22.0.1\n"
		    "set protocols static route 172.22.0.0/28 blackhole\n",
	    "set protocols bgp 42 parameters router-id 172.22.0.2\n",
	    "delete firewall name WAN_LOCAL rule 25\n"
	    "delete interfaces loopback lo address 172.22.0.1/32\n"
	    "delete protocols bgp 42 neighbor 10.0.0.1\n"
	    "delete protocols bgp 42 network 172.22.0.0/28\n"
	    "delete protocols bgp 42 parameters router-id 172.22.0.1\n"
	    "delete protocols static route 172.22.0.0/28\n"
	    "set protocols bgp 42 parameters router-id 172.22.0.2\n" END);
	/* A router has one AS: of another one nothing can be left. */
	changes_are("set protocols bgp 42 network 172.22.0.0/28\n",
	    "set protocols bgp 43 network 172.22.0.0/28\n",
	    "delete protocols bgp 42\n"
	    "set protocols bgp 43 network 172.22.0.0/28\n" END);
}

static void
test_bad_states(void **state)
{
	static const char *const bad[] = { "set\n", "set \n", "get a b\n",
		"delete a b\n", "set a 'b\n", "set a b'c'\n", "set a 'b'c\n",
		"set a ''\n", "set a b\tc\n", "set a \x1b[2J\n", "set a b?\n",
		"set a b\r\n", "set a \xc3\xa9\n",
		"set 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n", "set" };
	struct fault fault;
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "set a b\n%s", bad[i]);
		assert_int_equal(
		    render_edgeos_changes(stdout, text, "", &fault),
		    FAULT_INVALID);
		assert_non_null(strstr(fault.text, "the old state, line 2"));
	}
}

/* The rules that a list has, as text. */
static void
put_rule(void *arg, const struct prefix_rule *r)
{
	char prefix[PREFIX_TEXT_MAX];

	fprintf(arg, "%s %s %u %u\n", r->permit ? "permit" : "deny",
	    prefix_text(&r->prefix, prefix), r->ge, r->le);
}

static void
rules_are(enum prefixes what, uint8_t family, const struct plan *plan,
    const struct filter *filter, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	prefixes_each(what, family, plan, filter, put_rule, f);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

/* As the registry's file means it: the first rule that contains it decides. */
static void
test_prefixes(void **state)
{
	static const char text[] = "10 deny 172.22.166.0/24 24 32\n"
				   "20 permit 172.20.0.0/24 28 32\n"
				   "30 permit 172.31.0.0/16 16 32\n"
				   "40 permit 10.0.0.0/8 8 8\n"
				   "50 permit 10.1.0.0/32 0 32\n"
				   "60 deny 0.0.0.0/0 0 32\n";
	struct filter filter;
	struct plan plan = { .n_prefixes = 2 };
	struct fault fault;

	(void)state;
	plan.prefixes[0] = sample_prefix("172.22.144.160/27");
	plan.prefixes[1] = sample_prefix("fd28:7515:7d51::/48");
	assert_int_equal(
	    filter_parse(&filter, 4, text, strlen(text), NULL, &fault), 0);
	rules_are(PREFIXES_IMPORT, 4, &plan, &filter,
	    "deny 172.22.144.160/27 0 32\n"
	    "deny 172.22.166.0/24 0 32\n"
	    "permit 172.20.0.0/24 28 32\ndeny 172.20.0.0/24 0 32\n"
	    "permit 172.31.0.0/16 0 32\n"
	    "permit 10.0.0.0/8 0 0\ndeny 10.0.0.0/8 0 32\n"
	    "permit 10.1.0.0/32 0 0\n"
	    "deny 0.0.0.0/0 0 32\n");
	rules_are(PREFIXES_EXPORT, 6, &plan, NULL,
	    "permit fd28:7515:7d51::/48 0 0\n"
	    "deny fd28:7515:7d51::/48 0 128\n"
	    "permit fd00::/8 44 64\n");
	filter_free(&filter);
}

/* The text of a router's commands, or of FRR; NULL: refused. */
static char *
text_of(const struct plan *plan, bool is_frr)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int rc =
	    is_frr ? render_frr(f, plan, NULL) : render_edgeos(f, plan, NULL);

	fclose(f);
	if (rc == 0)
		return text;
	assert_int_equal(rc, -EINVAL);
	free(text);
	return NULL;
}

static void
is_refused(const struct plan *plan, bool frr_too)
{
	assert_null(text_of(plan, false));
	if (frr_too)
		assert_null(text_of(plan, true));
}

static void
test_unsafe_texts_are_refused(void **state)
{
	static const char *const bad[] = { "it's", "a\nset b c", "a\"b", "a\\b",
		"what?", "", "\x1b[2J" };
	struct plan *plan = two_sites_plan("edgerouter");
	struct plan_upstream *u = &plan->upstreams[0];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strlcpy(u->name, bad[i], sizeof(u->name));
		is_refused(plan, true);
		strlcpy(u->name, "highdef", sizeof(u->name));
		strlcpy(plan->firewall, bad[i], sizeof(plan->firewall));
		is_refused(plan, false);
		strlcpy(plan->firewall, "WAN_LOCAL", sizeof(plan->firewall));
		strlcpy(plan->private_key, bad[i], sizeof(plan->private_key));
		is_refused(plan, false);
		strlcpy(plan->private_key, "/k", sizeof(plan->private_key));
		strlcpy(plan->tunnels[0].ifname, bad[i], PLAN_IFNAME_MAX);
		is_refused(plan, false);
		strlcpy(plan->tunnels[0].ifname, "wg67", PLAN_IFNAME_MAX);
	}
	strlcpy(u->name, "a name; with $ and `", sizeof(u->name));
	free(text_of(plan, true));
	plan_free(plan);
}

static void
contains(const char *text, const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("lacks: %s", line);
}

/* Both families, blocked AS numbers, and a name that needs quotes. */
static void
test_ipv6_and_blocked(void **state)
{
	struct plan *plan = two_sites_plan("edgerouter");
	struct plan_upstream *u = &plan->upstreams[0];
	char *text;

	(void)state;
	strlcpy(u->name, "high def", sizeof(u->name));
	u->tunnel.local = sample_ip("fd28::1");
	u->tunnel.remote = sample_ip("fd99::1");
	u->tunnel.len6 = 128;
	plan->blocked[plan->n_blocked++] = 4242420666;
	text = text_of(plan, false);
	contains(text, "bgp 4242421869 neighbor 'fd99::1' description "
		       "'high def'\n");
	contains(text, "neighbor 'fd99::1' address-family ipv6-unicast "
		       "prefix-list import meetme-import6\n");
	contains(text, "neighbor 172.20.229.116 filter-list import "
		       "meetme-block\n");
	contains(
	    text, "as-path-list meetme-block rule 10 regex _4242420666_\n");
	contains(text, "as-path-list meetme-block rule 20 regex '.*'\n");
	contains(text, "policy prefix-list6 meetme-export6 rule 10 ge 44\n");
	contains(text, "interface-route6 'fd99::1/128' next-hop-interface wg1");
	contains(text, "wireguard wg1 address 'fd28::1/128'\n");
	free(text);
	text = text_of(plan, true);
	contains(text, "ipv6 route fd99::1/128 wg1\n");
	contains(text, "  neighbor fd99::1 prefix-list meetme-export6 out\n");
	contains(text, "filter-list meetme-block in\n");
	contains(text, "ipv6 prefix-list meetme-import6 seq 10 permit "
		       "fd00::/8 ge 44 le 64\n");
	free(text);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_what_is_not_ours_stays),
		cmocka_unit_test(test_bad_states),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_unsafe_texts_are_refused),
		cmocka_unit_test(test_ipv6_and_blocked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
