#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sshkey.h"

#define MNTNER_MAX 64 /* a maintainer's name and the end: [A-Z0-9_-] */

/* Which keys and AS numbers a maintainer has. Immutable once built. */
struct registry;

struct registry_counts {
	size_t mntners, aut_nums, keys; /* in the index */
	size_t claims; /* AS numbers, each once for who maintains it */
	size_t skipped; /* files that were passed over */
	size_t conflicts; /* of these: with the marks of a merge's conflict */
};

/*
 * Reads dir/data/mntner and dir/data/aut-num. An object that breaks a rule is
 * skipped and counted, the rest is read: its file's name is its identity, with
 * which its own `mntner:` or `aut-num:` must agree. 0: *out is the caller's to
 * free. FAULT_NOT_FOUND: no such folder; FAULT_INVALID: it holds no maintainer
 * at all; FAULT_SYSTEM. *f says more.
 */
int registry_load(struct registry **out, const char *dir, struct fault *f);
void registry_free(struct registry *r);

void registry_counts(const struct registry *r, struct registry_counts *out);

/*
 * Changes when the index or what is said of routes (registry/policy.h) may have
 * changed: a sum over every file's name, size, times and inode. 0: no such
 * folder. It costs a stat per file (11,000: 15 ms):
 * ask every 5 s or so. Taken before a load, it shows what changed meanwhile.
 */
uint64_t registry_stamp(const char *dir);

/*
 * The maintainer that `user` logs in as: its name with or without -MNT, in any
 * case. In capitals ("FOO-MNT"), valid as long as the index is; NULL for none.
 */
const char *registry_mntner(const struct registry *r, const char *user);

/* The keys of a maintainer; *n of them. NULL and 0 for none. */
const struct sshkey *
registry_keys(const struct registry *r, const char *mntner, size_t *n);

/* Its AS numbers, ascending; *n of them. NULL and 0 for none. */
const uint32_t *
registry_asns(const struct registry *r, const char *mntner, size_t *n);

/*
 * Who maintains this AS: of several the first by name, of those who can log in
 * if one can. NULL for nobody.
 */
const char *registry_owner(const struct registry *r, uint32_t asn);

bool registry_has_key(
    const struct registry *r, const char *mntner, const struct sshkey *key);
bool
registry_has_asn(const struct registry *r, const char *mntner, uint32_t asn);

#endif
