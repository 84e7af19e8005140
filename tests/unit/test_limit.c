#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ssh/limit.h"

static struct limit l;
static int owner[LIMIT_TOTAL + 1];

static struct ip
ip4(unsigned n)
{
	return (struct ip){ 4, { 192, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

static int
reset(void **state)
{
	(void)state;
	l = (struct limit){ 0 };
	return 0;
}

/* One each from the sources first, first + 1, ...; owners go on from l.n. */
static void
add_each(unsigned first, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++) {
		struct ip from = ip4(first + (unsigned)i);

		limit_add(&l, &from, now, &owner[l.n]);
	}
}

static void
add_same(const struct ip *from, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++)
		limit_add(&l, from, now, &owner[l.n]);
}

static void
grace_ends(void **state)
{
	(void)state;
	assert_null(limit_victim(&l, 100));
	add_each(1, 2, 100);
	assert_null(limit_victim(&l, 100 + LIMIT_GRACE - 1));
	assert_ptr_equal(limit_victim(&l, 100 + LIMIT_GRACE), &owner[0]);
	limit_remove(&l, &owner[0]);
	assert_ptr_equal(limit_victim(&l, 100 + LIMIT_GRACE), &owner[1]);
	limit_remove(&l, &owner[1]);
	assert_null(limit_victim(&l, 100 + LIMIT_GRACE));
}

static void
many_sources_make_room_by_age(void **state)
{
	(void)state;
	add_each(1, LIMIT_TOTAL, 100);
	assert_null(limit_victim(&l, 100));
	add_each(5000, 1, 101);
	assert_ptr_equal(limit_victim(&l, 101), &owner[0]);
}

static void
the_source_with_most_makes_room(void **state)
{
	struct ip loud = ip4(9999);

	(void)state;
	add_each(1, 3, 100);
	add_same(&loud, LIMIT_TOTAL - 3, 101);
	assert_null(limit_victim(&l, 101));
	add_each(6000, 1, 102);
	assert_ptr_equal(limit_victim(&l, 102), &owner[3]);
}

static void
a_crowd_thins_with_time(void **state)
{
	struct ip loud = ip4(9999);

	(void)state;
	add_each(1, 1, 100);
	add_same(&loud, LIMIT_SOURCE + 1, 100);
	assert_null(limit_victim(&l, 100 + LIMIT_CROWDED - 1));
	assert_ptr_equal(limit_victim(&l, 100 + LIMIT_CROWDED), &owner[1]);
	limit_remove(&l, &owner[1]);
	assert_null(limit_victim(&l, 100 + LIMIT_CROWDED));
}

static void
one_network_is_one_source(void **state)
{
	struct ip a = { 6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } };

	(void)state;
	for (uint8_t i = 0; i <= LIMIT_SOURCE; i++) {
		a.byte[9] = i;
		limit_add(&l, &a, 100, &owner[i]);
	}
	assert_ptr_equal(limit_victim(&l, 100 + LIMIT_CROWDED), &owner[0]);
	l.n = 0;
	for (uint8_t i = 0; i <= LIMIT_SOURCE; i++) {
		a.byte[7] = i; /* another /64 each */
		limit_add(&l, &a, 100, &owner[i]);
	}
	assert_null(limit_victim(&l, 100 + LIMIT_CROWDED));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(grace_ends, reset),
		cmocka_unit_test_setup(many_sources_make_room_by_age, reset),
		cmocka_unit_test_setup(the_source_with_most_makes_room, reset),
		cmocka_unit_test_setup(a_crowd_thins_with_time, reset),
		cmocka_unit_test_setup(one_network_is_one_source, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
