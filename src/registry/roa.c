#include "registry/roa.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "registry/filter.h"
#include "registry/folder.h"
#include "registry/list.h"
#include "registry/object.h"
#include "registry/route.h"

/*
 * One family's reading. Most of it is the kernel's work, file by file, so that
 * the second family is read by a thread of its own.
 */
struct source {
	unsigned family;
	const char *dir;
	const struct report *report;
	struct filter filter;
	struct list roas; /* struct roa */
	size_t skipped, conflicts;
	time_t changed;
	struct fault fault;
	int rc;
};

/* The caller's report, told by one thread at a time. */
struct locked_report {
	const struct report *report;
	pthread_mutex_t mutex;
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

	/* Its origins may be those of both sides. */
	if (object_has_conflict(file->text, file->len)) {
		s->conflicts++;
		skip(s, file->name, "it holds the marks of a merge's conflict");
		return 0;
	}
	if (route_parse(
		&r, s->family, file->name, file->text, file->len, &why) != 0 ||
	    judge(&max, s, &r, &why) != 0) {
		skip(s, file->name, why.text);
		return 0;
	}
	for (size_t i = 0; i < r.n; i++) {
		slot = list_add(&s->roas, sizeof(*slot));
		if (slot == NULL)
			return FAULT_SYSTEM;
		slot->prefix = r.prefix;
		slot->max = max;
		slot->asn = r.origins[i];
	}
	return 0;
}

static int
add_folder(struct source *s)
{
	char why[64];
	struct folder folder;
	int rc;

	rc = folder_open(&folder, s->dir, route_class(s->family), &s->fault);
	if (rc != 0)
		return rc;
	while ((rc = folder_next(&folder, &s->fault)) == 1) {
		if (add_file(s, &folder) != 0) {
			rc = fault_set(&s->fault, FAULT_SYSTEM, "registry",
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

/* Git and tar replace files: then the folder's own time moves. */
static void
look_at_time(struct source *s, const char *name)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/data/%s", s->dir, name);

	if (n >= 0 && (size_t)n < sizeof(path) && stat(path, &st) == 0 &&
	    st.st_mtime > s->changed)
		s->changed = st.st_mtime;
}

/* Sorts, and drops doubles. */
static void
sort_roas(struct list *roas)
{
	struct roa *r = roas->items;
	uint32_t kept = 0;

	if (roas->n == 0)
		return;
	qsort(r, roas->n, sizeof(*r), roa_cmp);
	for (uint32_t i = 0; i < roas->n; i++)
		if (kept == 0 || roa_cmp(&r[kept - 1], &r[i]) != 0)
			r[kept++] = r[i];
	roas->n = kept;
}

static void *
source_read(void *arg)
{
	struct source *s = arg;

	look_at_time(s, route_class(s->family));
	look_at_time(s, filter_name(s->family));
	s->rc =
	    filter_load(&s->filter, s->family, s->dir, s->report, &s->fault);
	if (s->rc != 0)
		return NULL;
	s->skipped = s->filter.skipped;
	s->rc = add_folder(s);
	filter_free(&s->filter);
	sort_roas(&s->roas);
	return NULL;
}

/* The thread takes none of the caller's signals. */
static bool
thread_start(pthread_t *thread, struct source *s)
{
	sigset_t all, old;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	started = pthread_create(thread, NULL, source_read, s) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return started;
}

static void
read_both(struct source sources[2])
{
	pthread_t thread;
	bool started = thread_start(&thread, &sources[1]);

	source_read(&sources[0]);
	if (started)
		pthread_join(thread, NULL);
	else
		source_read(&sources[1]);
}

static void
tell_locked(void *arg, const char *where, const char *why)
{
	struct locked_report *l = arg;

	pthread_mutex_lock(&l->mutex);
	l->report->tell(l->report->arg, where, why);
	pthread_mutex_unlock(&l->mutex);
}

/* Puts the sets one behind the other: of IPv4 first, as roa_cmp has it. */
static int
join(struct roa_set *out, const struct source *s, size_t n, struct fault *f)
{
	struct roa_set set = { 0 };
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += s[i].roas.n;
	if (total == 0)
		return fault_set(f, FAULT_INVALID, "registry",
		    "%s/data gives no ROA: is it a registry, and complete?",
		    s->dir);
	set.roas = reallocarray(NULL, total, sizeof(*set.roas));
	if (set.roas == NULL)
		return fault_set(f, FAULT_SYSTEM, "registry", "no memory");
	for (size_t i = 0; i < n; i++) {
		if (s[i].roas.n > 0)
			memcpy(set.roas + set.n, s[i].roas.items,
			    s[i].roas.n * sizeof(*set.roas));
		set.n += s[i].roas.n;
		set.skipped += s[i].skipped;
		set.conflicts += s[i].conflicts;
		if (s[i].changed > set.changed)
			set.changed = s[i].changed;
	}
	*out = set;
	return 0;
}

int
roa_load(struct roa_set *out, const char *dir, unsigned families,
    const struct report *report, struct fault *f)
{
	struct locked_report locked = { .report = report,
		.mutex = PTHREAD_MUTEX_INITIALIZER };
	const struct report inner = { .tell = tell_locked, .arg = &locked };
	struct source s[2] = { { .family = 4 }, { .family = 6 } };
	size_t n = families == (ROA_IPV4 | ROA_IPV6) ? 2 : 1;
	int rc = 0;

	if (families == ROA_IPV6)
		s[0].family = 6;
	for (size_t i = 0; i < n; i++) {
		s[i].dir = dir;
		if (report != NULL && report->tell != NULL)
			s[i].report = &inner;
	}
	if (n == 2)
		read_both(s);
	else
		source_read(&s[0]);
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = s[i].rc;
		if (rc != 0 && f != NULL)
			*f = s[i].fault;
	}
	if (rc == 0)
		rc = join(out, s, n, f);
	for (size_t i = 0; i < n; i++)
		free(s[i].roas.items);
	return rc;
}

void
roa_set_free(struct roa_set *set)
{
	free(set->roas);
}
