#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registry/object.h"

/* Expects exactly this attribute next. */
#define next_is(reader, k, v)                                       \
	do {                                                        \
		struct object_attr next_attr;                       \
		assert_true(object_next(reader, &next_attr));       \
		assert_true(object_is(&next_attr, k));              \
		assert_int_equal(next_attr.value_len, strlen(v));   \
		assert_memory_equal(next_attr.value, v, strlen(v)); \
	} while (0)

#define ends(reader)                                          \
	do {                                                  \
		struct object_attr end_attr;                  \
		assert_false(object_next(reader, &end_attr)); \
	} while (0)

static struct object_reader
open_text(const char *text)
{
	struct object_reader r;

	object_open(&r, text, strlen(text));
	return r;
}

static void
reads_attributes(void **state)
{
	struct object_reader r = open_text("mntner:             FOO-MNT\n"
					   "auth:\tssh-ed25519 AAAA  a b \t\n"
					   "mnt-by:FOO-MNT\n"
					   "remarks:\n"
					   "descr: a: b: c");

	(void)state;
	next_is(&r, "mntner", "FOO-MNT");
	next_is(&r, "auth", "ssh-ed25519 AAAA  a b");
	next_is(&r, "mnt-by", "FOO-MNT");
	next_is(&r, "remarks", "");
	next_is(&r, "descr", "a: b: c");
	ends(&r);
	ends(&r);
}

static void
takes_old_spelling(void **state)
{
	struct object_reader r =
	    open_text("\r\nMNTNER:  FOO-MNT\r\n\r\n\n \nAuth: x\r\r\nauth: y");

	(void)state;
	next_is(&r, "mntner", "FOO-MNT");
	next_is(&r, "AUTH", "x");
	next_is(&r, "auth", "y");
	ends(&r);
}

static void
passes_over_all_else(void **state)
{
	static const char *const lines[] = { "", " auth: x", "\tauth: x",
		"+auth: x", "+ auth: x", "#auth: x", "# auth: x", "%auth: x",
		"auth", "auth x", "auth : x", "no auth: x", ": x", ":",
		"//auth: x", "\rauth: x", "\vauth: x", "\fauth: x",
		"\xef\xbb\xbf"
		"auth: x",
		"\x1b[2Jauth: x", "au\xc3\xbcth: x", "a.b: x" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[64];
		struct object_reader r;

		snprintf(text, sizeof(text), "%s", lines[i]);
		r = open_text(text);
		ends(&r);
		/* The same between two attributes. */
		snprintf(text, sizeof(text), "a: 1\n%s\nb: 2\n", lines[i]);
		r = open_text(text);
		next_is(&r, "a", "1");
		next_is(&r, "b", "2");
		ends(&r);
	}
}

/* A lone CR is no line's end: what follows it stays in the value. */
static void
ends_lines_at_newlines_only(void **state)
{
	struct object_reader r = open_text("remarks: x\rauth: y\vauth: z\n");

	(void)state;
	next_is(&r, "remarks", "x\rauth: y\vauth: z");
	ends(&r);
}

static void
takes_nul_bytes_as_text(void **state)
{
	static const char text[] = "\0\nauth: a\0b\n\0auth: x\nau\0th: y\n";
	struct object_attr attr;
	struct object_reader r;

	(void)state;
	object_open(&r, text, sizeof(text) - 1);
	assert_true(object_next(&r, &attr));
	assert_true(object_is(&attr, "auth"));
	assert_int_equal(attr.value_len, 3);
	assert_memory_equal(attr.value, "a\0b", 3);
	ends(&r);
}

static void
compares_whole_keys(void **state)
{
	struct object_reader r = open_text("auth: x\n");
	struct object_attr attr;

	(void)state;
	assert_true(object_next(&r, &attr));
	assert_true(object_is(&attr, "auth"));
	assert_true(object_is(&attr, "aUTh"));
	assert_false(object_is(&attr, "aut"));
	assert_false(object_is(&attr, "auth-x"));
	assert_false(object_is(&attr, ""));
}

static void
reads_nothing_from_nothing(void **state)
{
	struct object_reader r = open_text("");

	(void)state;
	ends(&r);
}

/* As git leaves a conflict: at the start of a line, of any line. */
static void
sees_conflicts(void **state)
{
	static const struct {
		const char *text;
		bool conflict;
	} all[] = {
		{ "<<<<<<< HEAD\n", true },
		{ ">>>>>>> theirs", true },
		{ "a: 1\n<<<<<<< HEAD\na: 2\n=======\na: 3\n", true },
		{ "a: 1\r\n>>>>>>> theirs\r\n", true },
		{ "", false },
		{ "<<<<<<<", false },
		{ "a: 1\n<<<<<<<\n", false },
		{ "remarks: <<<<<<< HEAD\n", false },
		{ " <<<<<<< HEAD\n", false },
		{ "a: 1\n<<<<<<<< HEAD\n=======\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_int_equal(
		    object_has_conflict(all[i].text, strlen(all[i].text)),
		    all[i].conflict);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_attributes),
		cmocka_unit_test(takes_old_spelling),
		cmocka_unit_test(passes_over_all_else),
		cmocka_unit_test(ends_lines_at_newlines_only),
		cmocka_unit_test(takes_nul_bytes_as_text),
		cmocka_unit_test(compares_whole_keys),
		cmocka_unit_test(reads_nothing_from_nothing),
		cmocka_unit_test(sees_conflicts),
	};

	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
