#include "network/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/fault.h"
#include "base/num.h"
#include "base/text.h"

struct reader {
	yaml_parser_t parser;
	const char *text;
	struct network_problems *problems;
	size_t count; /* of nodes */
};

/* What libyaml says, and what it comes from more often than not. */
static const struct {
	const char *problem;
	const char *hint;
} hints[] = {
	{ "mapping values are not allowed",
	    "a ':' where none can stand: a line indented unlike those around "
	    "it, or a value that ends in ':' (fe80::) or holds ': ' and needs "
	    "quotes" },
	{ "could not find expected ':'",
	    "a key without ': ' behind it (the space counts), or a value "
	    "indented less than its key" },
	{ "did not find expected key",
	    "a line indented unlike those around it, or text behind a closing "
	    "']' or quote; are the quotes above closed?" },
	{ "did not find expected node content",
	    "a value that begins with '::' or holds '[::]' needs quotes; or "
	    "a '[' before it has no ']'" },
	{ "did not find expected '-' indicator",
	    "a line indented unlike the other entries of the list" },
	{ "did not find expected ',' or ']'",
	    "the list lacks a ',' or its ']'; a value with '[', ']', ',' or "
	    "': ' in it needs quotes" },
	{ "did not find expected ',' or '}'",
	    "the section in braces lacks a ',' or its '}'" },
	{ "tab character", "a tab: indent with spaces" },
	{ "found character that cannot start any token",
	    "a tab, or a value that begins with one of @ ` %: indent with "
	    "spaces, and write such a value in quotes" },
	{ "found unexpected end of stream",
	    "the quotes that are opened here are not closed" },
	{ "control characters are not allowed",
	    "a control character: only text can stand here" },
	{ "invalid leading UTF-8 octet", "the file is not UTF-8 text" },
	{ "block sequence entries are not allowed",
	    "a '-' where none can stand: the entries of a list stand on lines "
	    "of their own, below their key" },
};

static int
syntax_problem(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem != NULL ? p->problem : "no YAML";
	size_t line = p->problem_mark.line;

	if (p->error == YAML_MEMORY_ERROR)
		return FAULT_SYSTEM;
	if (p->error == YAML_READER_ERROR) {
		line = 0;
		for (size_t i = 0; i < p->problem_offset; i++)
			line += r->text[i] == '\n';
	}
	if (strcmp(problem, "found unexpected end of stream") == 0)
		line = p->context_mark.line;
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strstr(problem, hints[i].problem) != NULL)
			problem = hints[i].hint;
	problem_add(r->problems, (unsigned)line + 1, "", "%s", problem);
	return FAULT_INVALID;
}

static int
refuse(struct reader *r, const yaml_event_t *event, const char *why)
{
	problem_add(
	    r->problems, (unsigned)event->start_mark.line + 1, "", "%s", why);
	return FAULT_INVALID;
}

static int read_node(
    struct reader *r, struct node **out, yaml_event_t *event, unsigned depth);

static void
append(struct node *parent, struct node *child)
{
	if (parent->last != NULL)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

static int
next_event(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event) != 1)
		return syntax_problem(r);
	return 0;
}

/* Takes the key's text from its event. */
static int
read_key(struct reader *r, yaml_event_t *event, char **key)
{
	const char *text;
	size_t len;

	if (event->type != YAML_SCALAR_EVENT)
		return refuse(r, event, "a key must be a word");
	if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
		return refuse(r, event, "a key can have no anchor and no tag");
	text = (const char *)event->data.scalar.value;
	len = event->data.scalar.length;
	if (len == 0)
		return refuse(r, event, "a ':' without a key before it");
	if (!text_is_plain(text, len))
		return refuse(r, event, "a key must be a word");
	*key = strndup(text, len);
	return *key != NULL ? 0 : FAULT_SYSTEM;
}

/* The children of a list or a map, up to its end. */
static int
read_children(struct reader *r, struct node *parent, yaml_event_type_t end,
    unsigned depth)
{
	struct node *child = NULL;
	yaml_event_t event;
	char *key = NULL;
	unsigned line, keys = 0;
	int rc;

	while ((rc = next_event(r, &event)) == 0 && event.type != end) {
		line = (unsigned)event.start_mark.line + 1;
		if (parent->kind == NODE_MAP) {
			rc = ++keys > NODE_KEYS_MAX
				 ? refuse(r, &event, "too many keys")
				 : read_key(r, &event, &key);
			yaml_event_delete(&event);
			if (rc != 0 || (rc = next_event(r, &event)) != 0)
				break;
		}
		rc = read_node(r, &child, &event, depth);
		yaml_event_delete(&event);
		if (rc != 0)
			break;
		child->line = line;
		child->key = key;
		key = NULL;
		append(parent, child);
	}
	free(key);
	return rc;
}

static int
read_scalar(struct node *node, const yaml_event_t *event)
{
	node->kind = NODE_SCALAR;
	node->len = event->data.scalar.length;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->text = malloc(node->len + 1);
	if (node->text == NULL)
		return FAULT_SYSTEM;
	memcpy(node->text, event->data.scalar.value, node->len);
	node->text[node->len] = '\0';
	return 0;
}

static int
check_event(struct reader *r, const yaml_event_t *event, unsigned depth)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		return refuse(r, event,
		    "an alias ('*name'): write the value out, or put text that "
		    "begins with '*' in quotes");
	}
	if (anchor != NULL)
		return refuse(r, event,
		    "an anchor ('&name'): there are no aliases here; put text "
		    "that begins with '&' in quotes");
	if (tag != NULL)
		return refuse(r, event,
		    "a tag ('!name'): put text that begins with '!' in quotes");
	if (depth > NODE_DEPTH_MAX)
		return refuse(r, event, "too many lists in lists");
	if (++r->count > NODE_COUNT_MAX)
		return refuse(r, event, "too many values for one network");
	return 0;
}

/* The node that begins with `event`, which stays the caller's to delete. */
static int
read_node(
    struct reader *r, struct node **out, yaml_event_t *event, unsigned depth)
{
	struct node *node = NULL;
	int rc;

	rc = check_event(r, event, depth);
	if (rc != 0)
		goto out;
	rc = FAULT_SYSTEM;
	node = calloc(1, sizeof(*node));
	if (node == NULL)
		goto out;
	node->line = (unsigned)event->start_mark.line + 1;
	if (event->type == YAML_SCALAR_EVENT) {
		rc = read_scalar(node, event);
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		node->kind = NODE_LIST;
		rc = read_children(r, node, YAML_SEQUENCE_END_EVENT, depth + 1);
	} else {
		node->kind = NODE_MAP;
		rc = read_children(r, node, YAML_MAPPING_END_EVENT, depth + 1);
	}
	if (rc != 0)
		goto out;
	*out = node;
	node = NULL;
out:
	node_free(node);
	return rc;
}

/* One document, and nothing behind it. */
static int
read_stream(struct reader *r, struct node **out)
{
	struct node *root = NULL;
	yaml_event_t event;
	yaml_event_type_t type = YAML_NO_EVENT;
	int rc;

	while ((rc = next_event(r, &event)) == 0) {
		type = event.type;
		if (type == YAML_STREAM_END_EVENT)
			break;
		if (type == YAML_DOCUMENT_START_EVENT && root != NULL)
			rc = refuse(r, &event,
			    "a second document ('---'): a file holds one "
			    "network");
		else if (type != YAML_STREAM_START_EVENT &&
			 type != YAML_DOCUMENT_START_EVENT &&
			 type != YAML_DOCUMENT_END_EVENT)
			rc = read_node(r, &root, &event, 0);
		yaml_event_delete(&event);
		if (rc != 0)
			break;
	}
	if (rc == 0 && root == NULL) {
		problem_add(r->problems, 0, "",
		    "the file is empty: `meetme init` writes one to begin "
		    "with");
		rc = FAULT_INVALID;
	}
	if (rc == 0)
		*out = root;
	else
		node_free(root);
	return rc;
}

int
node_parse(struct node **out, const char *text, size_t len,
    struct network_problems *problems)
{
	struct reader r = { .text = text, .problems = problems };
	int rc;

	if (yaml_parser_initialize(&r.parser) != 1)
		return FAULT_SYSTEM;
	/* Told, not guessed: a mark at the beginning would select UTF-16. */
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &r.parser, (const unsigned char *)text, len);
	rc = read_stream(&r, out);
	yaml_parser_delete(&r.parser);
	return rc;
}

void
node_free(struct node *node)
{
	struct node *child, *next;

	if (node == NULL)
		return;
	for (child = node->first; child != NULL; child = next) {
		next = child->next;
		node_free(child);
	}
	free(node->key);
	free(node->text);
	free(node);
}

const struct node *
node_get(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (const struct node *n = map->first; n != NULL; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

static const struct node *
list_item(const struct node *list, uint32_t index)
{
	const struct node *n = list->kind == NODE_LIST ? list->first : NULL;

	while (n != NULL && index-- > 0)
		n = n->next;
	return n;
}

/* Follows `path` as far as it goes; *rest is what is left of it. */
static const struct node *
follow(const struct node *root, const char *path, const char **rest)
{
	const struct node *at = root;

	for (*rest = path; **rest != '\0';) {
		const char *from = *rest + (**rest == '.' || **rest == '[');
		size_t len = strcspn(from, ".[]");
		const struct node *next = NULL;
		char key[NODE_PATH_MAX];
		uint32_t index;

		if (len == 0 || len >= sizeof(key))
			break;
		memcpy(key, from, len);
		key[len] = '\0';
		if (**rest != '[')
			next = node_get(at, key);
		else if (num_parse(&index, key, len, 0, UINT32_MAX) == 0)
			next = list_item(at, index);
		if (next == NULL)
			break;
		at = next;
		*rest = from + len + (from[len] == ']');
	}
	return at;
}

unsigned
node_line(const struct node *root, const char *path)
{
	const char *rest;

	return follow(root, path, &rest)->line;
}

const struct node *
node_at(const struct node *root, const char *path)
{
	const char *rest;
	const struct node *node = follow(root, path, &rest);

	return *rest == '\0' ? node : NULL;
}
