#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
put(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* A route object with 256 origins. */
static void
put_route(const char *dir, unsigned i)
{
	char name[64], *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	fprintf(f, "route: 10.%u.%u.0/24\n", i / 256, i % 256);
	for (unsigned asn = 1; asn <= 256; asn++)
		fprintf(f, "origin: AS%u\n", asn);
	assert_int_equal(fclose(f), 0);
	snprintf(
	    name, sizeof(name), "data/route/10.%u.%u.0_24", i / 256, i % 256);
	put(dir, name, text);
	free(text);
}

/* What the engine may send must not end the agent. */
static void
more_roas_than_can_be_sent_are_no_policy(void **state)
{
	static const char *const folders[] = { "data", "data/route",
		"data/route6" };
	const unsigned objects = POLICY_ROAS_MAX / 256;
	char dir[] = "/tmp/test_policy.XXXXXX", path[128];
	struct policy got;
	struct fault f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	put(dir, "data/filter.txt", "1 permit 10.0.0.0/8 8 32\n");
	put(dir, "data/filter6.txt", "1 permit fd00::/8 8 64\n");
	for (unsigned i = 0; i < objects; i++)
		put_route(dir, i);
	assert_int_equal(policy_load(&got, dir, NULL, &f), 0);
	assert_int_equal(got.roas.n, objects * 256);
	policy_free(&got);
	put_route(dir, objects);
	assert_int_equal(policy_load(&got, dir, NULL, &f), FAULT_LIMIT);
	assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
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
		cmocka_unit_test(more_roas_than_can_be_sent_are_no_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
