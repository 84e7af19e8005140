#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "registry/filter.h"
#include "reports.h"

static struct reports reports;

static int
parse(struct filter *out, unsigned family, const char *text)
{
	reports_init(&reports);
	return filter_parse(
	    out, family, text, strlen(text), &reports.report, NULL);
}

/* The number of the rule that decides for the prefix; 0 for none. */
static uint32_t
decides(const struct filter *filter, const char *text)
{
	const struct filter_rule *rule;
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, strlen(text)), 0);
	rule = filter_find(filter, &p);
	return rule != NULL ? rule->nr : 0;
}

static void
first_by_number_decides(void **state)
{
	struct filter filter;

	(void)state;
	assert_int_equal(parse(&filter, 4,
			     "9999 deny   172.16.0.0/12   0  32\n"
			     "1100 permit 172.20.0.0/14   21 29 # main\n"
			     "1001 permit 172.20.0.0/24   28 32\n"
			     "# no rule\n"
			     "\n"
			     " \t\r\n"
			     "1100 deny   172.20.0.0/14   22 30\n"
			     "0001\tdeny\t172.22.166.0/24\t24\t32#blocked\r\n"
			     "  2000 permit 10.0.0.0/8 15 24"),
	    0);
	assert_int_equal(reports.n, 0);
	assert_int_equal(filter.skipped, 0);
	assert_int_equal(filter.n, 6);
	for (size_t i = 1; i < filter.n; i++)
		assert_true(filter.rules[i - 1].nr <= filter.rules[i].nr);

	assert_int_equal(decides(&filter, "172.22.166.0/24"), 1);
	assert_int_equal(decides(&filter, "172.22.166.64/26"), 1);
	assert_int_equal(decides(&filter, "172.22.167.0/24"), 1100);
	assert_int_equal(decides(&filter, "172.20.0.53/32"), 1001);
	/* Wider than a rule is not contained in it. */
	assert_int_equal(decides(&filter, "172.20.0.0/23"), 1100);
	assert_int_equal(decides(&filter, "172.22.0.0/16"), 1100);
	assert_int_equal(decides(&filter, "172.16.0.0/13"), 9999);
	assert_int_equal(decides(&filter, "172.0.0.0/8"), 0);
	assert_int_equal(decides(&filter, "10.0.0.0/8"), 2000);
	assert_int_equal(decides(&filter, "192.168.0.0/16"), 0);
	assert_int_equal(decides(&filter, "fd00::/8"), 0);

	/* Of one number, the line that comes first. */
	assert_true(filter.rules[2].permit);
	assert_int_equal(filter.rules[2].line, 2);
	assert_int_equal(filter.rules[2].min, 21);
	assert_int_equal(filter.rules[2].max, 29);
	assert_false(filter.rules[3].permit);
	filter_free(&filter);
}

static void
takes_the_family_of_its_file(void **state)
{
	struct filter filter;

	(void)state;
	assert_string_equal(filter_name(4), "filter.txt");
	assert_string_equal(filter_name(6), "filter6.txt");
	assert_int_equal(parse(&filter, 6,
			     "1 permit fd00::/8 44 64\n"
			     "2 permit 10.0.0.0/8 15 24\n"
			     "4294967295 deny ::/0 0 128\n"),
	    0);
	assert_int_equal(filter.n, 2);
	assert_int_equal(reports_of(&reports, "filter6.txt:2", "family"), 1);
	assert_int_equal(decides(&filter, "fd42::/48"), 1);
	assert_int_equal(decides(&filter, "2001:db8::/32"), UINT32_MAX);
	assert_int_equal(decides(&filter, "10.0.0.0/8"), 0);
	filter_free(&filter);
}

/* Each line that is no rule is told of, and the rest is read. */
static void
reports_lines(void **state)
{
	static const struct {
		const char *line, *why;
	} all[] = {
		{ "x permit 10.0.0.0/8 15 24", "first column" },
		{ "-1 permit 10.0.0.0/8 15 24", "first column" },
		{ "4294967296 permit 10.0.0.0/8 15 24", "first column" },
		{ "1 allow 10.0.0.0/8 15 24", "permit nor deny" },
		{ "1 permitted 10.0.0.0/8 15 24", "permit nor deny" },
		{ "1 PERMIT 10.0.0.0/8 15 24", "permit nor deny" },
		{ "1 permit 10.0.0.0 15 24", "no prefix" },
		{ "1 permit 10.0.0.0/33 15 24", "no prefix" },
		{ "1 permit fd00::/8 15 24", "no prefix" },
		{ "1 permit 10.0.0.1/8 15 24", "host bits" },
		{ "1 permit 10.0.0.0/8 24 15", "lengths" },
		{ "1 permit 10.0.0.0/8 15 33", "lengths" },
		{ "1 permit 10.0.0.0/8 x 24", "lengths" },
		{ "1 permit 10.0.0.0/8 15 +24", "lengths" },
		{ "1 permit 10.0.0.0/8 15", "five columns" },
		{ "1 permit 10.0.0.0/8 15 # 24", "five columns" },
		{ "1 permit 10.0.0.0/8 15 24 25", "five columns" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "five columns" },
		{ "1", "five columns" },
		{ "\x1b[2J", "five columns" },
		{ "<<<<<<< HEAD", "five columns" },
	};
	struct filter filter;
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(text, sizeof(text), "# %zu\n%s\n2 deny 0.0.0.0/0 0 32",
		    i, all[i].line);
		assert_int_equal(parse(&filter, 4, text), 0);
		assert_int_equal(reports.n, 1);
		assert_int_equal(
		    reports_of(&reports, "filter.txt:2", all[i].why), 1);
		assert_int_equal(filter.skipped, 1);
		assert_int_equal(filter.n, 1);
		assert_int_equal(filter.rules[0].nr, 2);
		filter_free(&filter);
	}
}

/* A NUL byte ends no line, and hides no rule. */
static void
reads_behind_a_nul(void **state)
{
	static const char text[] = "1 permit 10.0.0.0/8 15 24\0\n"
				   "2 deny 0.0.0.0/0 0 32";
	struct filter filter;

	(void)state;
	reports_init(&reports);
	assert_int_equal(filter_parse(&filter, 4, text, sizeof(text) - 1,
			     &reports.report, NULL),
	    0);
	assert_int_equal(filter.n, 1);
	assert_int_equal(reports_of(&reports, "filter.txt:1", "lengths"), 1);
	filter_free(&filter);
}

static void
needs_a_rule(void **state)
{
	static const char *const none[] = { "", "\n\n", "# 1\n",
		"1 allow 10.0.0.0/8 15 24\n" };
	struct filter filter = { .n = 7 };
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(parse(&filter, 4, none[i]), FAULT_INVALID);
	assert_int_equal(filter.n, 7);
	assert_int_equal(
	    filter_load(&filter, 6, "/nonexistent", NULL, &f), FAULT_NOT_FOUND);
	assert_non_null(strstr(f.text, "/nonexistent/data/filter6.txt"));
}

static void
bounds_the_rules(void **state)
{
	static const char rule[] = "1 permit 10.0.0.0/8 15 24\n";
	size_t each = sizeof(rule) - 1, n = FILTER_RULES_MAX + 1;
	char *text = malloc(n * each);
	struct filter filter;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * each, rule, each);
	assert_int_equal(
	    filter_parse(&filter, 4, text, n * each, NULL, NULL), FAULT_LIMIT);
	assert_int_equal(
	    filter_parse(&filter, 4, text, (n - 1) * each, NULL, NULL), 0);
	assert_int_equal(filter.n, FILTER_RULES_MAX);
	for (size_t i = 0; i < filter.n; i++)
		assert_int_equal(filter.rules[i].line, i + 1);
	filter_free(&filter);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_by_number_decides),
		cmocka_unit_test(takes_the_family_of_its_file),
		cmocka_unit_test(reports_lines),
		cmocka_unit_test(reads_behind_a_nul),
		cmocka_unit_test(needs_a_rule),
		cmocka_unit_test(bounds_the_rules),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
