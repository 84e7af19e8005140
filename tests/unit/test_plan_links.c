#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "sample_mesh.h"

/* The second of three links, of POP 2 of 4, and its iBGP session. */
#define LINK(p) (&(p)->tunnels[1])
#define IBGP(p) (&(p)->ibgp[1])

static void
ifname_of_another(struct plan *p)
{
	strlcpy(LINK(p)->ifname, "wg-int-3x", PLAN_IFNAME_MAX);
}

static void
ifname_with_zero(struct plan *p)
{
	strlcpy(LINK(p)->ifname, "wg-int-03", PLAN_IFNAME_MAX);
}

static void
ifname_of_a_peering(struct plan *p)
{
	strlcpy(LINK(p)->ifname, "wg-as3", PLAN_IFNAME_MAX);
}

static void
pop_is_none(struct plan *p)
{
	LINK(p)->pop = 0;
}

static void
pop_too_large(struct plan *p)
{
	LINK(p)->pop = 1001;
	strlcpy(LINK(p)->ifname, "wg-int-1001", PLAN_IFNAME_MAX);
}

static void
pop_of_another_name(struct plan *p)
{
	LINK(p)->pop = 4;
}

static void
asn_of_a_link(struct plan *p)
{
	LINK(p)->asn = 65000;
}

static void
name_empty(struct plan *p)
{
	LINK(p)->pop_name[0] = '\0';
}

static void
name_with_newline(struct plan *p)
{
	LINK(p)->pop_name[1] = '\n';
}

static void
name_with_quote(struct plan *p)
{
	LINK(p)->pop_name[1] = '"';
}

static void
name_in_capitals(struct plan *p)
{
	LINK(p)->pop_name[1] = 'O';
}

static void
our_name_empty(struct plan *p)
{
	p->pop_name[0] = '\0';
}

static void
our_name_with_slash(struct plan *p)
{
	p->pop_name[1] = '/';
}

static void
nowhere(struct plan *p)
{
	LINK(p)->host[0] = '\0';
	LINK(p)->port = 0;
}

static void
host_is_no_host(struct plan *p)
{
	strlcpy(LINK(p)->host, "a b", HOST_TEXT_MAX);
}

static void
host_is_loopback(struct plan *p)
{
	strlcpy(LINK(p)->host, "::1", HOST_TEXT_MAX);
}

static void
host_is_link_local(struct plan *p)
{
	strlcpy(LINK(p)->host, "fe80::1", HOST_TEXT_MAX);
}

static void
host_is_multicast(struct plan *p)
{
	strlcpy(LINK(p)->host, "224.0.0.1", HOST_TEXT_MAX);
}

/* It would lead through itself. */
static void
host_in_our_prefix(struct plan *p)
{
	strlcpy(LINK(p)->host, "fd28:7515:7d51:3::1", HOST_TEXT_MAX);
}

static void
no_port(struct plan *p)
{
	LINK(p)->port = 0;
}

static void
listen_port_none(struct plan *p)
{
	LINK(p)->listen_port = 0;
}

static void
listen_port_twice(struct plan *p)
{
	LINK(p)->listen_port = LINK(p)[1].listen_port;
}

static void
mtu_too_small(struct plan *p)
{
	LINK(p)->mtu = 1279;
}

static void
mtu_too_large(struct plan *p)
{
	LINK(p)->mtu = 1441;
}

static void
key_of_zeroes(struct plan *p)
{
	memset(&LINK(p)->key, 0, sizeof(LINK(p)->key));
}

static void
psk_of_zeroes(struct plan *p)
{
	LINK(p)->has_psk = true;
}

static void
allows_nothing(struct plan *p)
{
	LINK(p)->n_allowed = 0;
}

static void
allows_host_bits(struct plan *p)
{
	LINK(p)->allowed[0].ip.byte[3] = 1;
}

static void
local_is_global(struct plan *p)
{
	LINK(p)->local = sample_ip("2001:db8::1");
}

static void
remote_is_none(struct plan *p)
{
	LINK(p)->remote.family = 0;
	memset(LINK(p)->remote.byte, 0, 16);
}

static void
ends_are_one(struct plan *p)
{
	LINK(p)->remote = LINK(p)->local;
}

static void
local4_is_none(struct plan *p)
{
	memset(&LINK(p)->local4, 0, sizeof(LINK(p)->local4));
}

static void
local4_is_of_another_range(struct plan *p)
{
	LINK(p)->local4 = sample_ip("192.0.2.1");
}

static void
local4_is_6(struct plan *p)
{
	LINK(p)->local4 = LINK(p)->local;
}

static void
remote4_is_none(struct plan *p)
{
	memset(&LINK(p)->remote4, 0, sizeof(LINK(p)->remote4));
}

static void
remote4_is_of_another_range(struct plan *p)
{
	LINK(p)->remote4 = sample_ip("10.0.0.1");
}

static void
ends4_are_one(struct plan *p)
{
	LINK(p)->remote4 = LINK(p)->local4;
}

static void
links_out_of_order(struct plan *p)
{
	struct plan_tunnel t = *LINK(p);

	*LINK(p) = LINK(p)[1];
	LINK(p)[1] = t;
}

static void
link_twice(struct plan *p)
{
	LINK(p)[1] = *LINK(p);
	LINK(p)[1].listen_port++;
}

static void
igp_unknown(struct plan *p)
{
	p->igp = (enum network_igp)(IGP_NONE + 1);
}

static void
ibgp_pop_none(struct plan *p)
{
	p->ibgp[0].pop = 0;
}

static void
ibgp_pop_too_large(struct plan *p)
{
	p->ibgp[2].pop = 1001;
}

static void
ibgp_name_empty(struct plan *p)
{
	IBGP(p)->pop_name[0] = '\0';
}

static void
ibgp_name_with_brace(struct plan *p)
{
	IBGP(p)->pop_name[1] = '}';
}

static void
ibgp_source_of_another(struct plan *p)
{
	IBGP(p)->source.byte[15]++;
}

static void
ibgp_source_none(struct plan *p)
{
	memset(&IBGP(p)->source, 0, sizeof(IBGP(p)->source));
	memset(&IBGP(p)->neighbor, 0, sizeof(IBGP(p)->neighbor));
}

/* We may lack a loopback of the family: then nothing can come from it. */
static void
ibgp_source_without_loopback(struct plan *p)
{
	memset(&p->loopback6, 0, sizeof(p->loopback6));
}

static void
ibgp_families_differ(struct plan *p)
{
	IBGP(p)->neighbor = sample_ip("172.22.0.3");
}

static void
ibgp_neighbor_is_us(struct plan *p)
{
	IBGP(p)->neighbor = IBGP(p)->source;
}

static void
ibgp_neighbor_is_loopback(struct plan *p)
{
	IBGP(p)->neighbor = sample_ip("::1");
}

static void
ibgp_neighbor_is_link_local(struct plan *p)
{
	IBGP(p)->neighbor = sample_ip("fe80::1");
}

static void
ibgp_neighbor_is_multicast(struct plan *p)
{
	IBGP(p)->neighbor = sample_ip("ff02::1");
}

static void
ibgp_out_of_order(struct plan *p)
{
	struct plan_ibgp s = p->ibgp[0];

	p->ibgp[0] = p->ibgp[1];
	p->ibgp[1] = s;
}

static void
ibgp_twice(struct plan *p)
{
	p->ibgp[0].pop = p->ibgp[1].pop;
}

/* A link has no eBGP. */
static void
session_over_a_link(struct plan *p)
{
	struct plan_session *s = &p->sessions[0];

	strlcpy(s->name, "ebgp_as0_v6", sizeof(s->name));
	strlcpy(s->ifname, LINK(p)->ifname, sizeof(s->ifname));
	s->neighbor = LINK(p)->remote;
	s->source = LINK(p)->local;
	s->import_limit = 1;
	p->n_sessions = 1;
}

#define WAY(name)           \
	{                   \
#name, name \
	}

static const struct {
	const char *name;
	void (*spoil)(struct plan *p);
} ways[] = {
	WAY(ifname_of_another),
	WAY(ifname_with_zero),
	WAY(ifname_of_a_peering),
	WAY(pop_is_none),
	WAY(pop_too_large),
	WAY(pop_of_another_name),
	WAY(asn_of_a_link),
	WAY(name_empty),
	WAY(name_with_newline),
	WAY(name_with_quote),
	WAY(name_in_capitals),
	WAY(our_name_empty),
	WAY(our_name_with_slash),
	WAY(nowhere),
	WAY(host_is_no_host),
	WAY(host_is_loopback),
	WAY(host_is_link_local),
	WAY(host_is_multicast),
	WAY(host_in_our_prefix),
	WAY(no_port),
	WAY(listen_port_none),
	WAY(listen_port_twice),
	WAY(mtu_too_small),
	WAY(mtu_too_large),
	WAY(key_of_zeroes),
	WAY(psk_of_zeroes),
	WAY(allows_nothing),
	WAY(allows_host_bits),
	WAY(local_is_global),
	WAY(remote_is_none),
	WAY(ends_are_one),
	WAY(local4_is_none),
	WAY(local4_is_of_another_range),
	WAY(local4_is_6),
	WAY(remote4_is_none),
	WAY(remote4_is_of_another_range),
	WAY(ends4_are_one),
	WAY(links_out_of_order),
	WAY(link_twice),
	WAY(igp_unknown),
	WAY(ibgp_pop_none),
	WAY(ibgp_pop_too_large),
	WAY(ibgp_name_empty),
	WAY(ibgp_name_with_brace),
	WAY(ibgp_source_of_another),
	WAY(ibgp_source_none),
	WAY(ibgp_source_without_loopback),
	WAY(ibgp_families_differ),
	WAY(ibgp_neighbor_is_us),
	WAY(ibgp_neighbor_is_loopback),
	WAY(ibgp_neighbor_is_link_local),
	WAY(ibgp_neighbor_is_multicast),
	WAY(ibgp_out_of_order),
	WAY(ibgp_twice),
	WAY(session_over_a_link),
};

static void
test_hostile_links(void **state)
{
	struct plan *plan, *out = NULL;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	plan = mesh_plan(&m, 2);
	assert_int_equal(LINK(plan)->pop, 3);
	assert_int_equal(decoded(plan, &out), 0);
	plan_free(out);
	plan_free(plan);
	out = NULL;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		plan = mesh_plan(&m, 2);
		ways[i].spoil(plan);
		if (decoded(plan, &out) != FAULT_INVALID)
			fail_msg("%s was taken", ways[i].name);
		assert_null(out);
		plan_free(plan);
	}
	mesh_free(&m);
}

/* What is beside a good plan: cut anywhere, a byte more, a flag of 2. */
static void
test_bytes_of_links(void **state)
{
	struct plan *plan, *out = NULL;
	struct mesh m;
	struct unpack u;
	struct pack p;

	(void)state;
	mesh_init(&m, 4);
	plan = mesh_plan(&m, 2);
	pack_init(&p, FRAME_MAX);
	plan_encode(&p, plan);
	for (size_t len = 0; len < p.len; len++) {
		unpack_init(&u, p.data, len);
		assert_int_equal(plan_decode(&out, &u), FAULT_INVALID);
	}
	p.data[p.len - 1] = 2; /* is the last neighbour a client? */
	unpack_init(&u, p.data, p.len);
	assert_int_equal(plan_decode(&out, &u), FAULT_INVALID);
	p.data[p.len - 1] = 1;
	pack_u8(&p, 0);
	unpack_init(&u, p.data, p.len);
	assert_int_equal(plan_decode(&out, &u), FAULT_INVALID);
	assert_null(out);
	pack_free(&p);
	plan_free(plan);
	mesh_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_links),
		cmocka_unit_test(test_bytes_of_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
