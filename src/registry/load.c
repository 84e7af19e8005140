#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "registry/folder.h"
#include "registry/index.h"
#include "registry/object.h"

/* An AS number and the maintainer that a `mnt-by:` gives it to. */
struct claim {
	uint32_t mntner;
	uint32_t asn;
};

static int
no_room(struct fault *f)
{
	return fault_set(f, FAULT_SYSTEM, "registry",
	    "no memory, or more than %u items", LIST_MAX);
}

/* What it grants may be of both sides, so it grants nothing. */
static bool
has_conflict(struct registry *r, const struct folder *file)
{
	if (!object_has_conflict(file->text, file->len))
		return false;
	r->counts.conflicts++;
	return true;
}

/*
 * True if the object says `key:` and each time it is the file's own name. A
 * file's name is the identity: a key that claims another one's grants nothing.
 */
static bool
object_agrees(const struct folder *file, const char *key)
{
	struct object_reader reader;
	struct object_attr attr;
	size_t len = strlen(file->name);
	bool found = false;

	object_open(&reader, file->text, file->len);
	while (object_next(&reader, &attr)) {
		if (!object_is(&attr, key))
			continue;
		if (attr.value_len != len ||
		    strncasecmp(attr.value, file->name, len) != 0)
			return false;
		found = true;
	}
	return found;
}

static int
add_keys(struct registry *r, struct mntner *m, const struct folder *file)
{
	struct object_reader reader;
	struct object_attr attr;
	struct sshkey key, *slot;

	m->keys = r->keys.n;
	object_open(&reader, file->text, file->len);
	while (object_next(&reader, &attr)) {
		if (!object_is(&attr, "auth") ||
		    sshkey_parse(&key, attr.value, attr.value_len) != 0)
			continue;
		slot = list_add(&r->keys, sizeof(*slot));
		if (slot == NULL)
			return FAULT_SYSTEM;
		*slot = key;
		m->n_keys++;
	}
	return 0;
}

static int
add_mntner(struct registry *r, const struct folder *file)
{
	struct mntner m = { 0 }, *slot;

	if (has_conflict(r, file) ||
	    !mntner_name_set(m.name, file->name, strlen(file->name)) ||
	    !object_agrees(file, "mntner")) {
		r->counts.skipped++;
		return 0;
	}
	if (add_keys(r, &m, file) != 0)
		return FAULT_SYSTEM;
	slot = list_add(&r->mntners, sizeof(*slot));
	if (slot == NULL)
		return FAULT_SYSTEM;
	*slot = m;
	return 0;
}

/*
 * Sorts the maintainers. Where two files have one name but for its case,
 * nobody can say whose it is: neither stays.
 */
static void
sort_mntners(struct registry *r)
{
	struct mntner *m = r->mntners.items;
	uint32_t n = r->mntners.n, kept = 0, end;

	if (n == 0)
		return;
	qsort(m, n, sizeof(*m), mntner_cmp);
	for (uint32_t i = 0; i < n; i = end) {
		end = i + 1;
		while (end < n && mntner_cmp(&m[i], &m[end]) == 0)
			end++;
		if (end - i > 1) {
			r->counts.skipped += end - i;
			continue;
		}
		r->counts.keys += m[i].n_keys;
		m[kept++] = m[i];
	}
	r->mntners.n = kept;
	r->counts.mntners = kept;
}

static int
load_mntners(struct registry *r, const char *dir, struct fault *f)
{
	struct folder folder;
	int rc = folder_open(&folder, dir, "mntner", f);

	if (rc != 0)
		return rc;
	while ((rc = folder_next(&folder, f)) == 1) {
		if (add_mntner(r, &folder) != 0) {
			rc = no_room(f);
			goto out;
		}
	}
	if (rc != 0)
		goto out;
	r->counts.skipped += folder.skipped;
	sort_mntners(r);
	if (r->mntners.n == 0)
		rc = fault_set(f, FAULT_INVALID, "registry",
		    "%s/data/mntner holds no maintainer: is it a registry, "
		    "and complete?",
		    dir);
out:
	folder_close(&folder);
	return rc;
}

static int
add_aut_num(struct registry *r, struct list *claims, const struct folder *file)
{
	char name[16];
	struct object_reader reader;
	struct object_attr attr;
	uint32_t asn;

	/* One spelling only, so that two files cannot speak for one AS. */
	if (has_conflict(r, file) ||
	    asn_parse(&asn, file->name, strlen(file->name)) != 0 ||
	    snprintf(name, sizeof(name), "AS%u", asn) < 0 ||
	    strcmp(name, file->name) != 0 || !object_agrees(file, "aut-num")) {
		r->counts.skipped++;
		return 0;
	}
	r->counts.aut_nums++;
	object_open(&reader, file->text, file->len);
	while (object_next(&reader, &attr)) {
		const struct mntner *m;
		struct claim *slot;

		if (!object_is(&attr, "mnt-by"))
			continue;
		m = mntner_find(r, attr.value, attr.value_len);
		if (m == NULL)
			continue;
		slot = list_add(claims, sizeof(*slot));
		if (slot == NULL)
			return FAULT_SYSTEM;
		slot->mntner =
		    (uint32_t)(m - (const struct mntner *)r->mntners.items);
		slot->asn = asn;
	}
	return 0;
}

static int
claim_cmp(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->mntner != y->mntner)
		return x->mntner < y->mntner ? -1 : 1;
	return (x->asn > y->asn) - (x->asn < y->asn);
}

/* Claims become each maintainer's list, in which an AS stands once. */
static int
share_asns(struct registry *r, struct list *claims)
{
	struct mntner *m = r->mntners.items;
	struct claim *c = claims->items;
	uint32_t *slot;

	if (claims->n > 0)
		qsort(c, claims->n, sizeof(*c), claim_cmp);
	for (uint32_t i = 0; i < claims->n; i++) {
		if (i > 0 && claim_cmp(&c[i - 1], &c[i]) == 0)
			continue;
		slot = list_add(&r->asns, sizeof(*slot));
		if (slot == NULL)
			return FAULT_SYSTEM;
		*slot = c[i].asn;
		if (m[c[i].mntner].n_asns++ == 0)
			m[c[i].mntner].asns = r->asns.n - 1;
	}
	r->counts.claims = r->asns.n;
	return 0;
}

static int
load_aut_nums(struct registry *r, const char *dir, struct fault *f)
{
	struct list claims = { 0 };
	struct folder folder;
	int rc = folder_open(&folder, dir, "aut-num", f);

	if (rc != 0)
		return rc;
	while ((rc = folder_next(&folder, f)) == 1) {
		if (add_aut_num(r, &claims, &folder) != 0) {
			rc = no_room(f);
			goto out;
		}
	}
	if (rc != 0)
		goto out;
	r->counts.skipped += folder.skipped;
	if (share_asns(r, &claims) != 0)
		rc = no_room(f);
out:
	free(claims.items);
	folder_close(&folder);
	return rc;
}

int
registry_load(struct registry **out, const char *dir, struct fault *f)
{
	struct registry *r = calloc(1, sizeof(*r));
	int rc;

	if (r == NULL)
		return no_room(f);
	rc = load_mntners(r, dir, f);
	if (rc == 0)
		rc = load_aut_nums(r, dir, f);
	if (rc == 0) {
		*out = r;
		r = NULL;
	}
	registry_free(r);
	return rc;
}
