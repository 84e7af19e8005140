#ifndef NETWORK_NODE_H
#define NETWORK_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "network/problem.h"

#define NODE_DEPTH_MAX 8
#define NODE_COUNT_MAX 65536U
#define NODE_KEYS_MAX  64 /* of one map */
#define NODE_PATH_MAX  64 /* "pops[1].ipv4" */

/*
 * A YAML text as a tree. What makes YAML treacherous is refused: anchors,
 * aliases, tags, a second document, keys that are no plain text.
 */
enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	unsigned line; /* 1.. */
	char *key; /* of a map's entry, else NULL; ended by '\0' */
	char *text; /* of a scalar; ended by '\0', may hold another */
	size_t len;
	bool quoted;
	struct node *first, *last; /* children of a list or a map */
	struct node *next;
};

/*
 * 0: *out is the caller's to free. FAULT_INVALID: *problems says why.
 * FAULT_SYSTEM: no memory.
 */
int node_parse(struct node **out, const char *text, size_t len,
    struct network_problems *problems);
void node_free(struct node *node);

/* The entry of a map, or NULL; of a key that stands twice the first. */
const struct node *node_get(const struct node *map, const char *key);

/* The line of `path`, or of the part of it that there is. */
unsigned node_line(const struct node *root, const char *path);

/* The node of `path`, or NULL. */
const struct node *node_at(const struct node *root, const char *path);

#endif
