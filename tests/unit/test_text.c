#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>

#include "render/text.h"

/* What the stream has of `times` times all that can be added. */
static char *
add_all(const char *word, size_t times)
{
	static const struct prefix p = { { 6, { 0xfd, [15] = 1 } }, 128 };
	char *data = NULL;
	struct text t;
	size_t len;
	FILE *f = open_memstream(&data, &len);

	assert_non_null(f);
	text_begin(&t, f);
	for (size_t i = 0; i < times; i++) {
		text_add(&t, word);
		text_add_number(&t, 0);
		text_add_ip(&t, &p.ip);
		text_add_number(&t, UINT_MAX);
		text_add_prefix(&t, &p);
	}
	text_flush(&t);
	assert_int_equal(text_end(f), 0);
	fclose(f);
	assert_int_equal(strlen(data), len);
	return data;
}

/* Wherever the buffer's end is, nothing is lost, and all is in its order. */
static void
test_text_of_any_length(void **state)
{
	static const char rest[] = "0fd00::14294967295fd00::1/128";
	const size_t times = 5, most = 2 * sizeof(((struct text *)0)->buf);
	char *word = calloc(1, most + 1), *got;

	(void)state;
	assert_non_null(word);
	for (size_t len = 0; len <= most; len++) {
		const char *at = got = add_all(word, times);

		assert_int_equal(strlen(got), times * (len + sizeof(rest) - 1));
		for (size_t i = 0; i < times; i++) {
			assert_memory_equal(at, word, len);
			assert_memory_equal(at + len, rest, sizeof(rest) - 1);
			at += len + sizeof(rest) - 1;
		}
		free(got);
		word[len] = (char)('a' + len % 26);
	}
	free(word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
