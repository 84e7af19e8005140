#include "engine/ownership.h"

#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define SHARE 10 /* no more than one of so many at once */

static bool
has_key(const struct registry *r, const char *mntner)
{
	size_t n;

	registry_keys(r, mntner, &n);
	return n > 0;
}

bool
ownership_lost(const struct registry *r, const struct peering *p,
    char why[PEERING_PAUSED_MAX])
{
	const char *who = p->mntner;

	if (strcmp(who, OWNERSHIP_OPERATOR) == 0)
		return false;
	if (registry_mntner(r, who) == NULL)
		snprintf(why, PEERING_PAUSED_MAX,
		    "there is no %s in the registry any more", who);
	else if (!registry_has_asn(r, who, p->asn))
		snprintf(why, PEERING_PAUSED_MAX,
		    "%s does not maintain AS%u any more", who, p->asn);
	else if (p->keyed && !has_key(r, who))
		snprintf(why, PEERING_PAUSED_MAX,
		    "%s has no SSH key in the registry any more", who);
	else
		return false;
	return true;
}

bool
ownership_moved(const struct registry *r, const struct peering *p)
{
	return strcmp(p->mntner, OWNERSHIP_OPERATOR) != 0 &&
	       !registry_has_asn(r, p->mntner, p->asn);
}

/* One peering as it shall be. True if it is paused, or not, for another why. */
static bool
judge(struct peering *out, const struct registry *r, const struct peering *p)
{
	*out = *p;
	out->keyed = p->keyed || has_key(r, p->mntner);
	if (!ownership_lost(r, out, out->paused))
		out->paused[0] = '\0';
	return strcmp(out->paused, p->paused) != 0;
}

/* Counts what a review will hold, to know how much room it takes. */
static void
count(struct ownership_review *out, const struct registry *r,
    const struct peering *all, size_t n, bool confirmed)
{
	struct peering p = { .asn = 0 };
	size_t fresh = 0;

	for (size_t i = 0; i < n; i++) {
		if (judge(&p, r, &all[i])) {
			out->n++;
			fresh += all[i].paused[0] == '\0';
		} else if (p.keyed != all[i].keyed) {
			out->n_keyed++;
		}
	}
	if (!confirmed && fresh > 1 && fresh * SHARE > n)
		out->n_held = fresh;
	wgkey_wipe(&p.psk);
}

static void
describe(struct store_event *ev, const struct peering *p, const char *was)
{
	bool paused = p->paused[0] != '\0';

	*ev = (struct store_event){
		.who = "meetmed", .from = "local", .asn = p->asn
	};
	strlcpy(
	    ev->what, paused ? "peer_pause" : "peer_resume", sizeof(ev->what));
	snprintf(ev->detail, sizeof(ev->detail), "%s%s",
	    paused ? "" : "no longer: ", paused ? p->paused : was);
}

int
ownership_review(struct ownership_review *out, const struct registry *r,
    const struct peering *all, size_t n, bool confirmed)
{
	struct ownership_review v = { 0 };
	size_t changed = 0, keyed = 0;

	count(&v, r, all, n, confirmed);
	v.list = calloc(v.n + 1, sizeof(*v.list));
	v.events = calloc(v.n + 1, sizeof(*v.events));
	v.keyed = calloc(v.n_keyed + 1, sizeof(*v.keyed));
	if (v.list == NULL || v.events == NULL || v.keyed == NULL) {
		ownership_review_free(&v);
		return FAULT_SYSTEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct peering *p = &v.list[changed];

		/* The room for one more is where the others are judged. */
		if (!judge(p, r, &all[i])) {
			if (p->keyed != all[i].keyed)
				v.keyed[keyed++] = *p;
		} else if (v.n_held == 0 || all[i].paused[0] != '\0') {
			describe(&v.events[changed++], p, all[i].paused);
		}
	}
	v.n = changed;
	*out = v;
	return 0;
}

static void
wipe(struct peering *list, size_t n)
{
	if (list != NULL)
		explicit_bzero(list, n * sizeof(*list));
	free(list);
}

void
ownership_review_free(struct ownership_review *v)
{
	wipe(v->list, v->n + 1);
	wipe(v->keyed, v->n_keyed + 1);
	free(v->events);
}

void
ownership_settle(
    const struct engine *e, struct peering *p, const struct peering *old)
{
	if (old != NULL && strcmp(p->mntner, old->mntner) == 0) {
		p->keyed = old->keyed;
		memcpy(p->paused, old->paused, sizeof(p->paused));
		return;
	}
	p->keyed = e->registry != NULL && has_key(e->registry, p->mntner);
	if (e->registry == NULL || !ownership_lost(e->registry, p, p->paused))
		p->paused[0] = '\0';
}

static void
tell(const struct ownership_review *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct peering *p = &v->list[i];

		if (p->paused[0] != '\0')
			log_warn("the peering of AS%u is paused: %s", p->asn,
			    p->paused);
		else
			log_info("the peering of AS%u goes on", p->asn);
	}
}

/* Said once, until there are more or fewer of them. */
static int
tell_held(struct engine *e, size_t held, struct fault *f)
{
	struct store_event ev = {
		.who = "meetmed", .from = "local", .what = "peer_pause_held"
	};
	bool same = held == e->n_held;

	e->n_held = held;
	if (same)
		return 0;
	if (held == 0) {
		log_info("no pause of peerings is held back any more");
		return 0;
	}
	snprintf(ev.detail, sizeof(ev.detail),
	    "%zu of %zu peerings would be paused at once; `meetme status` "
	    "names them, `meetme registry confirm` pauses them",
	    held, e->n_peerings);
	log_error("%s", ev.detail);
	return store_log(e->store, &ev, f);
}

/* Stores the review, and has the agent make it so. */
static int
carry_out(struct engine *e, const struct ownership_review *v, struct fault *f)
{
	int rc = 0;

	if (v->n_keyed > 0)
		rc = store_update_all(e->store, v->keyed, NULL, v->n_keyed, f);
	if (rc == 0 && v->n > 0)
		rc = store_update_all(e->store, v->list, v->events, v->n, f);
	if (rc == 0)
		rc = tell_held(e, v->n_held, f);
	if (rc != 0)
		return rc;
	tell(v);
	/* Of a review that is made again, only the plan may have failed. */
	if (v->n > 0 || e->review_due)
		return engine_replan(e, false, f);
	return v->n_keyed > 0 ? engine_load_peerings(e, f) : 0;
}

static int
review(struct engine *e, bool confirmed, struct fault *f)
{
	struct ownership_review v;
	int rc;

	rc = ownership_review(
	    &v, e->registry, e->peerings, e->n_peerings, confirmed);
	if (rc != 0)
		return fault_set(f, rc, NULL, "no memory");
	rc = carry_out(e, &v, f);
	ownership_review_free(&v);
	return rc;
}

void
ownership_follow(struct engine *e)
{
	bool told = e->review_due;
	struct fault f;

	if (e->registry == NULL || e->store == NULL)
		return;
	e->review_due = review(e, false, &f) != 0;
	if (e->review_due && !told)
		log_error("the peerings' owners: %s", f.text);
}

int
ownership_confirm(
    struct engine *e, const struct store_event *ev, struct fault *f)
{
	int rc;

	if (e->n_held == 0)
		return fault_set(f, FAULT_NOT_FOUND, NULL,
		    "no pause of peerings waits to be confirmed");
	rc = store_log(e->store, ev, f);
	return rc == 0 ? review(e, true, f) : rc;
}
