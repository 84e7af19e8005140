#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "engine/state.h"
#include "sample_mesh.h"

static void
is_ip(const struct ip *ip, const char *wanted)
{
	char text[IP_TEXT_MAX];

	assert_string_equal(ip_text(ip, text), wanted);
}

static void
test_a_link(void **state)
{
	struct mesh m;
	struct plan *plan;
	const struct plan_tunnel *t;

	(void)state;
	mesh_init(&m, 4);
	plan = mesh_plan(&m, 2);
	assert_int_equal(plan->n_tunnels, 3);
	assert_int_equal(plan->n_sessions, 0);
	t = link_to(plan, 3);
	assert_non_null(t);
	assert_int_equal(t->asn, 0);
	assert_int_equal(t->pop, 3);
	assert_string_equal(t->pop_name, "pop3");
	assert_int_equal(t->listen_port, 51803);
	assert_string_equal(t->host, "pop3.example.net");
	assert_int_equal(t->port, 51802);
	assert_int_equal(t->mtu, 1420);
	assert_int_equal(t->keepalive, 30);
	assert_false(t->has_psk);
	assert_true(wgkey_equal(&t->key, &m.pops[2].public_key));
	is_ip(&t->local, "fe80::3:2");
	is_ip(&t->remote, "fe80::3:3");
	is_ip(&t->local4, "169.254.1.2");
	is_ip(&t->remote4, "169.254.1.3");
	plan_free(plan);
	mesh_free(&m);
}

/* The ends of the range of ids, and where a byte is full. */
static void
test_addresses_of_all_ids(void **state)
{
	static const struct {
		size_t id;
		const char *ip, *ip4;
	} wanted[] = {
		{ 1, "fe80::3:1", "169.254.1.1" },
		{ 255, "fe80::3:ff", "169.254.1.255" },
		{ 256, "fe80::3:100", "169.254.2.0" },
		{ 1000, "fe80::3:3e8", "169.254.4.232" },
	};
	struct mesh m;
	struct plan *plan;

	(void)state;
	mesh_init(&m, 1000);
	plan = mesh_plan(&m, 2);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct plan_tunnel *t = link_to(plan, wanted[i].id);

		is_ip(&t->remote, wanted[i].ip);
		is_ip(&t->remote4, wanted[i].ip4);
	}
	plan_free(plan);
	mesh_free(&m);
}

/* One end of a link, as the POP with it sees it. */
struct end {
	uint16_t listens, calls;
};

struct pop_ends {
	struct ip ip, ip4; /* on all its links */
	struct end *to; /* by the index of the other POP */
};

/*
 * What a POP has for each link: its names and ports are its own, once, and its
 * address is the same on all of them.
 */
static void
take_ends(struct pop_ends *out, struct mesh *m, size_t id, size_t n)
{
	struct plan *plan = mesh_plan(m, id);
	static bool ports[65536];

	memset(ports, 0, sizeof(ports));
	assert_int_equal(plan->n_tunnels, n - 1);
	assert_int_equal(plan->n_ibgp, n - 1);
	for (size_t i = 0; i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];

		assert_true(t->pop >= 1 && t->pop <= n && t->pop != id);
		assert_false(ports[t->listen_port]);
		ports[t->listen_port] = true;
		/* Sorted by name, so that none is there twice. */
		assert_true(i == 0 || strcmp(t[-1].ifname, t->ifname) < 0);
		assert_int_equal(ip_cmp(&t->local, &plan->tunnels[0].local), 0);
		assert_int_equal(
		    ip_cmp(&t->local4, &plan->tunnels[0].local4), 0);
		out->ip = t->local;
		out->ip4 = t->local4;
		out->to[t->pop - 1] = (struct end){ t->listen_port, t->port };
	}
	plan_free(plan);
}

/* What a POP says of the others is what they say of themselves. */
static void
compare_ends(const struct pop_ends *all, struct mesh *m, size_t id)
{
	struct plan *plan = mesh_plan(m, id);

	for (size_t i = 0; i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];
		const struct pop_ends *us = &all[id - 1];
		const struct pop_ends *them = &all[t->pop - 1];

		assert_int_equal(
		    us->to[t->pop - 1].calls, them->to[id - 1].listens);
		assert_int_equal(ip_cmp(&t->remote, &them->ip), 0);
		assert_int_equal(ip_cmp(&t->remote4, &them->ip4), 0);
		assert_true(
		    wgkey_equal(&t->key, &m->pops[t->pop - 1].public_key));
		assert_string_equal(t->host, m->pops[t->pop - 1].endpoint);
	}
	plan_free(plan);
}

static void
all_pairs(size_t n)
{
	struct pop_ends *all = calloc(n, sizeof(*all));
	struct end *ends = calloc(n * n, sizeof(*ends));
	struct mesh m;

	assert_non_null(all);
	assert_non_null(ends);
	mesh_init(&m, n);
	for (size_t id = 1; id <= n; id++) {
		all[id - 1].to = &ends[(id - 1) * n];
		take_ends(&all[id - 1], &m, id, n);
	}
	for (size_t id = 1; id <= n; id++) {
		for (size_t other = 1; other < id; other++) {
			assert_int_not_equal(
			    ip_cmp(&all[id - 1].ip, &all[other - 1].ip), 0);
			assert_int_not_equal(
			    ip_cmp(&all[id - 1].ip4, &all[other - 1].ip4), 0);
		}
		compare_ends(all, &m, id);
	}
	mesh_free(&m);
	free(ends);
	free(all);
}

static void
test_both_ends_agree(void **state)
{
	(void)state;
	all_pairs(2);
	all_pairs(4);
	all_pairs(1000);
}

/* Ids are what counts: not how many POPs there are, nor their order. */
static void
test_a_new_pop_changes_no_link(void **state)
{
	struct network_pop first;
	struct plan *before, *after;
	struct mesh m;

	(void)state;
	mesh_init(&m, 20);
	for (size_t id = 2; id <= 19; id++) {
		m.s.net.n_pops = 19;
		before = mesh_plan(&m, id);
		m.s.net.n_pops = 20;
		first = m.pops[0];
		m.pops[0] = m.pops[19];
		m.pops[19] = first;
		after = mesh_plan(&m, id);
		m.pops[19] = m.pops[0];
		m.pops[0] = first;
		assert_int_equal(after->n_tunnels, before->n_tunnels + 1);
		assert_non_null(link_to(after, 20));
		for (size_t i = 0; i < before->n_tunnels; i++) {
			const struct plan_tunnel *t = &before->tunnels[i];

			assert_int_equal(
			    plan_tunnel_cmp(t, link_to(after, t->pop)), 0);
		}
		assert_memory_equal(before->ibgp, after->ibgp,
		    before->n_ibgp * sizeof(before->ibgp[0]));
		plan_free(before);
		plan_free(after);
	}
	mesh_free(&m);
}

/* Four POPs, of which 1 and 2 are hubs. */
static void
test_hubs(void **state)
{
	struct plan *hub, *client;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	m.s.net.mesh.topology = TOPOLOGY_HUBS;
	m.pops[0].hub = m.pops[1].hub = true;
	hub = mesh_plan(&m, 1);
	assert_int_equal(hub->n_tunnels, 3);
	assert_int_equal(hub->n_ibgp, 3);
	assert_int_equal(hub->ibgp[0].pop, 2);
	assert_false(hub->ibgp[0].client);
	assert_true(hub->ibgp[1].client);
	assert_true(hub->ibgp[2].client);
	client = mesh_plan(&m, 3);
	assert_int_equal(client->n_tunnels, 2);
	assert_non_null(link_to(client, 1));
	assert_non_null(link_to(client, 2));
	assert_null(link_to(client, 4));
	assert_int_equal(client->n_ibgp, 2);
	assert_false(client->ibgp[0].client);
	assert_int_equal(
	    link_to(hub, 3)->port, link_to(client, 1)->listen_port);
	plan_free(hub);
	plan_free(client);
	mesh_free(&m);
}

static void
test_no_mesh(void **state)
{
	struct plan *plan;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	m.s.net.mesh.topology = TOPOLOGY_NONE;
	plan = mesh_plan(&m, 1);
	assert_int_equal(plan->n_tunnels, 0);
	assert_int_equal(plan->n_ibgp, 0);
	assert_int_equal(plan->igp, IGP_NONE);
	plan_free(plan);
	mesh_free(&m);
	/* One POP has nobody to talk to. */
	mesh_init(&m, 1);
	plan = mesh_plan(&m, 1);
	assert_int_equal(plan->n_tunnels, 0);
	assert_int_equal(plan->igp, IGP_NONE);
	plan_free(plan);
	mesh_free(&m);
}

/* 1 has both families, 2 IPv6 alone, 3 IPv4 alone. */
static void
test_ibgp_families(void **state)
{
	struct plan *plan;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	memset(&m.pops[1].ipv4, 0, sizeof(m.pops[1].ipv4));
	memset(&m.pops[2].ipv6, 0, sizeof(m.pops[2].ipv6));
	plan = mesh_plan(&m, 1);
	assert_int_equal(plan->n_ibgp, 3);
	is_ip(&plan->ibgp[0].neighbor, "fd28:7515:7d51:2::1");
	is_ip(&plan->ibgp[0].source, "fd28:7515:7d51:1::1");
	assert_string_equal(plan->ibgp[0].pop_name, "pop2");
	is_ip(&plan->ibgp[1].neighbor, "172.22.0.3");
	is_ip(&plan->ibgp[1].source, "172.22.0.1");
	is_ip(&plan->ibgp[2].neighbor, "fd28:7515:7d51:4::1");
	plan_free(plan);
	/* Its underlay is another matter: the links carry IPv4 all the same. */
	plan = mesh_plan(&m, 2);
	is_ip(&link_to(plan, 1)->local4, "169.254.1.2");
	assert_int_equal(plan->loopback4.family, 0);
	plan_free(plan);
	plan = mesh_plan(&m, 3);
	is_ip(&plan->ibgp[0].neighbor, "172.22.0.1");
	is_ip(&plan->ibgp[0].source, "172.22.0.3");
	plan_free(plan);
	mesh_free(&m);
}

static void
allows(enum network_igp igp)
{
	static const char *const all[] = { "172.16.0.0/12", "10.0.0.0/8",
		"fd00::/8", "fe80::/10", "169.254.0.0/16", "ff02::1:6/128",
		"ff02::5/128", "ff02::6/128" };
	char text[PREFIX_TEXT_MAX];
	const struct plan_tunnel *t;
	struct plan *plan;
	struct mesh m;

	mesh_init(&m, 2);
	m.s.net.mesh.igp = igp;
	plan = mesh_plan(&m, 1);
	assert_int_equal(plan->igp, igp);
	t = &plan->tunnels[0];
	assert_int_equal(t->n_allowed, sizeof(all) / sizeof(all[0]));
	for (size_t i = 0; i < t->n_allowed; i++)
		assert_string_equal(prefix_text(&t->allowed[i], text), all[i]);
	plan_free(plan);
	mesh_free(&m);
}

/* Whatever the IGP is, another one's first packets pass. */
static void
test_allowed_for_any_igp(void **state)
{
	(void)state;
	allows(IGP_BABEL);
	allows(IGP_OSPF);
	allows(IGP_NONE);
}

static void
test_round_trip(void **state)
{
	struct plan *plan, *again = NULL;
	struct mesh m;

	(void)state;
	mesh_init(&m, 1000);
	m.s.net.mesh.topology = TOPOLOGY_HUBS;
	m.pops[6].hub = true;
	plan = mesh_plan(&m, 7);
	assert_int_equal(decoded(plan, &again), 0);
	assert_int_equal(again->igp, IGP_BABEL);
	assert_int_equal(again->n_tunnels, 999);
	for (size_t i = 0; i < 999; i++)
		assert_int_equal(
		    plan_tunnel_cmp(&again->tunnels[i], &plan->tunnels[i]), 0);
	assert_int_equal(again->n_ibgp, 999);
	assert_true(again->ibgp[0].client);
	/* Both come of calloc, so that padding does not differ. */
	assert_memory_equal(
	    again->ibgp, plan->ibgp, 999 * sizeof(plan->ibgp[0]));
	assert_memory_equal(&again->link_endpoint, &plan->link_endpoint,
	    sizeof(plan->link_endpoint));
	plan_free(again);
	plan_free(plan);
	mesh_free(&m);
}

/* A port that the mesh has now: the peering waits, and the rest goes on. */
static void
test_a_peering_in_the_way(void **state)
{
	struct peering list[3] = { sample_peering(65000, 1),
		sample_peering(65001, 2), sample_peering(65002, 3) };
	struct engine e = { .peerings = list, .n_peerings = 3 };
	struct quarantine q = { 0 };
	struct plan *plan = NULL, *out = NULL;
	struct peering_rules rules;
	struct fault f;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	peering_rules_init(&rules, &m.s.net, &m.pops[1]);
	list[1].listen_port = 51804;
	assert_int_equal(engine_plan(&plan, &q, &e, &rules, &f), 0);
	assert_int_equal(plan->n_tunnels, 3 + 2);
	assert_null(plan_tunnel_find(plan, "wg-as65001"));
	assert_non_null(plan_tunnel_find(plan, "wg-as65002"));
	assert_int_equal(decoded(plan, &out), 0);
	assert_int_equal(q.n, 1);
	assert_string_equal(quarantine_find(&q, 65001)->reason,
	    "the link to pop4 has our port 51804");
	assert_null(quarantine_find(&q, 65000));
	plan_free(out);
	plan_free(plan);
	quarantine_free(&q);
	mesh_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_link),
		cmocka_unit_test(test_addresses_of_all_ids),
		cmocka_unit_test(test_both_ends_agree),
		cmocka_unit_test(test_a_new_pop_changes_no_link),
		cmocka_unit_test(test_hubs),
		cmocka_unit_test(test_no_mesh),
		cmocka_unit_test(test_ibgp_families),
		cmocka_unit_test(test_allowed_for_any_igp),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_a_peering_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
