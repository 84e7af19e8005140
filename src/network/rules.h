#ifndef NETWORK_RULES_H
#define NETWORK_RULES_H

#include "network/network.h"
#include "network/node.h"

/*
 * The rules between fields: unique names, numbers and keys; subnets that lie
 * in the prefixes and do not overlap; ports and addresses that do not meet.
 * `root` tells lines. Fields that could not be read are passed over.
 */
void rules_check(const struct network *net, const struct node *root,
    struct network_problems *problems);

/* What the parts of that check share. */
struct rules {
	const struct network *net;
	const struct node *root;
	struct network_problems *problems;
};

/* A problem of the field `path`, whose line the tree knows. */
void rules_complain(const struct rules *c, const char *path, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* "pops[i].key", or "pops[i]" for "". */
void rules_pop_path(char out[NODE_PATH_MAX], size_t i, const char *key);

/* What its platform cannot do, of what is asked of POP i. */
void rules_platform(const struct rules *c, size_t i);

/* Links and peerings that the file gives. */
void rules_given(const struct rules *c);

#endif
