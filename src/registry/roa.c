#include "registry/roa.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "registry/filter.h"
#include "registry/folder.h"
#include "registry/list.h"
#include "registry/route.h"

/* One family's reading. */
struct source {
	unsigned family;
	struct filter filter;
	const struct report *report;
	struct list *roas; /* struct roa */
	size_t skipped;
};

int
roa_cmp(const void *a, const void *b)
{
	const struct roa *x = a, *y = b;
	int c = prefix_cmp(&x->prefix, &y->prefix);

	if (c != 0)
		return c;
	if (x->max != y->max)
		return x->max < y->max ? -1 : 1;
	return (x->asn > y->asn) - (x->asn < y->asn);
}

bool
roa_is_valid(const struct roa *roa)
{
	const struct prefix *p = &roa->prefix;

	return (p->ip.family == 4 || p->ip.family == 6) && p->len <= roa->max &&
	       roa->max <= ip_bits(&p->ip) && !prefix_has_host_bits(p);
}

/* Down to which length it may be announced; FAULT_DENIED: not at all. */
static int
judge(uint8_t *out, const struct source *s, const struct route *r,
    struct fault *f)
{
	const struct filter_rule *rule = filter_find(&s->filter, &r->prefix);
	const char *file = filter_name(s->family);
	uint8_t max;

	if (rule == NULL)
		return fault_set(f, FAULT_DENIED, NULL,
		    "no rule of %s is for its prefix", file);
	if (!rule->permit)
		return fault_set(f, FAULT_DENIED, NULL,
		    "rule %u of %s denies its prefix", rule->nr, file);
	max = rule->max;
	if (r->has_max && r->max < max)
		max = r->max > rule->min ? (uint8_t)r->max : rule->min;
	if (r->prefix.len > max)
		return fault_set(f, FAULT_DENIED, NULL,
		    "its prefix is longer than %u, the max-length that it has "
		    "by rule %u of %s",
		    max, rule->nr, file);
	*out = max;
	return 0;
}

static void
skip(struct source *s, const char *name, const char *why)
{
	report_object(s->report, route_class(s->family), name, why);
	s->skipped++;
}

static int
add_file(struct source *s, const struct folder *file)
{
	struct fault why;
	struct route r;
	struct roa *slot;
	uint8_t max = 0;

	if (route_parse(
		&r, s->family, file->name, file->text, file->len, &why) != 0 ||
	    judge(&max, s, &r, &why) != 0) {
		skip(s, file->name, why.text);
		return 0;
	}
	for (size_t i = 0; i < r.n; i++) {
		slot = list_add(s->roas, sizeof(*slot));
		if (slot == NULL)
			return FAULT_SYSTEM;
		slot->prefix = r.prefix;
		slot->max = max;
		slot->asn = r.origins[i];
	}
	return 0;
}

static int
add_folder(struct source *s, const char *dir, struct fault *f)
{
	char why[64];
	struct folder folder;
	int rc = folder_open(&folder, dir, route_class(s->family), f);

	if (rc != 0)
		return rc;
	while ((rc = folder_next(&folder, f)) == 1) {
		if (add_file(s, &folder) != 0) {
			rc = fault_set(f, FAULT_SYSTEM, "registry",
			    "no memory, or more than %u ROAs", LIST_MAX);
			break;
		}
	}
	if (rc == 0 && folder.skipped > 0) {
		snprintf(why, sizeof(why), "%zu of its files cannot be read",
		    folder.skipped);
		skip(s, "", why);
		s->skipped += folder.skipped - 1;
	}
	folder_close(&folder);
	return rc;
}

static int
add_family(struct roa_set *set, struct list *roas, unsigned family,
    const char *dir, const struct report *report, struct fault *f)
{
	struct source s = { .family = family, .report = report, .roas = roas };
	int rc = filter_load(&s.filter, family, dir, report, f);

	if (rc != 0)
		return rc;
	rc = add_folder(&s, dir, f);
	set->skipped += s.skipped + s.filter.skipped;
	filter_free(&s.filter);
	return rc;
}

/* Git and tar replace files: then the folder's own time moves. */
static time_t
changed_at(time_t last, const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/data/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof(path) || stat(path, &st) != 0)
		return last;
	return st.st_mtime > last ? st.st_mtime : last;
}

/* Sorts, and drops doubles. */
static void
sort_roas(struct list *roas)
{
	struct roa *r = roas->items;
	uint32_t kept = 0;

	qsort(r, roas->n, sizeof(*r), roa_cmp);
	for (uint32_t i = 0; i < roas->n; i++)
		if (kept == 0 || roa_cmp(&r[kept - 1], &r[i]) != 0)
			r[kept++] = r[i];
	roas->n = kept;
}

int
roa_load(struct roa_set *out, const char *dir, unsigned families,
    const struct report *report, struct fault *f)
{
	struct list roas = { 0 };
	struct roa_set set = { 0 };
	int rc = 0;

	for (unsigned i = 0; i < 2 && rc == 0; i++) {
		unsigned family = i == 0 ? 4 : 6;

		if (!(families & (i == 0 ? ROA_IPV4 : ROA_IPV6)))
			continue;
		set.changed = changed_at(set.changed, dir, route_class(family));
		set.changed = changed_at(set.changed, dir, filter_name(family));
		rc = add_family(&set, &roas, family, dir, report, f);
	}
	if (rc != 0)
		goto out;
	if (roas.n == 0) {
		rc = fault_set(f, FAULT_INVALID, "registry",
		    "%s/data gives no ROA: is it a registry, and complete?",
		    dir);
		goto out;
	}
	sort_roas(&roas);
	set.roas = roas.items;
	set.n = roas.n;
	*out = set;
	roas.items = NULL;
out:
	free(roas.items);
	return rc;
}

void
roa_set_free(struct roa_set *set)
{
	free(set->roas);
}
