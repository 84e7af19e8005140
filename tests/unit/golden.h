#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* What a renderer writes. */
struct text {
	FILE *f;
	char *data;
	size_t len;
};

static inline FILE *
text_open(struct text *t)
{
	t->f = open_memstream(&t->data, &t->len);
	assert_non_null(t->f);
	return t->f;
}

/*
 * Closes the text: it must be the bytes of its file in tests/golden, which
 * the system tests give to the programs that read such files. GOLDEN=write
 * makes them anew.
 */
static inline void
text_is_golden(struct text *t, const char *name)
{
	char path[256], *golden;
	const char *mode = getenv("GOLDEN");
	size_t len;

	fclose(t->f);
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (mode != NULL && strcmp(mode, "write") == 0)
		assert_int_equal(file_replace(path, 0644, t->data, t->len), 0);
	assert_int_equal(file_read(path, 1 << 20, &golden, &len), 0);
	assert_string_equal(t->data, golden);
	assert_int_equal(t->len, len);
	free(golden);
	free(t->data);
}

#endif
