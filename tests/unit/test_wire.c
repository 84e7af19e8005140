#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "agent/wire.h"
#include "base/frame.h"

static void
state_there_and_back(void **state)
{
	const struct wire_state s = { .part = "wg-as4242421344",
		.progress = WIRE_REFUSED,
		.since = 1750000000123,
		.reason = "BIRD refuses it: syntax error" };
	struct wire_state got = { 0 };
	struct unpack u;
	struct pack p;

	(void)state;
	pack_init(&p, 1024);
	wire_state_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_state_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), 0);
	assert_string_equal(got.part, s.part);
	assert_int_equal(got.progress, s.progress);
	assert_int_equal(got.since, s.since);
	assert_string_equal(got.reason, s.reason);
	pack_free(&p);
}

static void
state_refuses_nonsense(void **state)
{
	struct wire_state s = { .part = "lo", .reason = "x\x1b[2J" }, got;
	struct unpack u;
	struct pack p;

	(void)state;
	pack_init(&p, 1024);
	wire_state_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_state_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	pack_free(&p);

	s = (struct wire_state){ .part = "lo", .progress = 3 };
	pack_init(&p, 1024);
	wire_state_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_state_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	pack_free(&p);
}

static void
observation_there_and_back(void **state)
{
	static const char bird[] = "1002-ebgp BGP up\n\x01\xff\n0000 \n";
	struct wire_observation o = { .ifname = "wg-as4242421344",
		.our_key = { { 1, 2, 3 } },
		.their_key = { { [31] = 9 } },
		.listen_port = 52001,
		.endpoint = { 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
		.endpoint_port = 51820,
		.handshake = 1750000000,
		.rx = 1ULL << 40,
		.tx = 12,
		.keepalive = 30,
		.bird = bird,
		.bird_len = sizeof(bird) - 1,
		.refused = { [REFUSAL_ORIGIN] = { bird, 4 } } };
	struct wire_observation got;
	struct unpack u;
	struct pack p;

	(void)state;
	fault_set(&o.fault, FAULT_AWAY, "wg", "it is away");
	pack_init(&p, 4096);
	wire_observation_pack(&p, &o);
	unpack_init(&u, p.data, p.len);
	wire_observation_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), 0);
	assert_int_equal(got.fault.code, FAULT_AWAY);
	assert_string_equal(got.fault.text, "it is away");
	assert_string_equal(got.ifname, o.ifname);
	assert_memory_equal(&got.our_key, &o.our_key, WGKEY_LEN);
	assert_memory_equal(&got.their_key, &o.their_key, WGKEY_LEN);
	assert_int_equal(ip_cmp(&got.endpoint, &o.endpoint), 0);
	assert_int_equal(got.endpoint_port, 51820);
	assert_int_equal(got.listen_port, 52001);
	assert_int_equal(got.rx, o.rx);
	assert_int_equal(got.tx, 12);
	assert_int_equal(got.keepalive, 30);
	assert_int_equal(got.bird_len, sizeof(bird) - 1);
	assert_memory_equal(got.bird, bird, sizeof(bird) - 1);
	assert_int_equal(got.refused[REFUSAL_OWN].bird_len, 0);
	assert_string_equal(got.refused[REFUSAL_OWN].bird, "");
	assert_int_equal(got.refused[REFUSAL_ORIGIN].bird_len, 4);
	assert_memory_equal(got.refused[REFUSAL_ORIGIN].bird, bird, 4);

	/* Every beginning of it is too short. */
	for (size_t n = 0; n < p.len; n++) {
		unpack_init(&u, p.data, n);
		wire_observation_unpack(&u, &got);
		assert_int_equal(unpack_end(&u), FAULT_INVALID);
	}
	pack_free(&p);
}

static void
observation_bounds_the_words(void **state)
{
	struct wire_observation o = { .bird = "" }, got;
	char *words = calloc(1, WIRE_REFUSED_MAX + 1);
	struct unpack u;
	struct pack p;

	(void)state;
	for (size_t len = WIRE_REFUSED_MAX; len <= WIRE_REFUSED_MAX + 1;
	     len++) {
		o.refused[REFUSAL_OWN].bird = words;
		o.refused[REFUSAL_OWN].bird_len = len;
		pack_init(&p, FRAME_MAX);
		wire_observation_pack(&p, &o);
		unpack_init(&u, p.data, p.len);
		wire_observation_unpack(&u, &got);
		assert_int_equal(
		    unpack_end(&u), len > WIRE_REFUSED_MAX ? FAULT_INVALID : 0);
		pack_free(&p);
	}
	free(words);
}

static void
survey_there_and_back(void **state)
{
	static const char bird[] = "1002-ibgp_2 BGP --- up\n\x01\xff\n";
	struct wire_link links[2] = {
		{ .ifname = "wg-int-2",
		    .endpoint = { 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
		    .endpoint_port = 51801,
		    .handshake = 1750000000,
		    .rx = 1ULL << 40,
		    .tx = 12,
		    .rtt = 11342 },
		{ .ifname = "wg-int-3", .rtt = WIRE_RTT_UNKNOWN },
	};
	const struct wire_survey s = { links, 2, bird, sizeof(bird) - 1 };
	struct wire_survey got;
	struct unpack u;
	struct pack p;

	(void)state;
	pack_init(&p, 4096);
	wire_survey_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_survey_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), 0);
	assert_int_equal(got.n_links, 2);
	assert_string_equal(got.links[0].ifname, "wg-int-2");
	assert_int_equal(ip_cmp(&got.links[0].endpoint, &links[0].endpoint), 0);
	assert_int_equal(got.links[0].endpoint_port, 51801);
	assert_int_equal(got.links[0].handshake, 1750000000);
	assert_int_equal(got.links[0].rx, 1ULL << 40);
	assert_int_equal(got.links[0].tx, 12);
	assert_int_equal(got.links[0].rtt, 11342);
	assert_int_equal(got.links[1].endpoint.family, 0);
	assert_int_equal(got.links[1].rtt, WIRE_RTT_UNKNOWN);
	assert_int_equal(got.bird_len, sizeof(bird) - 1);
	assert_memory_equal(got.bird, bird, sizeof(bird) - 1);
	free(got.links);

	/* Every beginning of it is too short. */
	for (size_t n = 0; n < p.len; n++) {
		unpack_init(&u, p.data, n);
		wire_survey_unpack(&u, &got);
		assert_int_equal(unpack_end(&u), FAULT_INVALID);
		free(got.links);
	}
	pack_free(&p);
}

static void
survey_refuses_nonsense(void **state)
{
	struct wire_link link = { .ifname = "wg\x1b[2J" };
	struct wire_survey s = { &link, 1, "", 0 }, got;
	struct unpack u;
	struct pack p;
	char *much;

	(void)state;
	pack_init(&p, FRAME_MAX);
	wire_survey_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_survey_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	free(got.links);
	pack_free(&p);

	/* A count without the links: nothing is made of it. */
	pack_init(&p, FRAME_MAX);
	pack_u32(&p, UINT32_MAX);
	pack_blob(&p, "x", 1);
	unpack_init(&u, p.data, p.len);
	wire_survey_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	assert_int_equal(got.n_links, 0);
	free(got.links);
	pack_free(&p);

	much = calloc(1, WIRE_SURVEY_BIRD_MAX + 1);
	assert_non_null(much);
	s = (struct wire_survey){ .bird = much,
		.bird_len = WIRE_SURVEY_BIRD_MAX + 1 };
	pack_init(&p, FRAME_MAX);
	wire_survey_pack(&p, &s);
	unpack_init(&u, p.data, p.len);
	wire_survey_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	free(got.links);
	pack_free(&p);
	free(much);
}

static void
distances_there_and_back(void **state)
{
	struct wire_distance list[2] = { { 4242421344, 11342 },
		{ 4242421345, WIRE_RTT_UNKNOWN } };
	const struct wire_distances d = { list, 2 };
	struct wire_distances got;
	struct unpack u;
	struct pack p;

	(void)state;
	pack_init(&p, 64);
	wire_distances_pack(&p, &d);
	unpack_init(&u, p.data, p.len);
	wire_distances_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), 0);
	assert_int_equal(got.n, 2);
	assert_memory_equal(got.list, list, sizeof(list));
	free(got.list);

	/* Every beginning of it is too short. */
	for (size_t n = 0; n < p.len; n++) {
		unpack_init(&u, p.data, n);
		wire_distances_unpack(&u, &got);
		assert_int_equal(unpack_end(&u), FAULT_INVALID);
		free(got.list);
	}
	pack_free(&p);
}

static void
resolution_has_an_address_or_a_fault(void **state)
{
	struct wire_resolution r = { .ip = { 4, { 198, 51, 100, 7 } } }, got;
	struct unpack u;
	struct pack p;

	(void)state;
	pack_init(&p, 1024);
	wire_resolution_pack(&p, &r);
	unpack_init(&u, p.data, p.len);
	wire_resolution_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), 0);
	assert_int_equal(got.fault.code, 0);
	assert_int_equal(ip_cmp(&got.ip, &r.ip), 0);
	pack_free(&p);

	r = (struct wire_resolution){ 0 };
	pack_init(&p, 1024);
	wire_resolution_pack(&p, &r);
	unpack_init(&u, p.data, p.len);
	wire_resolution_unpack(&u, &got);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	pack_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_there_and_back),
		cmocka_unit_test(state_refuses_nonsense),
		cmocka_unit_test(observation_there_and_back),
		cmocka_unit_test(observation_bounds_the_words),
		cmocka_unit_test(survey_there_and_back),
		cmocka_unit_test(survey_refuses_nonsense),
		cmocka_unit_test(distances_there_and_back),
		cmocka_unit_test(resolution_has_an_address_or_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
