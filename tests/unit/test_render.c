#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "golden.h"
#include "render/peer.h"
#include "render/bird.h"
#include "sample.h"

static struct plan *
plan_of(const struct sample *s, const struct peering *list, size_t n)
{
	struct plan *plan = NULL;

	assert_int_equal(plan_derive(&plan, &s->rules, list, n), 0);
	return plan;
}

static void
base_is_golden(const struct sample *s, const char *name)
{
	struct plan *plan = plan_of(s, NULL, 0);
	struct text t;

	text_open(&t);
	assert_int_equal(render_bird2_base(t.f, plan), 0);
	text_is_golden(&t, name);
	plan_free(plan);
}

static void
test_bird2_base(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.net.mesh.topology = TOPOLOGY_NONE;
	s.net.region = 41;
	strlcpy(s.pops[1].country, "NL", sizeof(s.pops[1].country));
	s.pops[1].bandwidth = 100000;
	s.net.policy.block[0] = 4242420666;
	s.net.policy.block[1] = 65535;
	s.net.policy.n_block = 2;
	base_is_golden(&s, "bird2-base.conf");
}

static void
test_bird2_base_of_one_family(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.net.mesh.topology = TOPOLOGY_NONE;
	s.net.prefixes.n = 1;
	memset(&s.pops[1].ipv4, 0, sizeof(s.pops[1].ipv4));
	base_is_golden(&s, "bird2-base-ipv6.conf");
}

static void
test_bird2_session(void **state)
{
	struct peering p = sample_peering(4242421344, 1);
	struct sample s;
	struct plan *plan;
	struct text t;

	(void)state;
	sample_init(&s);
	p.latency = 3;
	plan = plan_of(&s, &p, 1);
	text_open(&t);
	assert_int_equal(render_bird2_session(t.f, &plan->sessions[0]), 0);
	text_is_golden(&t, "bird2-session.conf");
	plan_free(plan);
	strlcpy(p.paused, "nobody maintains it", sizeof(p.paused));
	plan = plan_of(&s, &p, 1);
	text_open(&t);
	assert_int_equal(render_bird2_session(t.f, &plan->sessions[0]), 0);
	text_is_golden(&t, "bird2-session-paused.conf");
	plan_free(plan);
}

static const struct filter_rule rules4[] = {
	{ { { 4, { 172, 20 } }, 24 }, 28, 32, true, 1001, 1 },
	{ { { 4, { 172, 20 } }, 14 }, 21, 29, true, 1100, 2 },
	{ { { 4, { 0 } }, 0 }, 0, 32, false, 9999, 3 },
};
static const struct filter_rule rules6[] = {
	{ { { 6, { 0xfd } }, 8 }, 44, 64, true, 1001, 1 },
};
static const struct filter filters[2] = {
	{ .rules = (struct filter_rule *)rules4, .n = 3 },
	{ .rules = (struct filter_rule *)rules6, .n = 1 },
};

static void
peer_is_golden(const struct sample *s, const struct peering *p,
    const char *wg_quick, const char *bird2)
{
	struct text t;

	text_open(&t);
	assert_int_equal(render_peer_wg_quick(t.f, p, &s->rules), 0);
	text_is_golden(&t, wg_quick);
	text_open(&t);
	assert_int_equal(render_peer_bird2(t.f, p, &s->rules, filters), 0);
	text_is_golden(&t, bird2);
}

static void
test_peer(void **state)
{
	struct peering p = sample_peering(4242421344, 0xabc);
	struct sample s;

	(void)state;
	sample_init(&s);
	peer_is_golden(&s, &p, "peer-wg-quick.conf", "peer-bird2.conf");
}

/* Behind NAT, with a preshared key and an own link-local address. */
static void
test_peer_with_options(void **state)
{
	struct peering p = sample_peering(65000, 7);
	struct sample s;

	(void)state;
	sample_init(&s);
	strlcpy(s.pops[1].endpoint, "2a00:1450:4001::2", HOST_TEXT_MAX);
	strlcpy(s.pops[1].name, "longest-name", sizeof(s.pops[1].name));
	p.host[0] = '\0';
	p.port = 0;
	p.has_psk = true;
	p.psk = sample_key(5);
	p.link_local = sample_ip("fe80::1:2:3");
	p.mtu = 1280;
	peer_is_golden(&s, &p, "peer-wg-quick-nat.conf", "peer-bird2-nat.conf");
}

static void
test_ifname_fits(void **state)
{
	struct sample s;
	char ifname[PLAN_IFNAME_MAX];

	(void)state;
	sample_init(&s);
	render_peer_ifname(ifname, &s.rules);
	assert_string_equal(ifname, "wg-nl-ams2");
	strlcpy(s.pops[1].name, "longest-name", sizeof(s.pops[1].name));
	render_peer_ifname(ifname, &s.rules);
	assert_string_equal(ifname, "wg-longest-name");
}

/* Nothing that a check let through by mistake becomes configuration. */
static void
test_unsafe_values_are_refused(void **state)
{
	struct peering p = sample_peering(4242421344, 1);
	struct sample s;
	struct plan *plan;
	struct text t;

	(void)state;
	sample_init(&s);
	plan = plan_of(&s, &p, 1);
	text_open(&t);
	strlcpy(plan->sessions[0].ifname, "wg-a' as 1;", PLAN_IFNAME_MAX);
	assert_int_equal(
	    render_bird2_session(t.f, &plan->sessions[0]), -EINVAL);
	strlcpy(plan->sessions[0].ifname, "wg-a", PLAN_IFNAME_MAX);
	strlcpy(plan->sessions[0].name, "a {", PLAN_SESSION_MAX);
	assert_int_equal(
	    render_bird2_session(t.f, &plan->sessions[0]), -EINVAL);
	strlcpy(plan->sessions[0].name, "1a", PLAN_SESSION_MAX);
	assert_int_equal(
	    render_bird2_session(t.f, &plan->sessions[0]), -EINVAL);
	strlcpy(plan->name, "x\nrouter id 1.2.3.4;", NETWORK_NAME_MAX);
	assert_int_equal(render_bird2_base(t.f, plan), -EINVAL);
	strlcpy(s.pops[1].endpoint, "a.b\nPostUp = x", HOST_TEXT_MAX);
	assert_int_equal(render_peer_wg_quick(t.f, &p, &s.rules), -EINVAL);
	strlcpy(s.pops[1].name, "a b", sizeof(s.pops[1].name));
	assert_int_equal(
	    render_peer_bird2(t.f, &p, &s.rules, filters), -EINVAL);
	fclose(t.f);
	assert_int_equal(t.len, 0);
	free(t.data);
	plan_free(plan);
}

static void
test_failed_writes_are_told(void **state)
{
	struct sample s;
	struct plan *plan;
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	if (f == NULL)
		skip();
	sample_init(&s);
	plan = plan_of(&s, NULL, 0);
	assert_int_equal(render_bird2_base(f, plan), -EIO);
	fclose(f);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bird2_base),
		cmocka_unit_test(test_bird2_base_of_one_family),
		cmocka_unit_test(test_bird2_session),
		cmocka_unit_test(test_peer),
		cmocka_unit_test(test_peer_with_options),
		cmocka_unit_test(test_ifname_fits),
		cmocka_unit_test(test_unsafe_values_are_refused),
		cmocka_unit_test(test_failed_writes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
