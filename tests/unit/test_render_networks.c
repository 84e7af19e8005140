#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "render/bird.h"
#include "render/policy.h"

#define FIXTURES "tests/fixtures/registry"

/* The bytes of a file in tests/golden; GOLDEN=write makes them anew. */
static void
is_golden(unsigned family, const char *name)
{
	const char *mode = getenv("GOLDEN");
	char path[256], *text, *golden;
	size_t len, golden_len;
	struct filter filter;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(filter_load(&filter, family, FIXTURES, NULL, NULL), 0);
	assert_int_equal(render_bird2_networks(f, &filter), 0);
	fclose(f);
	snprintf(path, sizeof(path), "tests/golden/registry/%s", name);
	if (mode != NULL && strcmp(mode, "write") == 0)
		assert_int_equal(file_replace(path, 0644, text, len), 0);
	assert_int_equal(file_read(path, 1 << 20, &golden, &golden_len), 0);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
	filter_free(&filter);
}

static void
fixtures_are_golden(void **state)
{
	(void)state;
	is_golden(4, "networks4.conf");
	is_golden(6, "networks6.conf");
}

/* The file of the networks, with these ROAs; to be freed. */
static char *
networks_with(struct roa *roas, size_t n, enum network_bird bird)
{
	const struct policy policy = { .roas = { .roas = roas, .n = n } };
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(render_policy(f, &policy, bird, POLICY_NETWORKS4), 0);
	fclose(f);
	return text;
}

static bool
differ(struct roa *roas, size_t n, struct roa *others, size_t n_others,
    enum network_bird bird)
{
	char *text = networks_with(roas, n, bird);
	char *other = networks_with(others, n_others, bird);
	bool answer = strcmp(text, other) != 0;

	free(text);
	free(other);
	return answer;
}

static void
the_older_version_is_told_of_other_roas(void **state)
{
	struct roa roas[] = {
		{ { { 4, { 172, 20, 1 } }, 24 }, 28, 4242420001 },
		{ { { 4, { 172, 20, 2 } }, 24 }, 28, 4242420002 },
		{ { { 6, { 0xfd } }, 48 }, 64, 4242420002 },
	};
	struct roa others[] = { roas[0], roas[1], roas[2] };

	(void)state;
	assert_false(differ(roas, 3, others, 3, BIRD_1_6));
	assert_false(differ(roas, 3, others, 2, BIRD_1_6));
	assert_true(differ(roas, 2, others, 1, BIRD_1_6));
	assert_false(differ(roas, 2, others, 1, BIRD_2));
	others[1].asn--;
	assert_true(differ(roas, 3, others, 3, BIRD_1_6));
	others[1] = roas[1];
	others[0].max--;
	assert_true(differ(roas, 3, others, 3, BIRD_1_6));
}

static void
no_rule_is_no_network(void **state)
{
	const struct filter none = { 0 };
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	assert_non_null(f);
	assert_int_equal(render_bird2_networks(f, &none), 0);
	fclose(f);
	assert_non_null(strstr(text, "\nreturn 2;\n"));
	free(text);
}

/* What BIRD would refuse the whole file for is not written. */
static void
renders_only_what_is_valid(void **state)
{
	static const struct filter_rule bad[] = {
		{ { { 4, { 10, 1 } }, 15 }, 16, 24, true, 1, 1 },
		{ { { 4, { 10 } }, 33 }, 16, 24, true, 1, 1 },
		{ { { 4, { 10 } }, 8 }, 25, 24, true, 1, 1 },
		{ { { 4, { 10 } }, 8 }, 16, 33, true, 1, 1 },
		{ { { 6, { 0xfd } }, 8 }, 44, 129, true, 1, 1 },
		{ { { 5, { 10 } }, 8 }, 16, 24, true, 1, 1 },
	};
	struct filter_rule rule;
	const struct filter filter = { .rules = &rule, .n = 1 };
	FILE *f = fopen("/dev/null", "w"), *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(f);
	assert_non_null(full);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rule = bad[i];
		assert_int_equal(render_bird2_networks(f, &filter), -EINVAL);
	}
	rule = (struct filter_rule){ { { 4, { 10 } }, 8 }, 15, 24, true, 1, 1 };
	assert_int_equal(render_bird2_networks(f, &filter), 0);
	assert_int_equal(render_bird2_networks(full, &filter), -EIO);
	fclose(full);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixtures_are_golden),
		cmocka_unit_test(the_older_version_is_told_of_other_roas),
		cmocka_unit_test(no_rule_is_no_network),
		cmocka_unit_test(renders_only_what_is_valid),
	};

	return cmocka_run_group_tests_name("networks", tests, NULL, NULL);
}
