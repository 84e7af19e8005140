#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "registry/route.h"

#define NAME   "172.20.1.0_24"
#define ROUTE  "route: 172.20.1.0/24\n"
#define ORIGIN "origin: AS64512\n"

static int
parse(struct route *out, const char *text, struct fault *f)
{
	return route_parse(out, 4, NAME, text, strlen(text), f);
}

/* How many origins it has, the first, and its max-length; -1: none. */
static void
reads_what_is_good(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t origin;
		int max;
	} all[] = {
		{ ROUTE ORIGIN, 1, 64512, -1 },
		{ "route:              172.20.1.0/24\n"
		  "origin:             AS4242420001\n"
		  "max-length:         28\n",
		    1, 4242420001, 28 },
		/* The order means nothing; keys are of any case. */
		{ "MAX-LENGTH: 0\nOrigin: as1\nRoute: 172.20.1.0/24\n", 1, 1,
		    0 },
		{ "route:172.20.1.0/24\r\norigin:AS7\r\nmax-length:24\r\n", 1,
		    7, 24 },
		{ "route:\t172.20.1.0/24\norigin:\t\tAS7\t\nmax-length:\t24 \n",
		    1, 7, 24 },
		{ ROUTE "origin: AS64512", 1, 64512, -1 },
		{ "\n\n" ROUTE "\n\n" ORIGIN "\n\n", 1, 64512, -1 },
		{ "# origin: AS1\n%origin: AS1\n" ROUTE ORIGIN, 1, 64512, -1 },
		{ ROUTE "origin: 64512\n", 1, 64512, -1 },
		{ ROUTE "origin: AS0\n", 1, 0, -1 },
		{ ROUTE "origin: AS4294967295\n", 1, UINT32_MAX, -1 },
		{ ROUTE "origin: AS2\norigin: AS1\norigin: AS2\n", 3, 2, -1 },
		/* Continuation lines are no attributes. */
		{ ROUTE ORIGIN "remarks: x\n max-length: 28\n\torigin: AS1\n"
			       "+max-length: 28\n+\n    origin: AS2\n",
		    1, 64512, -1 },
		{ " max-length: 32\n" ROUTE ORIGIN, 1, 64512, -1 },
		{ ROUTE ORIGIN "xmax-length: 28\nmax-lengthx: 28\n"
			       "max-length : 28\n",
		    1, 64512, -1 },
		{ ROUTE ORIGIN "max-length: 4294967295\n", 1, 64512,
		    INT32_MAX },
		{ ROUTE ORIGIN "max-length: 28\nmax-length: 28\n", 1, 64512,
		    28 },
		{ ROUTE ROUTE ORIGIN, 1, 64512, -1 },
	};
	struct route r;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (parse(&r, all[i].text, &f) != 0)
			fail_msg("%zu: %s", i, f.text);
		assert_int_equal(r.prefix.len, 24);
		assert_int_equal(r.n, all[i].n);
		assert_int_equal(r.origins[0], all[i].origin);
		assert_int_equal(r.has_max, all[i].max >= 0);
		if (r.has_max && all[i].max < INT32_MAX)
			assert_int_equal(r.max, all[i].max);
	}
}

static void
refuses_what_is_not(void **state)
{
	static const struct {
		const char *text, *why;
	} all[] = {
		{ "", "which prefix" },
		{ ORIGIN, "which prefix" },
		{ " " ROUTE ORIGIN, "which prefix" },
		{ "\xef\xbb\xbf" ROUTE ORIGIN, "which prefix" },
		{ "route6: 172.20.1.0/24\n" ORIGIN, "which prefix" },
		{ ROUTE, "no origin" },
		{ ROUTE " " ORIGIN, "no origin" },
		{ "route: 172.20.1.0/25\n" ORIGIN, "file's name" },
		{ "route: 172.20.2.0/24\n" ORIGIN, "file's name" },
		{ "route: 172.20.1.0\n" ORIGIN, "file's name" },
		{ "route: 172.20.1.0/24 # ours\n" ORIGIN, "file's name" },
		{ "route:\n" ORIGIN, "file's name" },
		/* One that agrees does not outweigh one that does not. */
		{ ROUTE "route: 172.20.2.0/24\n" ORIGIN, "file's name" },
		{ ROUTE "origin: AS4294967296\n", "no AS number" },
		{ ROUTE "origin: AS99999999999999999999\n", "no AS number" },
		{ ROUTE "origin: AS\n", "no AS number" },
		{ ROUTE "origin:\n", "no AS number" },
		{ ROUTE "origin: AS-1\n", "no AS number" },
		{ ROUTE "origin: AS1.10\n", "no AS number" },
		{ ROUTE "origin: AS1 AS2\n", "no AS number" },
		{ ROUTE "origin: AS1;\n", "no AS number" },
		{ ROUTE "origin: \x1b[31mAS1\n", "no AS number" },
		{ ROUTE ORIGIN "origin: FOO-MNT\n", "no AS number" },
		{ ROUTE ORIGIN "max-length: /28\n", "no number" },
		{ ROUTE ORIGIN "max-length: -1\n", "no number" },
		{ ROUTE ORIGIN "max-length: 4294967296\n", "no number" },
		{ ROUTE ORIGIN "max-length:\n", "no number" },
		{ ROUTE ORIGIN "max-length: 24\nmax-length: 28\n", "two" },
	};
	struct route r = { .n = 7 };
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_int_equal(parse(&r, all[i].text, &f), FAULT_INVALID);
		if (strstr(f.text, all[i].why) == NULL)
			fail_msg("%zu: %s", i, f.text);
		assert_int_equal(r.n, 7);
	}
}

static void
refuses_names(void **state)
{
	static const char *const names[] = { "", "_", "172.20.1.0",
		"172.20.1.0_", "_24", "172.20.1.0/24", "172.20.1.0_33",
		"172.20.1.0_24_24", "172.20.1.0_24~", "172.20.1.0_24.new",
		"172.20.1.1_24", "172.20.1.0_-1", "0x7f.1_24", "fd42::_48",
		"172.20.1.0/24_24",
		"000000000000000000000000000000172.20.1.0_000000000000000024" };
	static const char text[] = ROUTE ORIGIN;
	struct route r;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
		    route_parse(&r, 4, names[i], text, sizeof(text) - 1, &f),
		    FAULT_INVALID);
	assert_int_equal(route_parse(&r, 6, NAME, text, sizeof(text) - 1, &f),
	    FAULT_INVALID);
}

/* The prefix, not its spelling, must be the file's. */
static void
reads_ipv6_in_any_spelling(void **state)
{
	static const char *const texts[] = { "route6: fd42:4242::/32\n" ORIGIN,
		"route6: FD42:4242:0::/32\n" ORIGIN,
		"route6: fd42:4242:0:0:0:0:0:0/32\n" ORIGIN };
	struct route r;
	char text[PREFIX_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(route_parse(&r, 6, "fd42:4242:0::_32",
				     texts[i], strlen(texts[i]), NULL),
		    0);
		assert_string_equal(
		    prefix_text(&r.prefix, text), "fd42:4242::/32");
	}
	assert_int_equal(route_parse(&r, 6, "fd42:4242::1_32", texts[0],
			     strlen(texts[0]), NULL),
	    FAULT_INVALID);
}

static void
bounds_the_origins(void **state)
{
	char text[32 + 10 * (ROUTE_ORIGINS_MAX + 1)] = ROUTE;
	size_t len = strlen(text);
	struct route r;
	struct fault f;

	(void)state;
	for (size_t i = 0; i <= ROUTE_ORIGINS_MAX; i++) {
		memcpy(text + len, "origin: 1\n", 10);
		len += 10;
	}
	assert_int_equal(
	    route_parse(&r, 4, NAME, text, len, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "too many"));
	assert_int_equal(route_parse(&r, 4, NAME, text, len - 10, &f), 0);
	assert_int_equal(r.n, ROUTE_ORIGINS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_good),
		cmocka_unit_test(refuses_what_is_not),
		cmocka_unit_test(refuses_names),
		cmocka_unit_test(reads_ipv6_in_any_spelling),
		cmocka_unit_test(bounds_the_origins),
	};

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
