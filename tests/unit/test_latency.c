#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/latency.h"
#include "peering/peering.h"

#define NONE WIRE_RTT_UNKNOWN

/* Takes times, ended by 0, as the engine does; how often the class changed. */
static int
take(struct latency *l, const uint32_t *times)
{
	int changes = 0;

	for (; *times != 0; times++) {
		uint8_t class = latency_take(l, *times);

		changes += class != l->class;
		l->class = class;
	}
	return changes;
}

#define TAKE(l, ...) take(l, (const uint32_t[]){ __VA_ARGS__, 0 })

static void
has_the_classes_of_the_wiki(void **state)
{
	static const uint32_t limits[] = { 2700, 7300, 20000, 55000, 148000,
		403000, 1097000, 2981000 };

	(void)state;
	assert_int_equal(latency_class(0), 1);
	for (uint8_t i = 0; i < 8; i++) {
		assert_int_equal(latency_class(limits[i]), i + 1);
		assert_int_equal(latency_class(limits[i] + 1), i + 2);
	}
	assert_int_equal(latency_class(4000000), LATENCY_MAX);
}

static void
takes_the_first_answer(void **state)
{
	struct latency l = { 0 };

	(void)state;
	assert_int_equal(TAKE(&l, NONE, NONE), 0);
	assert_int_equal(l.class, 0);
	assert_int_equal(TAKE(&l, 2701), 1);
	assert_int_equal(l.class, 2);
	assert_int_equal(l.rtt, 2701);
}

static void
follows_after_three_rounds(void **state)
{
	struct latency l = { .class = 1 };

	(void)state;
	assert_int_equal(TAKE(&l, 30000, 31000), 0);
	assert_int_equal(TAKE(&l, 30500), 1);
	assert_int_equal(l.class, 4);
	assert_int_equal(TAKE(&l, 30000, 60000, 54000, 21000), 0);
	assert_int_equal(TAKE(&l, 1000, 1100), 0);
	assert_int_equal(TAKE(&l, 1000), 1);
	assert_int_equal(l.class, 1);
}

static void
becomes_what_was_nearest(void **state)
{
	struct latency l = { .class = 1 };

	(void)state;
	assert_int_equal(TAKE(&l, 200000, 6000, 30000), 1);
	assert_int_equal(l.class, 2);
	l = (struct latency){ .class = 9 };
	assert_int_equal(TAKE(&l, 1000, 600000, 30000), 1);
	assert_int_equal(l.class, 7);
	/* Of the row, not of what was before it. */
	l = (struct latency){ .class = 1 };
	assert_int_equal(TAKE(&l, 3000, 1000, 30000, 30000, 30000), 1);
	assert_int_equal(l.class, 4);
}

static void
does_not_flap(void **state)
{
	struct latency l = { .class = 3 };

	(void)state;
	/* Within a tenth of a limit, for ever. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(TAKE(&l, 22000, 19000, 6570, 20500), 0);
	/* Beyond it, but never three in a row. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(TAKE(&l, 22001, 50000, 19000), 0);
	/* Beyond the one, then the other. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(TAKE(&l, 50000, 50000, 1000, 6569), 0);
	assert_int_equal(TAKE(&l, 22001, 22001, 22001), 1);
	assert_int_equal(l.class, 4);
	/* Nor back, until it is as clearly so. */
	assert_int_equal(TAKE(&l, 18000, 18000, 18000, 18000), 0);
	assert_int_equal(TAKE(&l, 17999, 17999, 17999), 1);
	assert_int_equal(l.class, 3);
}

static void
no_answer_changes_nothing(void **state)
{
	struct latency l = { .class = 3 };

	(void)state;
	assert_int_equal(TAKE(&l, NONE, NONE, NONE, NONE), 0);
	assert_int_equal(l.class, 3);
	assert_int_equal(l.rtt, NONE);
	assert_int_equal(TAKE(&l, 50000, NONE, 50000, NONE), 0);
	assert_int_equal(TAKE(&l, 50000), 1);
	assert_int_equal(l.class, 4);
}

static void
has_two_ends(void **state)
{
	struct latency l = { .class = 1 };

	(void)state;
	assert_int_equal(TAKE(&l, 1, 1, 1, 1), 0);
	l.class = LATENCY_MAX;
	assert_int_equal(TAKE(&l, 3999999, 3999999, 3999999, 3999999), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_classes_of_the_wiki),
		cmocka_unit_test(takes_the_first_answer),
		cmocka_unit_test(follows_after_three_rounds),
		cmocka_unit_test(becomes_what_was_nearest),
		cmocka_unit_test(does_not_flap),
		cmocka_unit_test(no_answer_changes_nothing),
		cmocka_unit_test(has_two_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
