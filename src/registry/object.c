#include "registry/object.h"

#include <string.h>
#include <strings.h>

void
object_open(struct object_reader *r, const char *text, size_t len)
{
	r->at = text;
	r->end = text + len;
}

static bool
is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * An attribute begins in the first column with its key and a colon; that
 * leaves out all that object_next passes over.
 */
static bool
line_split(struct object_attr *attr, const char *line, const char *end)
{
	const char *at = line;

	while (at < end && is_key_char(*at))
		at++;
	if (at == line || at == end || *at != ':')
		return false;
	attr->key = line;
	attr->key_len = (size_t)(at - line);
	at++;
	while (at < end && is_space(*at))
		at++;
	while (end > at && is_space(end[-1]))
		end--;
	attr->value = at;
	attr->value_len = (size_t)(end - at);
	return true;
}

bool
object_next(struct object_reader *r, struct object_attr *attr)
{
	while (r->at < r->end) {
		const char *line = r->at;
		const char *end = memchr(line, '\n', (size_t)(r->end - line));

		r->at = end != NULL ? end + 1 : r->end;
		if (line_split(attr, line, end != NULL ? end : r->end))
			return true;
	}
	return false;
}

bool
object_is(const struct object_attr *attr, const char *key)
{
	return strlen(key) == attr->key_len &&
	       strncasecmp(attr->key, key, attr->key_len) == 0;
}

bool
object_has_conflict(const char *text, size_t len)
{
	static const char *const marks[] = { "\n<<<<<<< ", "\n>>>>>>> " };

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(marks[i]);

		if ((len >= n - 1 && memcmp(text, marks[i] + 1, n - 1) == 0) ||
		    memmem(text, len, marks[i], n) != NULL)
			return true;
	}
	return false;
}
