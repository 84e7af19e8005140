/* A given link in a plan: what it has, and what the agent takes for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sample_plan.h"
#include "sample_sites.h"

static void
test_link(void **state)
{
	struct plan *plan = two_sites_plan("vps"), *again = NULL;
	const struct plan_tunnel *t = plan_tunnel_find(plan, "wg0");
	const struct plan_ibgp *s = &plan->ibgp[0];
	char text[PREFIX_TEXT_MAX];

	(void)state;
	assert_int_equal(plan->n_tunnels, 1);
	assert_non_null(t);
	assert_true(plan_tunnel_is_given(t));
	assert_int_equal(t->listen_port, 51823);
	assert_string_equal(t->host, "edgerouter.example.net");
	assert_int_equal(t->port, 51823);
	assert_int_equal(t->mtu, 1420);
	assert_int_equal(t->n_allowed, 1);
	assert_string_equal(prefix_text(&t->allowed[0], text), "0.0.0.0/0");
	assert_string_equal(ip_text(&t->local4, text), "10.132.0.1");
	assert_string_equal(ip_text(&t->remote4, text), "10.132.0.2");
	assert_int_equal(t->len4, 30);
	assert_int_equal(t->local.family, 0);
	assert_int_equal(plan->igp, IGP_NONE);
	assert_int_equal(plan->n_ibgp, 1);
	assert_true(s->direct);
	assert_string_equal(ip_text(&s->source, text), "10.132.0.1");
	assert_string_equal(ip_text(&s->neighbor, text), "10.132.0.2");
	plan->bird = BIRD_1_6;
	assert_int_equal(decoded(plan, &again), 0);
	assert_int_equal(plan_tunnel_cmp(&again->tunnels[0], t), 0);
	assert_true(again->ibgp[0].direct);
	assert_int_equal(again->bird, BIRD_1_6);
	again->tunnels[0].len4 = 29;
	assert_int_not_equal(plan_tunnel_cmp(&again->tunnels[0], t), 0);
	plan_free(again);
	plan_free(plan);
}

/* Rules of the firewall are counted up, as the file has links and peerings. */
static void
test_upstreams(void **state)
{
	struct plan *plan = two_sites_plan("edgerouter");
	const struct plan_upstream *u = plan->upstreams;
	char text[PREFIX_TEXT_MAX];

	(void)state;
	assert_int_equal(plan->platform, PLATFORM_EDGEOS);
	assert_int_equal(plan->tunnels[0].firewall_rule, 25);
	assert_string_equal(plan->tunnels[0].description, "iBGP-AWS");
	assert_int_equal(plan->n_upstreams, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(u[i].tunnel.firewall_rule, 26 + i);
	assert_string_equal(u[0].name, "highdef");
	assert_int_equal(u[0].tunnel.asn, 4242420201);
	assert_int_equal(u[0].tunnel.len4, 32);
	assert_int_equal(u[0].tunnel.n_allowed, 4);
	/* The end of the fourth's tunnel lies in none of dn42's ranges. */
	assert_int_equal(u[3].tunnel.n_allowed, 5);
	assert_string_equal(
	    prefix_text(&u[3].tunnel.allowed[4], text), "192.168.219.2/32");
	assert_int_equal(u[4].tunnel.keepalive, 0);
	plan_free(plan);
}

enum {
	BAD_IFNAME,
	BAD_IFNAME_PEERING,
	BAD_IFNAME_DERIVED,
	BAD_LOOPBACK,
	BAD_LEN_0,
	BAD_LEN_32,
	BAD_LEN_33,
	BAD_SUBNET,
	BAD_SAME,
	BAD_LINK_LOCAL,
	BAD_MULTICAST,
	BAD_REMOTE,
	BAD_IPV6,
	BAD_HOST,
	BAD_SESSION_SOURCE,
	BAD_SESSION_NEIGHBOR,
	BAD_SESSION_POP,
	BAD_SESSION_NAME,
	BAD_SESSION_LOOPBACK,
	BAD_BIRD,
	BAD_N,
};

static void
spoil_ends(struct plan_tunnel *t, int how)
{
	switch (how) {
	case BAD_LEN_0:
		t->len4 = 0;
		break;
	case BAD_LEN_32:
		t->len4 = 32;
		break;
	case BAD_LEN_33:
		t->len4 = 33;
		break;
	case BAD_SUBNET:
		t->remote4 = sample_ip("10.132.0.5");
		break;
	case BAD_SAME:
		t->remote4 = t->local4;
		break;
	case BAD_LINK_LOCAL:
		t->local4 = sample_ip("169.254.0.1");
		t->remote4 = sample_ip("169.254.0.2");
		break;
	case BAD_MULTICAST:
		t->local4 = sample_ip("224.0.0.1");
		t->remote4 = sample_ip("224.0.0.2");
		break;
	case BAD_REMOTE:
		memset(&t->remote4, 0, sizeof(t->remote4));
		break;
	case BAD_IPV6:
		t->local = sample_ip("fe80::1");
		break;
	default:
		break;
	}
}

static void
spoil_names(struct plan_tunnel *t, int how)
{
	static const char *const names[] = { [BAD_IFNAME] = "../x",
		[BAD_IFNAME_PEERING] = "wg-as64512",
		[BAD_IFNAME_DERIVED] = "wg-int-1",
		[BAD_LOOPBACK] = "lo" };

	if (how <= BAD_LOOPBACK)
		strlcpy(t->ifname, names[how], sizeof(t->ifname));
	if (how == BAD_HOST) {
		t->host[0] = '\0';
		t->port = 0;
	}
}

static void
spoil_session(struct plan *plan, struct plan_ibgp *s, int how)
{
	switch (how) {
	case BAD_SESSION_SOURCE:
		s->source = plan->loopback4;
		break;
	case BAD_SESSION_NEIGHBOR:
		s->neighbor = sample_ip("10.132.0.3");
		break;
	case BAD_SESSION_POP:
		s->pop = 3;
		break;
	case BAD_SESSION_NAME:
		strlcpy(s->pop_name, "a\"b", sizeof(s->pop_name));
		break;
	case BAD_SESSION_LOOPBACK:
		s->direct = false;
		break;
	case BAD_BIRD:
		plan->bird = (enum network_bird)(BIRD_1_6 + 1);
		break;
	default:
		break;
	}
}

static void
test_bad(void **state)
{
	(void)state;
	for (int how = 0; how < BAD_N; how++) {
		struct plan *plan = two_sites_plan("vps"), *again = NULL;

		spoil_names(&plan->tunnels[0], how);
		spoil_ends(&plan->tunnels[0], how);
		spoil_session(plan, &plan->ibgp[0], how);
		if (decoded(plan, &again) != FAULT_INVALID)
			fail_msg("way %d is taken", how);
		assert_null(again);
		plan_free(plan);
	}
}

/* Nobody else listens where a given link does. */
static void
test_ports(void **state)
{
	struct network_link link = { .mtu = 1420,
		.ends = { { "nl-ams1", 1, "wg1", { { 0 } }, 1 },
		    { "nl-ams2", 2, "wg1", { { 0 } }, 20001 } },
		.n_ends = 2 };
	struct peering p = sample_peering(4242420001, 0);
	struct sample s;
	struct fault f;

	(void)state;
	sample_init(&s);
	s.net.links = &link;
	s.net.n_links = 1;
	p.listen_port = 20001;
	p.id = 1;
	assert_int_equal(peering_check(&p, &s.rules, NULL, 0, &f), FAULT_TAKEN);
	p = sample_peering(4242420001, 0);
	p.id = p.listen_port = 0;
	assert_int_equal(peering_allocate(&p, &s.rules, NULL, 0, &f), 0);
	assert_int_not_equal(p.listen_port, 20001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_upstreams),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
