#include "engine/intake.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "engine/agentlink.h"
#include "engine/ownership.h"
#include "engine/sync.h"

/* Files may be there of which nothing is left but the name. */
static bool
find_shrunk(struct intake *in, const struct engine *e)
{
	size_t had = e->policy.roas.n, n = in->policy.roas.n;
	struct registry_counts a, b;

	registry_counts(e->registry, &a);
	registry_counts(in->registry, &b);
	if (census_shrank(a.mntners, b.mntners) ||
	    census_shrank(a.aut_nums, b.aut_nums))
		snprintf(in->loss, sizeof(in->loss),
		    "it shrank to %zu maintainers and %zu AS numbers",
		    b.mntners, b.aut_nums);
	else if (census_shrank(a.keys, b.keys))
		snprintf(in->loss, sizeof(in->loss),
		    "its maintainers have %zu keys instead of %zu", b.keys,
		    a.keys);
	else if (census_shrank(a.claims, b.claims))
		snprintf(in->loss, sizeof(in->loss),
		    "it says %zu times who maintains an AS, instead of %zu",
		    b.claims, a.claims);
	else if (in->policy_fault.code == 0 && census_shrank(had, n))
		snprintf(in->loss, sizeof(in->loss),
		    "it gives %zu ROAs instead of %zu", n, had);
	else
		return false;
	return true;
}

static size_t
conflicts(const struct registry *r, const struct policy *p)
{
	struct registry_counts n;

	registry_counts(r, &n);
	return n.conflicts + p->roas.conflicts;
}

/* A registry that suddenly lost a tenth is a broken one. */
static void
find_loss(struct intake *in, const struct engine *e)
{
	size_t n;

	in->loss[0] = '\0';
	if (e->registry == NULL)
		return;
	n = conflicts(in->registry, &in->policy);
	if (n > conflicts(e->registry, &e->policy))
		snprintf(in->loss, sizeof(in->loss),
		    "%zu objects hold the marks of a merge conflict", n);
	else if (!census_lost(&e->census, &in->census, in->loss) &&
		 !find_shrunk(in, e))
		in->loss[0] = '\0';
}

int
intake_read(struct intake *out, const struct engine *e, const char *dir,
    bool force, struct fault *f)
{
	struct intake in = { 0 };
	int rc = registry_load(&in.registry, dir, f);

	if (rc != 0)
		return rc;
	census_take(&in.census, dir);
	/* Without it people can still log in. */
	policy_load(&in.policy, dir, NULL, &in.policy_fault);
	find_loss(&in, e);
	if (in.loss[0] != '\0' && !force) {
		intake_free(&in);
		return fault_set(f, FAULT_LIMIT, "registry", "%s", in.loss);
	}
	*out = in;
	return 0;
}

void
intake_free(struct intake *in)
{
	policy_free(&in->policy);
	registry_free(in->registry);
	in->registry = NULL;
}

/* Where `meetme` finds what is in force. */
static void
publish(const struct engine *e, const char *dir)
{
	char link[PATHS_MAX], new[PATHS_MAX];

	if (dir[0] != '/' ||
	    path_join(link, sizeof(link), e->paths->run_dir, "registry") != 0 ||
	    path_join(new, sizeof(new), e->paths->run_dir, "registry.new") != 0)
		return;
	unlink(new);
	if (symlink(dir, new) != 0 || rename(new, link) != 0)
		log_warn("%s: %s", link, strerror(errno));
}

static void
use_policy(struct intake *in, struct engine *e)
{
	const struct fault *f = &in->policy_fault;

	if (f->code != 0 && strcmp(f->text, e->policy_fault.text) != 0)
		log_error(
		    "registry: %s; what is said of routes stays as it was",
		    f->text);
	e->policy_fault = *f;
	if (f->code != 0)
		return;
	policy_free(&e->policy);
	e->policy = in->policy;
	agentlink_policy(e->agent, &e->policy);
}

void
intake_use(struct intake *in, struct engine *e)
{
	struct registry_counts n;

	registry_free(e->registry);
	e->registry = in->registry;
	e->census = in->census;
	e->registry_stamp = REGISTRY_UNSEEN;
	e->registry_fault = (struct fault){ 0 };
	strlcpy(e->registry_commit, sync_commit(e->sync),
	    sizeof(e->registry_commit));
	publish(e, sync_dir(e->sync));
	registry_counts(e->registry, &n);
	use_policy(in, e);
	log_info("registry: %zu maintainers, %zu AS numbers, %zu keys, "
		 "%zu skipped; %zu ROAs",
	    n.mntners, n.aut_nums, n.keys, n.skipped, e->policy.roas.n);
	ownership_follow(e);
}

void
engine_load_registry(struct engine *e)
{
	const char *dir = sync_dir(e->sync);
	uint64_t stamp = registry_stamp(dir);
	struct intake in;
	struct fault f;

	if (e->registry_stamp == stamp)
		return;
	e->registry_stamp = stamp;
	if (intake_read(&in, e, dir, false, &f) == 0) {
		intake_use(&in, e);
		e->registry_stamp = stamp;
		return;
	}
	e->registry_fault = f;
	log_error("registry %s: %s%s", dir, f.text,
	    e->registry != NULL ? "; the old one stays in force" : "");
	if (f.code == FAULT_SYSTEM)
		e->registry_stamp = REGISTRY_UNSEEN;
}

void
engine_watch_registry(struct engine *e)
{
	uint64_t stamp = registry_stamp(sync_dir(e->sync));
	bool rests = stamp == e->registry_seen;

	e->registry_seen = stamp;
	if (rests && stamp != e->registry_stamp)
		engine_load_registry(e);
}
