#ifndef NETWORK_SCHEMA_H
#define NETWORK_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "network/node.h"
#include "network/problem.h"

enum shape {
	SHAPE_VALUE, /* one value */
	SHAPE_VALUES, /* a list of values: each is read into the same place */
	SHAPE_SECTION, /* a map with fields of its own */
	SHAPE_SECTIONS, /* a list of such maps */
};

/*
 * One key of the file: the shape it must have, and where its value goes. A
 * reader takes the whole text of a value, sets or appends to what is at
 * `dst`, and returns 0, FAULT_INVALID with f->text ("is no AS number: ..."),
 * or FAULT_SYSTEM.
 */
struct field {
	const char *key; /* NULL ends a table */
	enum shape shape;
	bool required;
	size_t min, max; /* entries of a list */
	size_t offset; /* in the struct of the section */
	int (*read)(void *dst, const char *text, size_t len, struct fault *f);
	const struct field *fields; /* of a section */
	void *(*append)(void *dst); /* a new element; NULL: no memory */
};

/*
 * Reads `map` into `dst` as the table says. What breaks a rule is a problem
 * and leaves its field as it was; the walk goes on. FAULT_SYSTEM: no memory.
 */
int schema_read(const struct field *fields, const struct node *map, void *dst,
    struct network_problems *problems);

/* The field "section.key" of the table; NULL if there is none. */
const struct field *schema_field(const struct field *fields, const char *path);

#endif
