#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shell/diff.h"

/* What diff_print() prints, with colours or without. */
static void
prints(bool colour, const char *old, const char *new, const char *wanted)
{
	struct out o = { .colour = colour };
	char *text = NULL;
	size_t len;

	o.f = open_memstream(&text, &len);
	assert_non_null(o.f);
	assert_int_equal(diff_print(&o, "a/b.conf", old, new), 0);
	fclose(o.f);
	assert_string_equal(text, wanted);
	free(text);
}

static void
shows_changes(void **state)
{
	(void)state;
	prints(false, "a\nb\nc\n", "a\nB\nc\n",
	    "--- a/b.conf (now)\n+++ a/b.conf (then)\n"
	    "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
	prints(false, "a\n", "a\n", "");
}

static void
shows_new_and_old_files(void **state)
{
	(void)state;
	prints(false, NULL, "a\nb\n",
	    "--- a/b.conf (now)\n+++ a/b.conf (then)\n"
	    "@@ -0,0 +1,2 @@\n+a\n+b\n");
	prints(false, "a\n", NULL,
	    "--- a/b.conf (now)\n+++ a/b.conf (then)\n"
	    "@@ -1 +0,0 @@\n-a\n");
}

static void
colours_lines(void **state)
{
	(void)state;
	prints(true, "a\n", "b\n",
	    "\033[1m--- a/b.conf (now)\033[0m\n"
	    "\033[1m+++ a/b.conf (then)\033[0m\n"
	    "\033[1;36m@@ -1 +1 @@\033[0m\n"
	    "\033[31m-a\033[0m\n\033[32m+b\033[0m\n");
}

static void
lets_no_escape_pass(void **state)
{
	(void)state;
	prints(false, NULL, "\033[2J\n",
	    "--- a/b.conf (now)\n+++ a/b.conf (then)\n"
	    "@@ -0,0 +1 @@\n+?[2J\n");
}

/* More than a pipe holds, so that it must be read while diff(1) runs. */
static void
shows_large_files(void **state)
{
	size_t n = 100000, len, lines = 0;
	char *new = malloc(2 * n + 1), *text = NULL;
	struct out o = { 0 };

	(void)state;
	assert_non_null(new);
	for (size_t i = 0; i < n; i++)
		memcpy(new + 2 * i, "x\n", 2);
	new[2 * n] = '\0';
	o.f = open_memstream(&text, &len);
	assert_non_null(o.f);
	assert_int_equal(diff_print(&o, "x", NULL, new), 0);
	fclose(o.f);
	for (char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, n + 3);
	free(text);
	free(new);
}

static void
says_that_there_is_no_diff(void **state)
{
	struct out o = { .f = stdout };
	char *path = strdup(getenv("PATH"));

	(void)state;
	assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
	assert_true(diff_print(&o, "x", "a\n", "b\n") < 0);
	assert_int_equal(setenv("PATH", path, 1), 0);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_changes),
		cmocka_unit_test(shows_new_and_old_files),
		cmocka_unit_test(colours_lines),
		cmocka_unit_test(lets_no_escape_pass),
		cmocka_unit_test(shows_large_files),
		cmocka_unit_test(says_that_there_is_no_diff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
