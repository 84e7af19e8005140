#ifndef REGISTRY_INDEX_H
#define REGISTRY_INDEX_H

#include "registry/list.h"
#include "registry/registry.h"

/* How the index is made inside: load.c builds it, registry.c asks it. */

/* Its keys and AS numbers stand side by side in the registry's lists. */
struct mntner {
	char name[MNTNER_MAX];
	uint32_t keys, n_keys;
	uint32_t asns, n_asns;
};

struct registry {
	struct list mntners; /* struct mntner, by name, each once */
	struct list keys; /* struct sshkey */
	struct list asns; /* uint32_t, ascending for each maintainer */
	struct registry_counts counts;
};

/*
 * A maintainer's name, in capitals, into dst: letters, digits, '-' and '_'
 * (RFC 2622, 2), and -MNT at its end. False for anything else.
 */
bool mntner_name_set(char dst[MNTNER_MAX], const char *text, size_t len);

/* The maintainer of that name, -MNT included, in any case; or NULL. */
const struct mntner *
mntner_find(const struct registry *r, const char *name, size_t len);

/* By name, for qsort and bsearch. */
int mntner_cmp(const void *a, const void *b);

#endif
