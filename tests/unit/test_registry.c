#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry/object.h"
#include "registry/registry.h"

#define FIXTURES "tests/fixtures/registry"
#define KEY                                                          \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHDIDpt3BsfM1BTB8TCKEF" \
	"yON80AeVJ8ZHMai3HnzmFj"

/* A registry of the test's own, that begins with FOO-MNT and AS64512. */
static char dir[64];

static char *
path_of(char buf[512], const char *name)
{
	int n = snprintf(buf, 512, "%s/data/%s", dir, name);

	assert_true(n > 0 && n < 512);
	return buf;
}

static void
put(const char *name, const char *text, size_t len)
{
	char path[512];
	FILE *f = fopen(path_of(path, name), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
put_mntner(const char *file, const char *mntner, const char *rest)
{
	char name[256], text[1024];

	snprintf(name, sizeof(name), "mntner/%s", file);
	snprintf(
	    text, sizeof(text), "mntner: %s\nauth: " KEY "\n%s", mntner, rest);
	put(name, text, strlen(text));
}

static void
put_aut_num(const char *file, const char *mntner)
{
	char name[256], text[1024];

	snprintf(name, sizeof(name), "aut-num/%s", file);
	snprintf(text, sizeof(text), "aut-num: %s\nmnt-by: %s\n", file, mntner);
	put(name, text, strlen(text));
}

static int
set_up(void **state)
{
	static const char *const folders[] = { "", "mntner", "aut-num" };
	char path[512];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/meetme-registry-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	for (size_t i = 0; i < 3; i++)
		if (mkdir(path_of(path, folders[i]), 0755) != 0)
			return -1;
	put_mntner("FOO-MNT", "FOO-MNT", "");
	put_aut_num("AS64512", "FOO-MNT");
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct registry *
load(const char *from)
{
	struct registry *r = NULL;
	struct fault f = { 0 };

	if (registry_load(&r, from, &f) != 0)
		fail_msg("%s", f.text);
	return r;
}

static size_t
skipped(const struct registry *r)
{
	struct registry_counts c;

	registry_counts(r, &c);
	return c.skipped;
}

/* Every oddity of tests/fixtures/registry, by what it must grant. */
static void
reads_the_fixtures(void **state)
{
	static const struct {
		const char *user;
		size_t keys, asns;
	} all[] = { { "GOOD", 7, 4 }, { "CRLF", 1, 1 }, { "TAB", 1, 1 },
		{ "NONL", 1, 0 }, { "BLANK", 1, 0 }, { "COMMENT", 0, 0 },
		{ "CAPS", 1, 1 }, { "REMARK", 0, 0 }, { "ESCAPE", 1, 0 },
		{ "SAME", 1, 1 }, { "OWNED", 1, 0 }, { "UNDER_SCORE", 1, 0 },
		{ "LOWER", 1, 1 }, { "PGP", 0, 0 }, { "NUL", 1, 0 },
		{ "BROKEN", 0, 0 } };
	static const char *const gone[] = { "WRONG", "OTHER", "TWICE",
		"NOSUFFIX", "EMPTY", "FOLDER", "LINK", "GONE", "DN42" };
	struct registry *r = load(FIXTURES);
	struct registry_counts c;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *mntner = registry_mntner(r, all[i].user);

		assert_non_null(mntner);
		assert_int_equal(
		    registry_keys(r, mntner, &n) != NULL, all[i].keys > 0);
		assert_int_equal(n, all[i].keys);
		assert_int_equal(
		    registry_asns(r, mntner, &n) != NULL, all[i].asns > 0);
		assert_int_equal(n, all[i].asns);
	}
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		assert_null(registry_mntner(r, gone[i]));
	registry_counts(r, &c);
	assert_int_equal(c.mntners, sizeof(all) / sizeof(all[0]));
	assert_int_equal(c.keys, 18);
	assert_int_equal(c.aut_nums, 7);
	assert_int_equal(c.skipped, 19);
	registry_free(r);
}

static void
knows_who_has_what(void **state)
{
	static const uint32_t want[] = { 64512, 4242420001, 4242420002,
		4242420003 };
	struct registry *r = load(FIXTURES);
	const struct sshkey *keys;
	const uint32_t *asns;
	size_t n;

	(void)state;
	asns = registry_asns(r, "GOOD-MNT", &n);
	assert_int_equal(n, 4);
	assert_memory_equal(asns, want, sizeof(want));
	assert_true(registry_has_asn(r, "good-mnt", 64512));
	assert_true(registry_has_asn(r, "SAME-MNT", 64512));
	assert_true(registry_has_asn(r, "CRLF-MNT", 4242420002));
	assert_false(registry_has_asn(r, "CRLF-MNT", 4242420001));
	assert_false(registry_has_asn(r, "GOOD-MNT", 4242420005));
	assert_false(registry_has_asn(r, "GOOD-MNT", 0));
	assert_false(registry_has_asn(r, "NONE-MNT", 64512));

	keys = registry_keys(r, "GOOD-MNT", &n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(keys[i].type, SSHKEY_NONE + 1 + i);
		assert_true(registry_has_key(r, "GOOD-MNT", &keys[i]));
		assert_false(registry_has_key(r, "CRLF-MNT", &keys[i]));
		assert_false(registry_has_key(r, "NONE-MNT", &keys[i]));
		/* The first one stands under two maintainers. */
		assert_int_equal(
		    registry_has_key(r, "SAME-MNT", &keys[i]), i == 0);
	}
	registry_free(r);
}

static void
finds_users_in_any_case(void **state)
{
	static const char *const users[] = { "foo", "FOO", "Foo", "foo-mnt",
		"FOO-MNT", "fOO-mNt" };
	static const char *const others[] = { "", "-mnt", "mnt", "fo", "fooo",
		"foo-mnt-mnt", "foo ", " foo", "foo-", "../FOO", "foo\n",
		"f\xc3\xb6o", "foo\x1b", "foo@bar", "%s%n" };
	char name[2 * MNTNER_MAX];
	struct registry *r = load(dir);
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		assert_string_equal(registry_mntner(r, users[i]), "FOO-MNT");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_null(registry_mntner(r, others[i]));
	for (size_t len = 1; len < sizeof(name); len++) {
		memset(name, 'A', len);
		name[len] = '\0';
		assert_null(registry_mntner(r, name));
		assert_null(registry_keys(r, name, &n));
	}
	registry_free(r);
}

/* A name that ends in -MNT twice is not mixed up with the shorter one. */
static void
keeps_suffixes_apart(void **state)
{
	struct registry *r;
	size_t n;

	(void)state;
	put_mntner("FOO-MNT-MNT", "FOO-MNT-MNT", "auth: " KEY "\n");
	r = load(dir);
	assert_string_equal(registry_mntner(r, "foo"), "FOO-MNT");
	assert_string_equal(registry_mntner(r, "foo-mnt"), "FOO-MNT");
	assert_string_equal(registry_mntner(r, "foo-mnt-mnt"), "FOO-MNT-MNT");
	registry_keys(r, "FOO-MNT", &n);
	assert_int_equal(n, 1);
	registry_keys(r, "FOO-MNT-MNT", &n);
	assert_int_equal(n, 2);
	registry_free(r);
}

static void
drops_names_that_differ_in_case(void **state)
{
	struct registry *r;
	struct registry_counts c;

	(void)state;
	put_mntner("BAR-MNT", "BAR-MNT", "");
	put_mntner("Bar-MNT", "BAR-MNT", "");
	put_mntner("bar-mnt", "BAR-MNT", "");
	put_aut_num("AS64513", "BAR-MNT");
	r = load(dir);
	assert_null(registry_mntner(r, "bar"));
	assert_non_null(registry_mntner(r, "foo"));
	registry_counts(r, &c);
	assert_int_equal(c.mntners, 1);
	assert_int_equal(c.keys, 1);
	assert_int_equal(c.skipped, 3);
	assert_false(registry_has_asn(r, "BAR-MNT", 64513));
	registry_free(r);
}

static void
skips_hostile_names(void **state)
{
	static const char *const names[] = { "A\x1b[2J-MNT", "A\n-MNT",
		"A B-MNT", "A.B-MNT", "-A-MNT", "_-MNT", "-MNT", "MNT",
		"A-MNT~", "A$(x)-MNT", "\xc3\x84-MNT", "A-MNT.new",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-"
		"MNT" };
	size_t n = sizeof(names) / sizeof(names[0]);
	struct registry *r;
	struct registry_counts c;

	(void)state;
	for (size_t i = 0; i < n; i++)
		put_mntner(names[i], names[i], "");
	put_mntner(".hidden-MNT", ".hidden-MNT", "");
	r = load(dir);
	registry_counts(r, &c);
	assert_int_equal(c.mntners, 1);
	assert_int_equal(c.skipped, n);
	for (size_t i = 0; i < n; i++)
		assert_null(registry_mntner(r, names[i]));
	registry_free(r);
}

static void
skips_what_is_no_plain_file(void **state)
{
	char path[512], target[512];
	struct registry *r;

	(void)state;
	assert_int_equal(mkfifo(path_of(path, "mntner/FIFO-MNT"), 0644), 0);
	assert_int_equal(mkdir(path_of(path, "mntner/DIR-MNT"), 0755), 0);
	put_mntner("../LINK-MNT", "LINK-MNT", "");
	assert_int_equal(symlink(path_of(target, "LINK-MNT"),
			     path_of(path, "mntner/LINK-MNT")),
	    0);
	assert_int_equal(
	    symlink("/dev/zero", path_of(path, "mntner/ZERO-MNT")), 0);
	r = load(dir);
	assert_int_equal(skipped(r), 4);
	assert_null(registry_mntner(r, "link"));
	assert_non_null(registry_mntner(r, "foo"));
	registry_free(r);
}

/* A file of the largest size is read to its end; one byte more, not at all. */
static void
bounds_the_size_of_a_file(void **state)
{
	static const char head[] = "mntner: BIG-MNT\nremarks: ";
	static const char tail[] = "\nauth: " KEY "\n";
	char *text = malloc(OBJECT_FILE_MAX + 1);
	struct registry *r;
	size_t n;

	(void)state;
	assert_non_null(text);
	for (size_t more = 0; more < 2; more++) {
		size_t len = OBJECT_FILE_MAX + more;

		memset(text, 'x', len);
		memcpy(text, head, strlen(head));
		memcpy(text + len - strlen(tail), tail, strlen(tail));
		put("mntner/BIG-MNT", text, len);
		r = load(dir);
		assert_int_equal(registry_mntner(r, "big") != NULL, more == 0);
		registry_keys(r, "BIG-MNT", &n);
		assert_int_equal(n, more == 0 ? 1 : 0);
		assert_int_equal(skipped(r), more);
		registry_free(r);
	}
	free(text);
}

static void
refuses_what_is_no_registry(void **state)
{
	struct registry *untouched = (struct registry *)dir, *r = untouched;
	char path[512], other[512];
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    registry_load(&r, "/nonexistent", &f), FAULT_NOT_FOUND);
	assert_non_null(strstr(f.text, "/nonexistent/data/mntner"));
	assert_int_equal(
	    registry_load(&r, "/nonexistent", NULL), FAULT_NOT_FOUND);

	assert_int_equal(
	    rename(path_of(path, "aut-num"), path_of(other, "away")), 0);
	assert_int_equal(registry_load(&r, dir, &f), FAULT_NOT_FOUND);
	assert_non_null(strstr(f.text, "data/aut-num"));
	assert_int_equal(rename(other, path), 0);

	assert_int_equal(unlink(path_of(path, "mntner/FOO-MNT")), 0);
	assert_int_equal(registry_load(&r, dir, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "no maintainer"));
	assert_ptr_equal(r, untouched);
	registry_free(NULL);
}

static void
loads_without_as_numbers(void **state)
{
	char path[512];
	struct registry *r;
	size_t n = 7;

	(void)state;
	assert_int_equal(unlink(path_of(path, "aut-num/AS64512")), 0);
	r = load(dir);
	assert_null(registry_asns(r, "FOO-MNT", &n));
	assert_int_equal(n, 0);
	registry_free(r);
}

/* Each way in which a folder changes gives another stamp. */
static void
stamps_changes(void **state)
{
	char path[512], other[512];
	uint64_t last = registry_stamp(dir), now;
	struct timespec old[2] = { { 1, 0 }, { 1, 0 } };
	int fd;

#define CHANGED()                                        \
	do {                                             \
		now = registry_stamp(dir);               \
		assert_true(now != last);                \
		assert_true(now == registry_stamp(dir)); \
		last = now;                              \
	} while (0)

	(void)state;
	assert_true(last == registry_stamp(dir));
	assert_true(last != 0);
	put_mntner("BAR-MNT", "BAR-MNT", "");
	CHANGED();
	/* In place, the size the same: the folder's own times stay. */
	fd = open(path_of(path, "mntner/BAR-MNT"), O_WRONLY);
	assert_true(fd >= 0);
	usleep(20000); /* beyond the clock tick that stamps files */
	assert_int_equal(pwrite(fd, "M", 1, 0), 1);
	close(fd);
	CHANGED();
	/* By a rename, the times of old, as git and tar do it. */
	put("new", "x", 1);
	assert_int_equal(utimensat(AT_FDCWD, path_of(other, "new"), old, 0), 0);
	assert_int_equal(rename(other, path), 0);
	CHANGED();
	assert_int_equal(rename(path, path_of(other, "mntner/BAZ-MNT")), 0);
	CHANGED();
	assert_int_equal(rename(other, path_of(path, "aut-num/BAZ-MNT")), 0);
	CHANGED();
	assert_int_equal(unlink(path), 0);
	CHANGED();
	put_aut_num("AS64513", "FOO-MNT");
	CHANGED();
	assert_int_equal(registry_stamp("/nonexistent"), 0);
#undef CHANGED
}

static void
passes_over_conflicts(void **state)
{
	struct registry *r;
	struct registry_counts c;

	(void)state;
	put_mntner("BAR-MNT", "BAR-MNT", "<<<<<<< HEAD\n");
	put_aut_num("AS64513", "FOO-MNT\n>>>>>>> theirs");
	r = load(dir);
	registry_counts(r, &c);
	assert_int_equal(c.conflicts, 2);
	assert_null(registry_mntner(r, "bar"));
	assert_false(registry_has_asn(r, "FOO-MNT", 64513));
	registry_free(r);
}

static void
knows_whose_an_as_is(void **state)
{
	struct registry *r = NULL;
	struct fault f;

	(void)state;
	put("mntner/AAA-MNT", "mntner: AAA-MNT\n", 16);
	put_mntner("BAR-MNT", "BAR-MNT", "");
	put_aut_num("AS64513", "AAA-MNT\nmnt-by: FOO-MNT\nmnt-by: BAR-MNT");
	put_aut_num("AS64514", "AAA-MNT");
	put_aut_num("AS64515", "NONE-MNT");
	assert_int_equal(registry_load(&r, dir, &f), 0);
	assert_string_equal(registry_owner(r, 64512), "FOO-MNT");
	/* Who cannot log in stands back; of the others the first by name. */
	assert_string_equal(registry_owner(r, 64513), "BAR-MNT");
	assert_string_equal(registry_owner(r, 64514), "AAA-MNT");
	assert_null(registry_owner(r, 64515));
	assert_null(registry_owner(r, 64516));
	registry_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_fixtures),
		cmocka_unit_test(knows_who_has_what),
		cmocka_unit_test_setup_teardown(
		    finds_users_in_any_case, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    keeps_suffixes_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    drops_names_that_differ_in_case, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    skips_hostile_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    skips_what_is_no_plain_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    bounds_the_size_of_a_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    refuses_what_is_no_registry, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    loads_without_as_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    knows_whose_an_as_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    passes_over_conflicts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    stamps_changes, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
