#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "registry/roa.h"
#include "render/roa.h"
#include "reports.h"

#define FIXTURES "tests/fixtures/registry"
#define CHANGED	 1790000000 /* 2026-09-21T14:13:20Z */

static struct reports reports;

static void
load(struct roa_set *out, unsigned families)
{
	struct fault f;

	reports_init(&reports);
	if (roa_load(out, FIXTURES, families, &reports.report, &f) != 0)
		fail_msg("%s", f.text);
}

/* The bytes of a file in tests/golden; GOLDEN=write makes them anew. */
static void
is_golden(int (*render)(FILE *f, const struct roa_set *set),
    const struct roa_set *set, const char *name)
{
	const char *mode = getenv("GOLDEN");
	char path[256], *text, *golden;
	size_t len, golden_len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(render(f, set), 0);
	fclose(f);
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (mode != NULL && strcmp(mode, "write") == 0)
		assert_int_equal(file_replace(path, 0644, text, len), 0);
	assert_int_equal(file_read(path, 1 << 20, &golden, &golden_len), 0);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
}

/* Every oddity of the fixtures, as each format has the set. */
static void
fixtures_are_golden(void **state)
{
	struct roa_set set;

	(void)state;
	load(&set, ROA_IPV4 | ROA_IPV6);
	for (size_t i = 1; i < set.n; i++)
		assert_true(roa_cmp(&set.roas[i - 1], &set.roas[i]) < 0);
	set.changed = CHANGED;
	is_golden(render_roa_bird2, &set, "roa-bird2.conf");
	is_golden(render_roa_bird1, &set, "roa-bird1.conf");
	is_golden(render_roa_json, &set, "roa.json");
	roa_set_free(&set);
}

/* And all that was skipped, with its reason. */
static void
reports_what_gives_none(void **state)
{
	static const struct {
		const char *where, *why;
	} all[] = {
		{ "filter.txt:10", "neither permit nor deny" },
		{ "filter.txt:11", "host bits" },
		{ "filter.txt:12", "family" },
		{ "filter.txt:13", "lengths" },
		{ "filter.txt:14", "lengths" },
		{ "filter.txt:15", "first column" },
		{ "filter.txt:16", "five columns" },
		{ "filter.txt:17", "five columns" },
		{ "filter.txt:18", "five columns" },
		{ "route/172.16.0.0_12", "rule 9999 of filter.txt denies" },
		{ "route/172.20.10.0_24", "longer than 21" },
		{ "route/172.20.35.0_24", "no AS number" },
		{ "route/172.20.36.0_24", "no AS number" },
		{ "route/172.20.37.0_24", "no AS number" },
		{ "route/172.20.38.0_24", "no AS number" },
		{ "route/172.20.39.0_24", "no origin" },
		{ "route/172.20.40.0_24", "no number" },
		{ "route/172.20.41.0_24", "two max-lengths" },
		{ "route/172.20.42.1_24", "host bits" },
		{ "route/172.20.44.0_24", "file's name" },
		{ "route/172.20.45.0_25", "file's name" },
		{ "route/172.20.46.0_24", "which prefix" },
		{ "route/172.20.47.0_30", "longer than 29" },
		{ "route/172.20.48.0_24", "longer than 22" },
		{ "route/172.20.49.0", "no prefix" },
		{ "route/172.20.50.0_33", "no prefix" },
		{ "route/172.20.52.0_24", "which prefix" },
		{ "route/172.22.166.0_26", "rule 1 of filter.txt denies" },
		{ "route/192.168.0.0_24", "rule 9999 of filter.txt denies" },
		{ "route/README", "no prefix" },
		{ "route/fd42:1::_48", "no prefix" },
		{ "route6/172.20.1.0_24", "no prefix" },
		{ "route6/fc00:4242:5::_48", "no rule of filter6.txt" },
		{ "route6/fd42:4242:5::_112", "longer than 64" },
		{ "route6/fd42:4242:6::1_48", "host bits" },
		{ "route6/fd42:dead:beef::_48", "rule 10 of filter6.txt" },
	};
	struct roa_set set;

	(void)state;
	load(&set, ROA_IPV4 | ROA_IPV6);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (reports_of(&reports, all[i].where, all[i].why) != 1)
			fail_msg("%s: %s", all[i].where, all[i].why);
	assert_int_equal(reports.n, sizeof(all) / sizeof(all[0]));
	assert_int_equal(set.skipped, reports.n);
	roa_set_free(&set);
}

static void
reads_one_family(void **state)
{
	struct roa_set both, one;
	size_t n = 0;

	(void)state;
	load(&both, ROA_IPV4 | ROA_IPV6);
	load(&one, ROA_IPV4);
	for (size_t i = 0; i < one.n; i++)
		assert_int_equal(roa_cmp(&one.roas[i], &both.roas[i]), 0);
	n = one.n;
	roa_set_free(&one);
	load(&one, ROA_IPV6);
	for (size_t i = 0; i < one.n; i++)
		assert_int_equal(roa_cmp(&one.roas[i], &both.roas[n + i]), 0);
	assert_int_equal(n + one.n, both.n);
	roa_set_free(&one);
	roa_set_free(&both);
}

/* A registry of the test's own: IPv4, one rule, no route. */
struct own {
	char dir[64];
};

static void
put(const struct own *own, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/data/%s", own->dir, name);
	assert_int_equal(file_replace(path, 0644, text, strlen(text)), 0);
}

static int
set_up(void **state)
{
	static struct own own;
	static const char *const folders[] = { "data", "data/route" };
	char path[256];

	snprintf(own.dir, sizeof(own.dir), "/tmp/meetme-roa-XXXXXX");
	if (mkdtemp(own.dir) == NULL)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", own.dir, folders[i]);
		if (mkdir(path, 0755) != 0)
			return -1;
	}
	put(&own, "filter.txt", "1 permit 10.0.0.0/8 15 24\n");
	*state = &own;
	return 0;
}

static int
tear_down(void **state)
{
	const struct own *own = *state;
	static const char *const names[] = { "route/10.1.0.0_16",
		"route/10.2.0.0_16", "route/evil\x1b[2J", "route", "filter.txt",
		"" };
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/data/%s", own->dir, names[i]);
		if (remove(path) != 0 && errno != ENOENT)
			return -1;
	}
	return remove(own->dir);
}

static void
says_why_there_is_none(void **state)
{
	const struct own *own = *state;
	struct roa_set set = { .n = 7 };
	struct fault f;

	assert_int_equal(
	    roa_load(&set, own->dir, ROA_IPV4, NULL, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "no ROA"));
	put(own, "route/10.1.0.0_16", "route: 10.1.0.0/16\norigin: AS1\n");
	assert_int_equal(
	    roa_load(&set, own->dir, ROA_IPV4 | ROA_IPV6, NULL, &f),
	    FAULT_NOT_FOUND);
	assert_non_null(strstr(f.text, "data/filter6.txt"));
	put(own, "filter.txt", "1 permit 10.0.0.0/8 24 15\n");
	assert_int_equal(
	    roa_load(&set, own->dir, ROA_IPV4, NULL, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "filter.txt has no rule"));
	assert_int_equal(set.n, 7);

	put(own, "filter.txt", "1 permit 10.0.0.0/8 15 24\n");
	assert_int_equal(roa_load(&set, own->dir, ROA_IPV4, NULL, &f), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.roas[0].asn, 1);
	roa_set_free(&set);
}

/* Links and hostile names cost nobody else a ROA, nor the terminal its peace.
 */
static void
reports_in_plain_text(void **state)
{
	const struct own *own = *state;
	char path[256];
	struct roa_set set;

	put(own, "route/10.1.0.0_16", "route: 10.1.0.0/16\norigin: AS1\n");
	put(own, "route/evil\x1b[2J", "route: 10.1.0.0/16\norigin: AS2\n");
	snprintf(path, sizeof(path), "%s/data/route/10.2.0.0_16", own->dir);
	assert_int_equal(symlink("10.1.0.0_16", path), 0);
	reports_init(&reports);
	assert_int_equal(
	    roa_load(&set, own->dir, ROA_IPV4, &reports.report, NULL), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.skipped, 2);
	assert_int_equal(reports.n, 2);
	assert_int_equal(reports_of(&reports, "route/evil?[2J", "name"), 1);
	assert_int_equal(reports_of(&reports, "route/", "1 of its files"), 1);
	roa_set_free(&set);
}

/* Whoever writes the registry has nothing else read by a link in it. */
static void
follows_no_link(void **state)
{
	static const char *const names[] = { "data/filter.txt", "data/route",
		"data" };
	const struct own *own = *state;
	char path[256], aside[256];
	struct roa_set set;

	put(own, "route/10.1.0.0_16", "route: 10.1.0.0/16\norigin: AS1\n");
	snprintf(aside, sizeof(aside), "%s/aside", own->dir);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", own->dir, names[i]);
		assert_int_equal(rename(path, aside), 0);
		assert_int_equal(symlink(aside, path), 0);
		assert_int_not_equal(
		    roa_load(&set, own->dir, ROA_IPV4, NULL, NULL), 0);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(rename(aside, path), 0);
		assert_int_equal(
		    roa_load(&set, own->dir, ROA_IPV4, NULL, NULL), 0);
		roa_set_free(&set);
	}
}

/* The time is the registry's, not the clock's. */
static void
has_the_registrys_time(void **state)
{
	const struct own *own = *state;
	const struct timespec times[2] = { { CHANGED, 0 }, { CHANGED, 0 } };
	const struct timespec before[2] = { { 1, 0 }, { 1, 0 } };
	char folder[256], filter[256];
	struct roa_set set;

	put(own, "route/10.1.0.0_16", "route: 10.1.0.0/16\norigin: AS1\n");
	snprintf(folder, sizeof(folder), "%s/data/route", own->dir);
	snprintf(filter, sizeof(filter), "%s/data/filter.txt", own->dir);
	assert_int_equal(utimensat(AT_FDCWD, folder, times, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, filter, before, 0), 0);
	assert_int_equal(roa_load(&set, own->dir, ROA_IPV4, NULL, NULL), 0);
	assert_int_equal(set.changed, CHANGED);
	roa_set_free(&set);
	assert_int_equal(utimensat(AT_FDCWD, folder, before, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, filter, times, 0), 0);
	assert_int_equal(roa_load(&set, own->dir, ROA_IPV4, NULL, NULL), 0);
	assert_int_equal(set.changed, CHANGED);
	roa_set_free(&set);
}

/* What BIRD would refuse the whole file for is not written. */
static void
renders_only_what_is_valid(void **state)
{
	static int (*const renderers[])(FILE * f, const struct roa_set *set) = {
		render_roa_bird2, render_roa_bird1, render_roa_json
	};
	static const struct roa bad[] = {
		{ { { 4, { 10, 1 } }, 16 }, 15, 1 },
		{ { { 4, { 10, 1 } }, 16 }, 33, 1 },
		{ { { 4, { 10, 1 } }, 15 }, 24, 1 },
		{ { { 6, { 0xfd, 1 } }, 16 }, 129, 1 },
		{ { { 0, { 0 } }, 0 }, 0, 1 },
	};
	struct roa roa;
	const struct roa_set set = { .roas = &roa, .n = 1 };
	FILE *f = fopen("/dev/null", "w"), *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(f);
	assert_non_null(full);
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
			roa = bad[k];
			assert_int_equal(renderers[i](f, &set), -EINVAL);
		}
		roa = (struct roa){ { { 4, { 10, 1 } }, 16 }, 24, 1 };
		assert_int_equal(renderers[i](f, &set), 0);
		assert_int_equal(renderers[i](full, &set), -EIO);
	}
	fclose(full);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixtures_are_golden),
		cmocka_unit_test(reports_what_gives_none),
		cmocka_unit_test(reads_one_family),
		cmocka_unit_test_setup_teardown(
		    says_why_there_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    reports_in_plain_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    follows_no_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    has_the_registrys_time, set_up, tear_down),
		cmocka_unit_test(renders_only_what_is_valid),
	};

	return cmocka_run_group_tests_name("roa", tests, NULL, NULL);
}
