#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "engine/rate.h"

#define SECOND 1000000

static void
counts_each_by_itself(void **state)
{
	struct rate r = { 0 };
	int64_t now = 1;

	(void)state;
	for (int i = 0; i < RATE_EACH; i++)
		assert_int_equal(rate_take(&r, "FOO-MNT", now + i * SECOND), 0);
	now += 10 * SECOND;
	assert_int_equal(rate_take(&r, "FOO-MNT", now), RATE_SECONDS - 9);
	assert_int_equal(rate_take(&r, "BAR-MNT", now), 0);
	/* When the first one is a minute ago, there is room for one. */
	now = 1 + (int64_t)RATE_SECONDS * SECOND;
	assert_int_equal(rate_take(&r, "FOO-MNT", now), 0);
	assert_int_equal(rate_take(&r, "FOO-MNT", now), 2);
}

static void
counts_all_together(void **state)
{
	struct rate r = { 0 };
	char who[MNTNER_MAX];
	int64_t now = 5;

	(void)state;
	for (int i = 0; i < RATE_ALL; i++) {
		snprintf(who, sizeof(who), "M%d-MNT", i);
		assert_int_equal(rate_take(&r, who, now), 0);
	}
	assert_int_equal(rate_take(&r, "LATE-MNT", now + SECOND), RATE_SECONDS);
	now += (int64_t)RATE_SECONDS * SECOND;
	assert_int_equal(rate_take(&r, "LATE-MNT", now), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_each_by_itself),
		cmocka_unit_test(counts_all_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
