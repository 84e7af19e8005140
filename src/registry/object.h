#ifndef REGISTRY_OBJECT_H
#define REGISTRY_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#define OBJECT_FILE_MAX (256U << 10) /* bytes; the largest known is 40 KB */

/* Reads the attributes of one registry object, in place, without copying. */
struct object_reader {
	const char *at;
	const char *end;
};

/* An attribute's first line: "key: value", trimmed; points into the text. */
struct object_attr {
	const char *key;
	size_t key_len;
	const char *value;
	size_t value_len;
};

void object_open(struct object_reader *r, const char *text, size_t len);

/*
 * The next attribute; false at the end. Continuation lines (space, tab, '+'),
 * comments ('#', '%'), blank lines and all others that do not begin with a
 * name (letters, digits, '-', '_') and a colon are passed over, so that no
 * attribute can hide in another one's value. CRLF ends a line like LF.
 */
bool object_next(struct object_reader *r, struct object_attr *attr);

/* True if the attribute's key is `key`, in any case. */
bool object_is(const struct object_attr *attr, const char *key);

/* Does a line begin as git marks a conflict: "<<<<<<< " or ">>>>>>> "? */
bool object_has_conflict(const char *text, size_t len);

#endif
