#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "registry/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* How many lines begin with a name and a colon, and is there a conflict? */
static size_t
count_attributes(const char *text, size_t size, bool *conflict)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	size_t n = 0, at, begin = 0;

	*conflict = false;
	for (size_t i = 0; i <= size; i++) {
		if (i < size && text[i] != '\n')
			continue;
		at = begin;
		while (at < i && text[at] != '\0' &&
		       strchr(letters, text[at]) != NULL)
			at++;
		n += at > begin && at < i && text[at] == ':';
		if (i - begin >= 8 &&
		    (memcmp(text + begin, "<<<<<<< ", 8) == 0 ||
			memcmp(text + begin, ">>>>>>> ", 8) == 0))
			*conflict = true;
		begin = i + 1;
	}
	return n;
}

/*
 * Each attribute begins a line, and its parts lie in order in the text; none
 * is left out, and a value is one line, without blanks around it.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *last = text;
	struct object_reader r;
	struct object_attr attr;
	bool conflict;
	size_t n = count_attributes(text, size, &conflict);

	object_open(&r, text, size);
	for (; object_next(&r, &attr); n--) {
		if (attr.key < last || attr.key_len == 0 ||
		    attr.value <= attr.key + attr.key_len - 1 ||
		    attr.value + attr.value_len > text + size)
			abort();
		if (attr.key != text && attr.key[-1] != '\n')
			abort();
		if (attr.key[attr.key_len] != ':' || n == 0)
			abort();
		if (attr.value_len > 0 &&
		    (is_blank(attr.value[0]) ||
			is_blank(attr.value[attr.value_len - 1]) ||
			memchr(attr.value, '\n', attr.value_len) != NULL))
			abort();
		last = attr.value + attr.value_len;
		object_is(&attr, "auth");
	}
	if (n != 0 || object_has_conflict(text, size) != conflict)
		abort();
	return 0;
}
