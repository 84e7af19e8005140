#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "registry/census.h"

static const struct census before = {
	.classes = { { "mntner", 100 }, { "route", 9 }, { "as-set", 0 } },
	.n = 3,
	.filters = { { true, 1 }, { false, 0 } },
};

static void
test_classes(void **state)
{
	struct census now = before;
	char why[CENSUS_TEXT_MAX];

	(void)state;
	assert_false(census_lost(&before, &now, why));
	now.classes[0].n = 90;
	assert_false(census_lost(&before, &now, why));
	now.classes[0].n = 89;
	assert_true(census_lost(&before, &now, why));
	assert_string_equal(why, "it has 89 objects in mntner instead of 100");
	now.classes[0].n = 1000;
	now.classes[1].n = 8; /* of nine, one is more than a tenth */
	assert_true(census_lost(&before, &now, why));
	now.n = 1; /* a folder that is gone, and an empty one */
	assert_true(census_lost(&before, &now, why));
	assert_string_equal(why, "it has 0 objects in route instead of 9");
}

static void
test_filters(void **state)
{
	struct census now = before;
	char why[CENSUS_TEXT_MAX];

	(void)state;
	now.filters[0].skipped = 0;
	now.filters[1].usable = true;
	assert_false(census_lost(&before, &now, why));
	now.filters[0].skipped = 2;
	assert_true(census_lost(&before, &now, why));
	assert_string_equal(
	    why, "2 lines of filter.txt are no rule, of 1 before");
	now.filters[0].usable = false;
	assert_true(census_lost(&before, &now, why));
	assert_string_equal(why, "there is no rule in filter.txt any more");
}

static void
test_take(void **state)
{
	static const struct census none = { .n = 0 };
	struct census c;
	char why[CENSUS_TEXT_MAX];

	(void)state;
	census_take(&c, "tests/fixtures/registry");
	assert_true(c.n >= 4);
	assert_true(c.filters[0].usable && c.filters[1].usable);
	assert_false(census_lost(&c, &c, why));
	assert_true(census_lost(&c, &none, why));
	census_take(&c, "tests/fixtures/nowhere");
	assert_int_equal(c.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
