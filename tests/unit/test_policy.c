#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "registry/policy.h"

#define PREFIX(family_, len_, ...)                                    \
	{                                                             \
		.ip = { .family = family_, .byte = { __VA_ARGS__ } }, \
		.len = len_                                           \
	}

static struct filter_rule rules4[] = {
	{ .prefix = PREFIX(4, 24, 10, 0, 66), .min = 24, .max = 32, .nr = 1 },
	{ .prefix = PREFIX(4, 8, 10),
	    .min = 15,
	    .max = 28,
	    .permit = true,
	    .nr = 2003 },
	{ .prefix = PREFIX(4, 0, 0), .min = 0, .max = 32, .nr = 9999 },
};
static struct filter_rule rules6[] = {
	{ .prefix = PREFIX(6, 8, 0xfd),
	    .min = 44,
	    .max = 64,
	    .permit = true,
	    .nr = 1001 },
};
static struct roa roas[] = {
	{ .prefix = PREFIX(4, 24, 10, 1), .max = 24, .asn = 4242420001 },
	{ .prefix = PREFIX(4, 24, 10, 1), .max = 24, .asn = 4242420002 },
	{ .prefix = PREFIX(4, 24, 10, 1), .max = 28, .asn = 4242420001 },
	{ .prefix = PREFIX(6, 48, 0xfd, 0x42), .max = 64, .asn = 0 },
};

static const struct policy sample = {
	.filters = { { .rules = rules4, .n = 3 }, { .rules = rules6, .n = 1 } },
	.roas = { .roas = roas, .n = 4 },
};

static int
decode(struct policy *out, const void *data, size_t len)
{
	struct unpack u;

	unpack_init(&u, data, len);
	return policy_decode(out, &u);
}

static void
there_and_back(void **state)
{
	struct pack p, again;
	struct policy got;

	(void)state;
	pack_init(&p, 1U << 20);
	policy_encode(&p, &sample);
	assert_int_equal(decode(&got, p.data, p.len), 0);
	assert_int_equal(got.filters[0].n, 3);
	assert_int_equal(got.filters[0].rules[1].nr, 2003);
	assert_true(got.filters[0].rules[1].permit);
	assert_int_equal(got.roas.n, 4);
	assert_int_equal(roa_cmp(&got.roas.roas[2], &roas[2]), 0);
	pack_init(&again, 1U << 20);
	policy_encode(&again, &got);
	assert_int_equal(again.len, p.len);
	assert_memory_equal(again.data, p.data, p.len);
	policy_free(&got);
	pack_free(&again);
	pack_free(&p);
}

/* The whole of it may be anything else: it must not be taken. */
static void
cut_or_longer_is_refused(void **state)
{
	uint8_t *data;
	struct policy got;
	struct pack p;

	(void)state;
	pack_init(&p, 1U << 20);
	policy_encode(&p, &sample);
	for (size_t len = 0; len < p.len; len++) {
		data = malloc(len + 1); /* for the sanitizer to see */
		memcpy(data, p.data, len);
		assert_int_equal(decode(&got, data, len), FAULT_INVALID);
		free(data);
	}
	pack_u8(&p, 0);
	assert_int_equal(decode(&got, p.data, p.len), FAULT_INVALID);
	pack_free(&p);
}

/* What it is with one value changed by the test. */
static int
decode_with(void (*spoil)(struct policy *p))
{
	struct filter_rule r4[3], r6[1];
	struct roa r[4];
	struct policy p = sample, got;
	struct pack packed;
	int rc;

	memcpy(r4, rules4, sizeof(r4));
	memcpy(r6, rules6, sizeof(r6));
	memcpy(r, roas, sizeof(r));
	p.filters[0].rules = r4;
	p.filters[1].rules = r6;
	p.roas.roas = r;
	spoil(&p);
	pack_init(&packed, 1U << 20);
	policy_encode(&packed, &p);
	rc = decode(&got, packed.data, packed.len);
	if (rc == 0)
		policy_free(&got);
	pack_free(&packed);
	return rc;
}

#define SPOIL(name, ...)                   \
	static void name(struct policy *p) \
	{                                  \
		__VA_ARGS__;               \
	}

SPOIL(not_at_all, (void)p)
SPOIL(rule_of_other_family, p->filters[0].rules[1] = rules6[0];
      p->filters[0].rules[1].nr = 2003)
SPOIL(rule_with_host_bits, p->filters[0].rules[0].prefix.ip.byte[3] = 1)
SPOIL(rule_too_long, p->filters[0].rules[0].prefix.len = 33)
SPOIL(rule_min_over_max, p->filters[0].rules[1].min = 29)
SPOIL(rule_max_over_bits, p->filters[0].rules[2].max = 33)
SPOIL(rule_out_of_order, p->filters[0].rules[0].nr = 2004)
SPOIL(rule_of_no_family, p->filters[1].rules[0].prefix.ip.family = 0)
SPOIL(roa_with_host_bits, p->roas.roas[0].prefix.ip.byte[3] = 1)
SPOIL(roa_max_under_len, p->roas.roas[0].max = 23)
SPOIL(roa_max_over_bits, p->roas.roas[2].max = 33)
SPOIL(roa_max_over_bits6, p->roas.roas[3].max = 129)
SPOIL(roa_twice, p->roas.roas[1] = p->roas.roas[0])
SPOIL(roa_out_of_order, p->roas.roas[0].asn = 4242420003)
SPOIL(roa_families_mixed, p->roas.roas[0] = roas[3])
SPOIL(roa_of_family_5, p->roas.roas[3].prefix.ip.family = 5)

static void
each_value_is_checked(void **state)
{
	static void (*const spoils[])(struct policy *) = { rule_of_other_family,
		rule_with_host_bits, rule_too_long, rule_min_over_max,
		rule_max_over_bits, rule_out_of_order, rule_of_no_family,
		roa_with_host_bits, roa_max_under_len, roa_max_over_bits,
		roa_max_over_bits6, roa_twice, roa_out_of_order,
		roa_families_mixed, roa_of_family_5 };

	(void)state;
	assert_int_equal(decode_with(not_at_all), 0);
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++)
		if (decode_with(spoils[i]) != FAULT_INVALID)
			fail_msg("spoil %zu is taken", i);
}

/* Counts that no message can hold must not be believed. */
static void
great_counts_are_refused(void **state)
{
	struct policy got;
	struct pack p;

	(void)state;
	for (int which = 0; which < 3; which++) {
		pack_init(&p, 64);
		for (int i = 0; i < which; i++)
			pack_u32(&p, 0);
		pack_u32(&p, UINT32_MAX);
		assert_int_equal(decode(&got, p.data, p.len), FAULT_INVALID);
		pack_free(&p);
	}
}

static void
any_flipped_bit_is_harmless(void **state)
{
	struct policy got;
	struct pack p;

	(void)state;
	pack_init(&p, 1U << 20);
	policy_encode(&p, &sample);
	for (size_t i = 0; i < p.len * 8; i++) {
		p.data[i / 8] ^= (uint8_t)(1U << i % 8);
		if (decode(&got, p.data, p.len) == 0) {
			for (size_t j = 0; j < got.roas.n; j++)
				assert_true(roa_is_valid(&got.roas.roas[j]));
			policy_free(&got);
		}
		p.data[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	pack_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(cut_or_longer_is_refused),
		cmocka_unit_test(each_value_is_checked),
		cmocka_unit_test(great_counts_are_refused),
		cmocka_unit_test(any_flipped_bit_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
