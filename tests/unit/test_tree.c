/* The writer of generated files: what it takes, and what it leaves alone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "cli/place.h"
#include "cli/sweep.h"
#include "cli/tree.h"

static char dir[] = "/tmp/test_tree.XXXXXX";

static char *
at(const char *path)
{
	static char full[128];

	assert_int_equal(path_join(full, sizeof(full), dir, path), 0);
	return full;
}

static void
has(const char *path, const char *want)
{
	char *text = NULL;
	size_t len;

	assert_int_equal(file_read(at(path), 4096, &text, &len), 0);
	assert_string_equal(text, want);
	free(text);
}

static void
has_not(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(at(path), &st), -1);
}

static int
put(struct tree_pop *p, const char *path, const char *text)
{
	return tree_put(p, path, text, strlen(text));
}

static void
counts(const struct tree *t, size_t written, size_t unchanged, size_t removed)
{
	assert_int_equal(t->n.written, written);
	assert_int_equal(t->n.unchanged, unchanged);
	assert_int_equal(t->n.removed, removed);
}

static int
set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int
tear_down(void **state)
{
	struct sweep s = { .unmarked = true };
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_true(fd >= 0);
	sweep_folder(&s, fd);
	return rmdir(dir);
}

static void
test_put(void **state)
{
	struct tree_pop *p;
	struct tree t;

	(void)state;
	assert_int_equal(tree_open(&t, dir), 0);
	assert_int_equal(tree_begin(&p, &t, "nl-ams1"), 0);
	assert_int_equal(put(p, "a/b/one.conf", "# meetme 1\n"), 0);
	assert_int_equal(put(p, "a/two.conf", "# meetme 2\n"), 0);
	has_not("servers/nl-ams1");
	assert_int_equal(tree_end(p, 0), 0);
	counts(&t, 2, 0, 0);
	has("servers/nl-ams1/a/b/one.conf", "# meetme 1\n");
	has("servers/nl-ams1/a/two.conf", "# meetme 2\n");
	/* Longer, shorter, and none at all. */
	assert_int_equal(tree_begin(&p, &t, "nl-ams1"), 0);
	assert_int_equal(put(p, "a/two.conf", "# meetme 2\nmore\n"), 0);
	assert_int_equal(put(p, "three.conf", "# meetme\n"), 0);
	assert_int_equal(tree_end(p, 0), 0);
	counts(&t, 4, 0, 1);
	has_not("servers/nl-ams1/a/b");
	assert_int_equal(tree_begin(&p, &t, "nl-ams1"), 0);
	assert_int_equal(put(p, "a/two.conf", "# meetme 2\n"), 0);
	assert_int_equal(put(p, "three.conf", "# meetme\n"), 0);
	assert_int_equal(tree_end(p, 0), 0);
	counts(&t, 5, 1, 1);
	has("servers/nl-ams1/a/two.conf", "# meetme 2\n");
	tree_close(&t);
}

/* The registry's folder stands beside the POPs', and is no clone of one. */
static void
test_registry(void **state)
{
	struct tree_pop *p;
	struct tree t;

	(void)state;
	assert_int_equal(tree_open(&t, dir), 0);
	for (size_t i = 1; i <= 2; i++) {
		assert_int_equal(tree_begin(&p, &t, NULL), 0);
		assert_int_equal(put(p, "roa4.conf", "# meetme\n"), 0);
		assert_int_equal(tree_end(p, 0), 0);
		counts(&t, 1, i - 1, 0);
	}
	has("registry/roa4.conf", "# meetme\n");
	has_not("servers/roa4.conf");
	assert_int_equal(mkdir(at("registry/data"), 0755), 0);
	assert_int_equal(tree_begin(&p, &t, NULL), -EEXIST);
	tree_close(&t);
}

/* A render that fails leaves a POP as it was, and none that was not. */
static void
test_failure(void **state)
{
	struct tree_pop *p;
	struct tree t;

	(void)state;
	assert_int_equal(tree_open(&t, dir), 0);
	assert_int_equal(tree_begin(&p, &t, "new"), 0);
	assert_int_equal(put(p, "a/one.conf", "# meetme\n"), 0);
	assert_int_equal(tree_end(p, -EIO), -EIO);
	has_not("servers/new");
	has_not("servers/.meetme.new");
	assert_int_equal(tree_begin(&p, &t, "old"), 0);
	assert_int_equal(put(p, "one.conf", "# meetme\n"), 0);
	assert_int_equal(put(p, "two.conf", "# meetme\n"), 0);
	assert_int_equal(tree_end(p, 0), 0);
	assert_int_equal(tree_begin(&p, &t, "old"), 0);
	assert_int_equal(put(p, "one.conf", "# meetme 1\n"), 0);
	assert_int_equal(tree_end(p, -EIO), -EIO);
	has("servers/old/two.conf", "# meetme\n");
	tree_close(&t);
}

/* What a daemon may send, if it is not what it should be. */
static void
test_paths(void **state)
{
	static const char *const paths[] = { "", "/", "/etc/one", "..",
		"../one", "a/../../one", ".git/config", "a/.one", "a//one",
		"a/", "./one", "a b", "a\nb", "a\\b", "-one", "a/-one" };
	static const char *const pops[] = { "", ".", "..", "a/b", "a.b", "-a",
		"thirteen-char" };
	struct tree_pop *p;
	char path[512];
	struct tree t;

	(void)state;
	assert_int_equal(tree_open(&t, dir), 0);
	for (size_t i = 0; i < sizeof(pops) / sizeof(pops[0]); i++)
		assert_int_equal(tree_begin(&p, &t, pops[i]), -EINVAL);
	assert_int_equal(tree_begin(&p, &t, "pop"), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(put(p, paths[i], "# meetme\n"), -EINVAL);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(put(p, path, "# meetme\n"), -EINVAL);
	assert_int_equal(tree_end(p, -EINVAL), -EINVAL);
	has_not("one");
	has_not("servers/pop");
	tree_close(&t);
}

/* Whose file is it? */
static void
test_place(void **state)
{
	static char big[100000];
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	(void)state;
	memset(big, 'x', sizeof(big));
	memcpy(big, "# meetme\n", 9);
	assert_true(fd >= 0);
	assert_int_equal(place_file(fd, "f", "# meetme\n", 9), PLACE_WRITTEN);
	assert_int_equal(place_file(fd, "f", "# meetme\n", 9), PLACE_UNCHANGED);
	assert_int_equal(place_file(fd, "f", big, sizeof(big)), PLACE_WRITTEN);
	assert_int_equal(
	    place_file(fd, "f", big, sizeof(big)), PLACE_UNCHANGED);
	big[sizeof(big) - 1] = 'y';
	assert_int_equal(place_file(fd, "f", big, sizeof(big)), PLACE_WRITTEN);
	assert_int_equal(
	    place_file(fd, "f", big, sizeof(big) - 1), PLACE_WRITTEN);
	assert_int_equal(place_file(fd, "f", "", 0), PLACE_WRITTEN);
	assert_int_equal(place_file(fd, "f", "# meetme\n", 9), PLACE_FOREIGN);
	assert_int_equal(unlink(at("f")), 0);
	assert_int_equal(file_create(at("f"), 0600, "# meet", 6), 0);
	assert_int_equal(place_file(fd, "f", "# meetme\n", 9), PLACE_FOREIGN);
	assert_int_equal(place_new(fd, "f", "# meetme\n", 9), -EEXIST);
	has("f", "# meet");
	close(fd);
}

static void
test_list(void **state)
{
	static const char want[] = "servers/pop/a/one\0servers/pop/two";
	char got[sizeof(want) + 1];
	struct tree_pop *p;
	struct tree t;

	(void)state;
	assert_int_equal(tree_open(&t, dir), 0);
	t.list = memfd_create("list", 0);
	assert_int_equal(tree_begin(&p, &t, "pop"), 0);
	assert_int_equal(put(p, "a/one", "# meetme\n"), 0);
	assert_int_equal(put(p, "two", "# meetme\n"), 0);
	assert_int_equal(tree_end(p, 0), 0);
	assert_int_equal(
	    pread(t.list, got, sizeof(got), 0), (ssize_t)sizeof(want));
	assert_memory_equal(got, want, sizeof(want));
	close(t.list);
	tree_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
