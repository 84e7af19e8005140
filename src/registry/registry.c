#include "registry/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "registry/filter.h"
#include "registry/folder.h"
#include "registry/index.h"

#define SUFFIX	   "-MNT"
#define SUFFIX_LEN 4

bool
mntner_name_set(char dst[MNTNER_MAX], const char *text, size_t len)
{
	if (len <= SUFFIX_LEN || len >= MNTNER_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			(i > 0 && (c == '-' || c == '_'))))
			return false;
		dst[i] = c;
	}
	dst[len] = '\0';
	return memcmp(dst + len - SUFFIX_LEN, SUFFIX, SUFFIX_LEN) == 0;
}

int
mntner_cmp(const void *a, const void *b)
{
	const struct mntner *x = a, *y = b;

	return strcmp(x->name, y->name);
}

const struct mntner *
mntner_find(const struct registry *r, const char *name, size_t len)
{
	struct mntner key = { 0 };

	if (r->mntners.n == 0 || !mntner_name_set(key.name, name, len))
		return NULL;
	return bsearch(
	    &key, r->mntners.items, r->mntners.n, sizeof(key), mntner_cmp);
}

void
registry_free(struct registry *r)
{
	if (r == NULL)
		return;
	free(r->mntners.items);
	free(r->keys.items);
	free(r->asns.items);
	free(r);
}

void
registry_counts(const struct registry *r, struct registry_counts *out)
{
	*out = r->counts;
}

uint64_t
registry_stamp(const char *dir)
{
	static const char *const folders[] = { "mntner", "aut-num", "route",
		"route6" };
	uint64_t sum = 0, weight = 1;

	/* Weighed, so that a file that moves between two is seen. */
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		sum += weight * folder_stamp(dir, folders[i]);
		weight += 2;
	}
	for (unsigned family = 4; family <= 6; family += 2)
		sum += folder_stamp_file(dir, filter_name(family));
	return sum;
}

const char *
registry_mntner(const struct registry *r, const char *user)
{
	char name[MNTNER_MAX];
	const struct mntner *m;
	size_t len = strlen(user);
	int n;

	/* "foo-mnt" is FOO-MNT, and never FOO-MNT-MNT. */
	if (len >= SUFFIX_LEN &&
	    strcasecmp(user + len - SUFFIX_LEN, SUFFIX) == 0) {
		m = mntner_find(r, user, len);
	} else {
		n = snprintf(name, sizeof(name), "%s" SUFFIX, user);
		if (n < 0 || (size_t)n >= sizeof(name))
			return NULL;
		m = mntner_find(r, name, (size_t)n);
	}
	return m != NULL ? m->name : NULL;
}

const struct sshkey *
registry_keys(const struct registry *r, const char *mntner, size_t *n)
{
	const struct mntner *m = mntner_find(r, mntner, strlen(mntner));

	*n = m != NULL ? m->n_keys : 0;
	return *n > 0 ? (const struct sshkey *)r->keys.items + m->keys : NULL;
}

const uint32_t *
registry_asns(const struct registry *r, const char *mntner, size_t *n)
{
	const struct mntner *m = mntner_find(r, mntner, strlen(mntner));

	*n = m != NULL ? m->n_asns : 0;
	return *n > 0 ? (const uint32_t *)r->asns.items + m->asns : NULL;
}

bool
registry_has_key(
    const struct registry *r, const char *mntner, const struct sshkey *key)
{
	size_t n;
	const struct sshkey *keys = registry_keys(r, mntner, &n);

	for (size_t i = 0; i < n; i++)
		if (sshkey_cmp(&keys[i], key) == 0)
			return true;
	return false;
}

bool
registry_has_asn(const struct registry *r, const char *mntner, uint32_t asn)
{
	size_t n;
	const uint32_t *asns = registry_asns(r, mntner, &n);

	for (size_t i = 0; i < n; i++)
		if (asns[i] == asn)
			return true;
	return false;
}

const char *
registry_owner(const struct registry *r, uint32_t asn)
{
	const struct mntner *m = r->mntners.items, *owner = NULL;

	for (uint32_t i = 0; i < r->mntners.n; i++) {
		if ((owner != NULL && m[i].n_keys == 0) ||
		    !registry_has_asn(r, m[i].name, asn))
			continue;
		if (m[i].n_keys > 0)
			return m[i].name;
		owner = &m[i];
	}
	return owner != NULL ? owner->name : NULL;
}
