#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "sample_plan.h"

static void
test_tunnel(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s);
	const struct plan_tunnel *t = &plan->tunnels[0];
	static const char *const allowed[] = { "172.16.0.0/12", "10.0.0.0/8",
		"fd00::/8", "fe80::/10" };
	char text[PREFIX_TEXT_MAX];

	(void)state;
	assert_int_equal(plan->n_tunnels, 2);
	assert_string_equal(t->ifname, "wg-as4242421344");
	assert_int_equal(t->asn, 4242421344);
	assert_int_equal(t->listen_port, 20001);
	assert_int_equal(t->mtu, 1420);
	assert_false(t->has_psk);
	assert_string_equal(t->host, "2a02:3100::1");
	assert_int_equal(t->port, 42424);
	assert_int_equal(t->keepalive, 30);
	assert_int_equal(t->n_allowed, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(
		    prefix_text(&t->allowed[i], text), allowed[i]);
	assert_string_equal(ip_text(&t->local, text), "fe80:263::1:1");
	assert_string_equal(ip_text(&t->remote, text), "fe80:263::2:1");
	t++;
	assert_string_equal(t->ifname, "wg-as65000");
	assert_int_equal(t->keepalive, 0);
	assert_true(t->has_psk);
	assert_string_equal(ip_text(&t->local, text), "fe80::263");
	assert_string_equal(ip_text(&t->remote, text), "fe80::1:2");
	plan_free(plan);
}

static void
test_session(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s);
	const struct plan_session *e = &plan->sessions[0];
	char text[IP_TEXT_MAX];

	(void)state;
	assert_int_equal(plan->n_sessions, 2);
	assert_string_equal(e->name, "ebgp_as4242421344_v6");
	assert_string_equal(e->ifname, "wg-as4242421344");
	assert_int_equal(e->asn, 4242421344);
	assert_string_equal(ip_text(&e->neighbor, text), "fe80:263::2:1");
	assert_string_equal(ip_text(&e->source, text), "fe80:263::1:1");
	assert_int_equal(e->import_limit, 9000);
	plan_free(plan);
}

static void
test_network(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s);
	char text[PREFIX_TEXT_MAX];

	(void)state;
	assert_int_equal(plan->asn, 4242420263);
	assert_string_equal(plan->name, "Flip Flap Network");
	assert_string_equal(ip_text(&plan->router_id, text), "172.22.144.169");
	assert_string_equal(ip_text(&plan->loopback4, text), "172.22.144.169");
	assert_string_equal(
	    ip_text(&plan->loopback6, text), "fd28:7515:7d51:b::1");
	assert_int_equal(plan->n_prefixes, 2);
	assert_string_equal(
	    prefix_text(&plan->prefixes[0], text), "172.22.144.160/27");
	plan_free(plan);
	/* Without IPv4 something stands in for the router id. */
	memset(&s.pops[1].ipv4, 0, sizeof(s.pops[1].ipv4));
	s.pops[1].id = 999;
	plan = derived(&s, NULL, 0);
	assert_string_equal(ip_text(&plan->router_id, text), "198.18.3.231");
	assert_int_equal(plan->loopback4.family, 0);
	plan_free(plan);
}

/* What the rules no longer allow is left out; the rest stays. */
static void
test_bad_peerings_are_left_out(void **state)
{
	struct peering list[4] = { sample_peering(65000, 1),
		sample_peering(65001, 2), sample_peering(4242420263, 3),
		sample_peering(65003, 4) };
	struct sample s;
	struct plan *plan;

	(void)state;
	sample_alone(&s);
	strlcpy(list[0].host, "2001:bc8:3feb::1", HOST_TEXT_MAX);
	list[3].link_local = s.net.peering.own_link_local;
	plan = derived(&s, list, 4);
	assert_int_equal(plan->n_tunnels, 1);
	assert_int_equal(plan->n_sessions, 1);
	assert_string_equal(plan->tunnels[0].ifname, "wg-as65001");
	assert_string_equal(plan->sessions[0].name, "ebgp_as65001_v6");
	plan_free(plan);
}

static void
test_too_many(void **state)
{
	struct sample s;
	struct plan *plan = NULL;
	struct peering *list = calloc(PEERING_MAX + 1, sizeof(*list));

	(void)state;
	assert_non_null(list);
	sample_alone(&s);
	assert_int_equal(
	    plan_derive(&plan, &s.rules, list, PEERING_MAX + 1), FAULT_LIMIT);
	assert_null(plan);
	free(list);
}

/* Every one of the 4,096 tunnels that a plan may have, in order and whole. */
static void
test_round_trip(void **state)
{
	struct peering *list = calloc(PEERING_MAX, sizeof(*list));
	struct plan *plan, *again = NULL;
	struct sample s;

	(void)state;
	assert_non_null(list);
	sample_alone(&s);
	for (uint32_t i = 0; i < PEERING_MAX; i++) {
		list[i] = sample_peering(4200000000 - 7 * i, i + 1);
		list[i].has_psk = i % 2 == 0;
		list[i].psk = sample_key(i);
	}
	plan = derived(&s, list, PEERING_MAX);
	assert_int_equal(decoded(plan, &again), 0);
	assert_int_equal(again->asn, plan->asn);
	assert_string_equal(again->name, plan->name);
	assert_memory_equal(
	    again->prefixes, plan->prefixes, sizeof(plan->prefixes));
	assert_memory_equal(
	    &again->endpoint, &plan->endpoint, sizeof(plan->endpoint));
	assert_int_equal(again->n_tunnels, PEERING_MAX);
	assert_int_equal(again->n_sessions, PEERING_MAX);
	for (size_t i = 0; i < PEERING_MAX; i++)
		assert_int_equal(
		    plan_tunnel_cmp(&again->tunnels[i], &plan->tunnels[i]), 0);
	/* Both come of calloc, so that padding does not differ. */
	assert_memory_equal(again->sessions, plan->sessions,
	    PEERING_MAX * sizeof(plan->sessions[0]));
	plan_free(again);
	plan_free(plan);
	free(list);
}

/* The order of the list does not change the plan. */
static void
test_same_data_same_bytes(void **state)
{
	struct peering ab[2] = { sample_peering(65000, 1),
		sample_peering(650, 2) };
	struct peering ba[2] = { ab[1], ab[0] };
	struct sample s;
	struct plan *x, *y;
	struct pack p, q;

	(void)state;
	sample_alone(&s);
	x = derived(&s, ab, 2);
	y = derived(&s, ba, 2);
	pack_init(&p, FRAME_MAX);
	pack_init(&q, FRAME_MAX);
	plan_encode(&p, x);
	plan_encode(&q, y);
	assert_int_equal(p.len, q.len);
	assert_memory_equal(p.data, q.data, p.len);
	pack_free(&p);
	pack_free(&q);
	plan_free(x);
	plan_free(y);
}

/* Each field counts, so that no change is overlooked. */
static void
test_tunnel_cmp_sees_every_field(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s);
	const struct plan_tunnel *a = &plan->tunnels[1];

	(void)state;
	for (int field = 0; field <= 17; field++) {
		struct plan_tunnel b = *a;

		b.ifname[0] ^= field == 0;
		b.asn ^= field == 1;
		b.listen_port ^= field == 2;
		b.mtu ^= field == 3;
		b.key.byte[31] ^= field == 4;
		b.has_psk ^= field == 5;
		b.psk.byte[31] ^= field == 6;
		b.host[0] = (char)(b.host[0] + (field == 7));
		b.port ^= field == 8;
		b.keepalive ^= field == 9;
		b.n_allowed -= field == 10;
		b.allowed[3].len ^= field == 11;
		b.local.byte[15] ^= field == 12;
		b.remote.byte[15] ^= field == 13;
		b.pop ^= field == 14;
		b.pop_name[0] ^= field == 15;
		b.local4.family ^= field == 16;
		b.remote4.byte[3] ^= field == 17;
		assert_int_not_equal(plan_tunnel_cmp(a, &b), 0);
	}
	assert_int_equal(plan_tunnel_cmp(a, a), 0);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_bad_peerings_are_left_out),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_same_data_same_bytes),
		cmocka_unit_test(test_tunnel_cmp_sees_every_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
