#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "sample_plan.h"

/* Ways to make a plan that no engine of ours would send. */
enum {
	BAD_ASN,
	BAD_NAME,
	BAD_ROUTER_ID,
	BAD_ROUTER_ID_FAMILY,
	BAD_LOOPBACK,
	BAD_LOOPBACK_FAMILY,
	BAD_PREFIX_ORDER,
	BAD_PREFIX_HOST_BITS,
	BAD_PREFIX_LEN,
	BAD_PREFIX_ALL,
	BAD_REFUSED_LEN,
	BAD_ALLOW,
	BAD_IFNAME,
	BAD_IFNAME_PATH,
	BAD_TUNNEL_ASN,
	BAD_TUNNEL_OUR_ASN,
	BAD_TUNNEL_ORDER,
	BAD_TUNNEL_TWICE,
	BAD_PORT,
	BAD_PORT_TWICE,
	BAD_MTU,
	BAD_KEY,
	BAD_PSK,
	BAD_HOST,
	BAD_HOST_PRIVATE,
	BAD_HOST_NO_PORT,
	BAD_PORT_NO_HOST,
	BAD_ALLOWED_NONE,
	BAD_ALLOWED_HOST_BITS,
	BAD_LOCAL,
	BAD_LOCAL_IS_REMOTE,
	BAD_SESSION_NAME,
	BAD_SESSION_TUNNEL,
	BAD_SESSION_OTHER_TUNNEL,
	BAD_SESSION_NEIGHBOR,
	BAD_SESSION_SOURCE,
	BAD_SESSION_LIMIT,
	BAD_SESSION_ORDER,
	BAD_N,
};

static void
swap_tunnels(struct plan *plan)
{
	struct plan_tunnel t = plan->tunnels[0];

	plan->tunnels[0] = plan->tunnels[1];
	plan->tunnels[1] = t;
}

static void
swap_sessions(struct plan *plan)
{
	struct plan_session e = plan->sessions[0];

	plan->sessions[0] = plan->sessions[1];
	plan->sessions[1] = e;
}

static void
spoil_network(struct plan *p, int how)
{
	switch (how) {
	case BAD_ASN:
		p->asn = 0;
		break;
	case BAD_NAME:
		strlcpy(p->name, "a\nb", sizeof(p->name));
		break;
	case BAD_ROUTER_ID:
		memset(p->router_id.byte, 0, 4);
		break;
	case BAD_ROUTER_ID_FAMILY:
		p->router_id = p->loopback6;
		break;
	case BAD_LOOPBACK:
		p->loopback4 = sample_ip("127.0.0.1");
		break;
	case BAD_LOOPBACK_FAMILY:
		p->loopback6 = p->loopback4;
		break;
	case BAD_PREFIX_ORDER:
		p->prefixes[1] = p->prefixes[0];
		break;
	case BAD_PREFIX_HOST_BITS:
		p->prefixes[0].ip.byte[3] |= 1;
		break;
	case BAD_PREFIX_LEN:
		p->prefixes[0].len = 33;
		break;
	case BAD_PREFIX_ALL:
		p->prefixes[0] = sample_prefix("0.0.0.0/0");
		break;
	case BAD_REFUSED_LEN:
		p->endpoint.refused[0].len = 200;
		break;
	case BAD_ALLOW:
		strlcpy(p->endpoint.allow[0], "all", ENDPOINT_RANGE_MAX);
		p->endpoint.n_allow = 1;
		break;
	default:
		break;
	}
}

static void
spoil_tunnel(struct plan *p, struct plan_tunnel *t, int how)
{
	switch (how) {
	case BAD_IFNAME:
		strlcpy(t->ifname, "eth0", sizeof(t->ifname));
		break;
	case BAD_IFNAME_PATH:
		strlcpy(t->ifname, "wg-as1/../../x", sizeof(t->ifname));
		break;
	case BAD_TUNNEL_ASN:
		t->asn++;
		break;
	case BAD_TUNNEL_OUR_ASN:
		p->asn = t->asn;
		break;
	case BAD_TUNNEL_ORDER:
		swap_tunnels(p);
		break;
	case BAD_TUNNEL_TWICE:
		t[1] = t[0];
		break;
	case BAD_PORT:
		t->listen_port = 0;
		break;
	case BAD_PORT_TWICE:
		t->listen_port = t[1].listen_port;
		break;
	case BAD_MTU:
		t->mtu = 68;
		break;
	case BAD_KEY:
		memset(&t->key, 0, sizeof(t->key));
		break;
	case BAD_PSK:
		t->has_psk = true;
		break;
	default:
		break;
	}
}

static void
spoil_way(struct plan_tunnel *t, int how)
{
	switch (how) {
	case BAD_HOST:
		strlcpy(t->host, "a b", sizeof(t->host));
		break;
	case BAD_HOST_PRIVATE:
		strlcpy(t->host, "10.0.0.1", sizeof(t->host));
		break;
	case BAD_HOST_NO_PORT:
		t->port = 0;
		break;
	case BAD_PORT_NO_HOST:
		t->host[0] = '\0';
		break;
	case BAD_ALLOWED_NONE:
		t->n_allowed = 0;
		break;
	case BAD_ALLOWED_HOST_BITS:
		t->allowed[0].ip.byte[3] = 1;
		break;
	case BAD_LOCAL:
		t->local = sample_ip("2001:db8::1");
		break;
	case BAD_LOCAL_IS_REMOTE:
		t->local = t->remote;
		break;
	default:
		break;
	}
}

static void
spoil_session(struct plan *p, struct plan_session *e, int how)
{
	switch (how) {
	case BAD_SESSION_NAME:
		strlcpy(e->name, "x { } protocol", sizeof(e->name));
		break;
	case BAD_SESSION_TUNNEL:
		strlcpy(e->ifname, "wg-as1", sizeof(e->ifname));
		break;
	case BAD_SESSION_OTHER_TUNNEL:
		strlcpy(e->ifname, e[1].ifname, sizeof(e->ifname));
		break;
	case BAD_SESSION_NEIGHBOR:
		e->neighbor.byte[15]++;
		break;
	case BAD_SESSION_SOURCE:
		e->source.byte[15]++;
		break;
	case BAD_SESSION_LIMIT:
		e->import_limit = 0;
		break;
	case BAD_SESSION_ORDER:
		swap_sessions(p);
		break;
	default:
		break;
	}
}

/* What is spoilt below is good before. */
static void
test_a_good_plan(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s), *out = NULL;

	(void)state;
	assert_int_equal(decoded(plan, &out), 0);
	plan_free(out);
	plan_free(plan);
}

static void
test_hostile_plans(void **state)
{
	(void)state;
	for (int how = 0; how < BAD_N; how++) {
		struct sample s;
		struct plan *plan = sample_plan(&s), *out = NULL;

		spoil_network(plan, how);
		spoil_tunnel(plan, &plan->tunnels[0], how);
		spoil_way(&plan->tunnels[0], how);
		spoil_session(plan, &plan->sessions[0], how);
		if (decoded(plan, &out) != FAULT_INVALID)
			fail_msg("way %d of spoiling a plan was taken", how);
		assert_null(out);
		plan_free(plan);
	}
}

static void
test_every_cut_and_one_byte_more(void **state)
{
	struct sample s;
	struct plan *plan = sample_plan(&s), *out = NULL;
	struct pack p;

	(void)state;
	pack_init(&p, FRAME_MAX);
	plan_encode(&p, plan);
	pack_u8(&p, 0);
	for (size_t len = 0; len <= p.len; len++) {
		struct unpack u;

		if (len == p.len - 1)
			continue;
		unpack_init(&u, p.data, len);
		assert_int_equal(plan_decode(&out, &u), FAULT_INVALID);
	}
	assert_null(out);
	pack_free(&p);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_plan),
		cmocka_unit_test(test_hostile_plans),
		cmocka_unit_test(test_every_cut_and_one_byte_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
