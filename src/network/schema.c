#include "network/schema.h"

#include <bsd/string.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "network/nearest.h"

#define KEYS_MAX 32 /* of a section */

/* What the walk carries along: the whole table, and where it is. */
struct walk {
	const struct field *all;
	struct network_problems *problems;
};

static int read_map(struct walk *w, const struct field *fields,
    const struct node *map, const char *path, void *dst);

/* Fields of the table have short paths; what a stranger named is cut. */
static void path_set(char out[NODE_PATH_MAX], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
path_set(char out[NODE_PATH_MAX], const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out, NODE_PATH_MAX, fmt, ap);
	va_end(ap);
	if (n < 0 || n >= NODE_PATH_MAX)
		strlcpy(out + NODE_PATH_MAX - 4, "...", 4);
}

static void
path_key(char out[NODE_PATH_MAX], const char *path, const char *key)
{
	path_set(out, "%s%s%s", path, *path != '\0' ? "." : "", key);
}

static const struct field *
field_get(const struct field *fields, const char *key)
{
	for (const struct field *f = fields; f->key != NULL; f++)
		if (strcmp(f->key, key) == 0)
			return f;
	return NULL;
}

/* The section of the table that knows `key`; NULL if none does. */
static const struct field *
section_with(const struct field *all, const char *key)
{
	for (const struct field *f = all; f->key != NULL; f++)
		if (f->fields != NULL && field_get(f->fields, key) != NULL)
			return f;
	return NULL;
}

/* The key of the section that `word` must have been meant to be, or NULL. */
static const char *
meant(const struct field *fields, const char *word)
{
	const char *names[KEYS_MAX + 1];
	size_t n = 0;

	for (; fields[n].key != NULL && n < KEYS_MAX; n++)
		names[n] = fields[n].key;
	names[n] = NULL;
	return nearest(word, names);
}

static void
unknown_key(struct walk *w, const struct field *fields, const struct node *n,
    const char *path)
{
	const struct field *section = section_with(w->all, n->key);
	const char *near = meant(fields, n->key);

	if (near != NULL)
		problem_add(w->problems, n->line, path,
		    "is no key that can stand here; did you mean '%s'?", near);
	else if (section != NULL)
		problem_add(w->problems, n->line, path,
		    "is no key that can stand here: it belongs to '%s:'",
		    section->key);
	else
		problem_add(w->problems, n->line, path,
		    "is no key that can stand here; meetme.yaml(5) lists them");
}

static bool
is_null(const struct node *n)
{
	return n->kind == NODE_SCALAR && !n->quoted &&
	       (n->len == 0 || strcmp(n->text, "~") == 0 ||
		   strcmp(n->text, "null") == 0);
}

static int
read_value(struct walk *w, const struct field *field, const struct node *n,
    const char *path, void *dst)
{
	struct fault f;
	int rc;

	if (is_null(n)) {
		problem_add(w->problems, n->line, path,
		    "has no value: give one, or remove the line");
		return 0;
	}
	if (n->kind != NODE_SCALAR) {
		problem_add(w->problems, n->line, path,
		    "must be one value, not a %s; one that begins with '[' or "
		    "'{' needs quotes",
		    n->kind == NODE_LIST ? "list" : "section");
		return 0;
	}
	rc = field->read(dst, n->text, n->len, &f);
	if (rc == FAULT_INVALID) {
		problem_add(w->problems, n->line, path, "%s", f.text);
		rc = 0;
	}
	return rc;
}

/* An entry of a list: a value, or the map of a section. */
static int
read_item(struct walk *w, const struct field *field, const struct node *n,
    const char *path, void *dst)
{
	void *element;

	if (field->shape == SHAPE_VALUES)
		return read_value(w, field, n, path, dst);
	element = field->append(dst);
	if (element == NULL)
		return FAULT_SYSTEM;
	return read_map(w, field->fields, n, path, element);
}

static int
read_list(struct walk *w, const struct field *field, const struct node *n,
    const char *path, void *dst)
{
	char item[NODE_PATH_MAX];
	size_t i = 0;

	if (n->kind != NODE_LIST) {
		problem_add(w->problems, n->line, path,
		    field->shape == SHAPE_VALUES
			? "must be a list, even of one entry: %s: [...]"
			: "must be a list: below '%s:', each entry begins "
			  "with '- '",
		    field->key);
		return 0;
	}
	if (n->first == NULL && field->min > 0)
		problem_add(
		    w->problems, n->line, path, "needs at least one entry");
	for (const struct node *c = n->first; c != NULL; c = c->next, i++) {
		if (i == field->max) {
			problem_add(w->problems, c->line, path,
			    "has more entries than the %zu that can be",
			    field->max);
			return 0;
		}
		path_set(item, "%s[%zu]", path, i);
		if (read_item(w, field, c, item, dst) != 0)
			return FAULT_SYSTEM;
	}
	return 0;
}

static int
read_field(struct walk *w, const struct field *field, const struct node *n,
    const char *path, void *section)
{
	void *dst = (char *)section + field->offset;

	switch (field->shape) {
	case SHAPE_VALUE:
		return read_value(w, field, n, path, dst);
	case SHAPE_SECTION:
		return read_map(w, field->fields, n, path, dst);
	default:
		return read_list(w, field, n, path, dst);
	}
}

/* Once told that a key is misspelt, nobody needs to hear that it is missing. */
static bool
is_misspelt(const struct field *fields, const struct node *map, const char *key)
{
	for (const struct node *n = map->first; n != NULL; n = n->next) {
		const char *near = meant(fields, n->key);

		if (field_get(fields, n->key) == NULL && near != NULL &&
		    strcmp(near, key) == 0)
			return true;
	}
	return false;
}

static void
missing_keys(struct walk *w, const struct field *fields, const struct node *map,
    const char *path)
{
	char sub[NODE_PATH_MAX];

	for (const struct field *f = fields; f->key != NULL; f++) {
		if (!f->required || node_get(map, f->key) != NULL ||
		    is_misspelt(fields, map, f->key))
			continue;
		path_key(sub, path, f->key);
		problem_add(w->problems, map->line, sub,
		    "is missing, and has no default");
	}
}

static int
read_map(struct walk *w, const struct field *fields, const struct node *map,
    const char *path, void *dst)
{
	char sub[NODE_PATH_MAX];

	if (map->kind != NODE_MAP) {
		problem_add(w->problems, map->line, path,
		    "must be a section: '%s: ...' and other keys, one a line, "
		    "indented alike",
		    fields[0].key);
		return 0;
	}
	for (const struct node *n = map->first; n != NULL; n = n->next) {
		const struct field *field = field_get(fields, n->key);
		const struct node *first = node_get(map, n->key);

		path_key(sub, path, n->key);
		if (first != n)
			problem_add(w->problems, n->line, sub,
			    "stands twice: already in line %u%s", first->line,
			    *path != '\0' && map->key == NULL
				? "; does '- ' lack before a new entry?"
				: "");
		else if (field == NULL)
			unknown_key(w, fields, n, sub);
		else if (read_field(w, field, n, sub, dst) != 0)
			return FAULT_SYSTEM;
	}
	missing_keys(w, fields, map, path);
	return 0;
}

int
schema_read(const struct field *fields, const struct node *map, void *dst,
    struct network_problems *problems)
{
	struct walk w = { .all = fields, .problems = problems };

	return read_map(&w, fields, map, "", dst);
}

const struct field *
schema_field(const struct field *fields, const char *path)
{
	char section[NODE_PATH_MAX];
	size_t len = strcspn(path, ".");
	const struct field *f;

	if (path[len] == '\0')
		return field_get(fields, path);
	if (len >= sizeof(section))
		return NULL;
	memcpy(section, path, len);
	section[len] = '\0';
	f = field_get(fields, section);
	return f != NULL && f->fields != NULL
		   ? schema_field(f->fields, path + len + 1)
		   : NULL;
}
