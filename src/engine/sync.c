#include "engine/sync.h"

#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "engine/conn.h"
#include "engine/git.h"
#include "engine/intake.h"
#include "engine/step.h"

/* That a git command may take; where all of the registry is its work. */
#define SECONDS	      60
#define SECONDS_FIRST 900

/* That the clone may take of the disk; dn42's takes a tenth of it. */
#define CLONE_BYTES (UINT64_C(2) << 30)

struct sync {
	struct engine *e;
	struct clone clone;
	bool open; /* the clone's folder is */
	bool repaired;
	struct git *git;
	struct event *timer;
	enum step step;
	char url[NETWORK_URL_MAX]; /* of the pull under way */
	char found[COMMIT_MAX]; /* what the pull under way brought */
	int64_t fetched; /* when, on the monotonic clock */
	bool changed;
	bool forced, next_forced; /* this pull is, the next one will be */
	struct store_event force, next_force;
	uint32_t token, next_token; /* who waits for it; 0: nobody */
	bool again; /* another one follows */
	struct fault error;
};

static const struct fault good;
static const char no_url[] = "the network file has no registry.url";

static void begin(struct sync *s);
static void take_step(struct sync *s, enum step step);

static const struct network_registry *
wanted(const struct sync *s)
{
	return &s->e->net->registry;
}

bool
sync_status(const struct sync *s, struct sync_status *out)
{
	if (wanted(s)->url[0] == '\0')
		return false;
	if (out == NULL)
		return true;
	*out = (struct sync_status){ .running = s->step != STEP_IDLE,
		.changed = s->changed,
		.error = s->error };
	strlcpy(out->commit, s->e->registry_commit, sizeof(out->commit));
	if (s->open)
		out->checked = clone_checked(&s->clone);
	return true;
}

const char *
sync_commit(const struct sync *s)
{
	return wanted(s)->url[0] != '\0' && s->open ? s->clone.commit : "";
}

const char *
sync_dir(const struct sync *s)
{
	return sync_commit(s)[0] != '\0' ? s->clone.current
					 : s->e->paths->registry;
}

static void
log_event(struct sync *s, struct store_event *ev, const char *what,
    const char *detail)
{
	struct fault f;

	strlcpy(ev->what, what, sizeof(ev->what));
	strlcpy(ev->detail, detail, sizeof(ev->detail));
	if (store_log(s->e->store, ev, &f) != 0)
		log_error("%s: %s", what, f.text);
}

/* Said once, until it is another one. */
static void
report(struct sync *s, const struct fault *f)
{
	struct store_event ev = { .who = "meetmed", .from = "local" };

	if (f->code != 0 && strcmp(f->text, s->error.text) != 0) {
		log_error("registry: %s; the one in force stays", f->text);
		log_event(s, &ev, "registry_refused", f->text);
	} else if (f->code == 0 && s->error.code != 0) {
		log_info("registry: pulls are good again");
	}
	s->error = *f;
}

/* The pull has its result: everyone who waits for it hears. */
static void
conclude(struct sync *s, const struct fault *f)
{
	struct sync_status status;
	uint32_t token = s->token;

	report(s, f);
	if (f->code == 0)
		clone_set_checked(&s->clone);
	s->token = 0;
	if (token == 0)
		return;
	if (!sync_status(s, &status))
		status = (struct sync_status){ .error = *f };
	conn_answered(s->e, token, &status);
}

static void
set_timer(struct sync *s)
{
	struct timeval tv = { .tv_sec = (time_t)wanted(s)->interval };

	event_del(s->timer);
	if (wanted(s)->url[0] != '\0')
		event_add(s->timer, &tv);
}

static void
become_idle(struct sync *s)
{
	s->step = STEP_IDLE;
	s->forced = false;
	set_timer(s);
	if (s->again)
		begin(s);
}

static void
fail(struct sync *s, const char *what, const char *why)
{
	struct fault f;

	fault_set(&f, FAULT_INVALID, "registry", "%s%s%s", what,
	    why[0] != '\0' ? ": " : "", why);
	s->changed = false;
	conclude(s, &f);
	become_idle(s);
}

/* What can be given up goes: what was refused, and the spare state. */
static void
fail_large(struct sync *s)
{
	struct fault f;

	fault_set(&f, FAULT_LIMIT, "registry", "%s takes more than %u GiB",
	    s->clone.dir, (unsigned)(CLONE_BYTES >> 30));
	s->changed = false;
	conclude(s, &f);
	clone_unlock(&s->clone);
	s->clone.dirty = true;
	take_step(s, STEP_FORGET);
}

/*
 * The spare state is what was pulled: in force, or refused. If the pull brought
 * nothing new, it is the clone's own, as something else was loaded last.
 */
static void
take(struct sync *s)
{
	bool new = strcmp(s->found, s->clone.commit) != 0;
	char tree[CLONE_PATH_MAX], index[CLONE_PATH_MAX], detail[256];
	char before[COMMIT_MAX];
	struct intake in;
	struct fault f;
	int rc;

	clone_paths(&s->clone, new, tree, index);
	strlcpy(before, s->e->registry_commit, sizeof(before));
	rc = intake_read(&in, s->e, tree, s->forced, &f);
	if (rc == 0 && new) {
		rc = clone_swap(&s->clone, s->found);
		if (rc != 0) {
			fault_set(&f, FAULT_SYSTEM, NULL, "%s: %s",
			    s->clone.dir, strerror(-rc));
			intake_free(&in);
		}
	}
	if (rc != 0) {
		snprintf(detail, sizeof(detail), "commit %.12s", s->found);
		fail(s, detail, f.text);
		return;
	}
	s->changed = true;
	intake_use(&in, s->e);
	log_info("registry: commit %.12s is in force, %lld ms after its fetch",
	    s->found, (long long)(clock_mono_us() - s->fetched) / 1000);
	if (s->forced) {
		snprintf(detail, sizeof(detail),
		    "commit=%.12s before=%.12s%s%s", s->found,
		    before[0] != '\0' ? before : "none",
		    in.loss[0] != '\0' ? " although " : "", in.loss);
		log_event(s, &s->force, "registry_force", detail);
	}
	conclude(s, &good);
	take_step(s, STEP_KEEP);
}

/* What the fetch brought, by its name; "" if that is none. */
static void
take_name(struct sync *s, const char *text)
{
	s->found[0] = '\0';
	if (commit_is_valid(text))
		strlcpy(s->found, text, sizeof(s->found));
	if (s->found[0] == '\0') {
		fail(s, "git does not name what it fetched", text);
	} else if (strcmp(s->found, s->clone.commit) == 0 &&
		   strcmp(s->found, s->e->registry_commit) != 0) {
		take(s);
	} else if (strcmp(s->found, s->clone.commit) == 0) {
		s->changed = false;
		conclude(s, &good);
		become_idle(s);
	} else if (s->forced) {
		take_step(s, STEP_CLEAN);
	} else if (s->clone.commit[0] != '\0') {
		take_step(s, STEP_ANCESTOR);
	} else {
		take_step(s, STEP_MARKERS);
	}
}

static void
failed(struct sync *s, const struct git_result *r)
{
	char what[64];

	snprintf(what, sizeof(what), "commit %.12s", s->found);
	if (s->step == STEP_CHECKOUT)
		s->clone.dirty = true;
	if (r->large)
		fail_large(s);
	else if (r->late)
		fail(s, "it took too long", "git was ended");
	else if (r->status == 126)
		fail(s, "git is not installed", "");
	else if (s->step == STEP_ANCESTOR && r->status == 1)
		fail(s, what,
		    "it does not follow from the one in force (rolled back or "
		    "rewritten); `meetme registry pull --force` takes it");
	else if (s->step == STEP_MARKERS && r->status == 2)
		fail(s, what, r->text);
	else
		fail(s, "git", r->text[0] != '\0' ? r->text : "was ended");
}

static void
on_step(void *arg, const struct git_result *r)
{
	struct sync *s = arg;

	s->git = NULL;
	if (r->status != 0 && s->step < STEP_KEEP) {
		failed(s, r);
		return;
	}
	switch (s->step) {
	case STEP_REPAIR:
		s->repaired = true;
		engine_load_registry(s->e);
		take_step(s, STEP_FETCH);
		break;
	case STEP_FETCH:
		s->fetched = clock_mono_us();
		take_step(s, STEP_NAME);
		break;
	case STEP_NAME:
		take_name(s, r->text);
		break;
	case STEP_CHECKOUT:
		s->clone.dirty = false;
		take(s);
		break;
	case STEP_TIDY:
	case STEP_SHRINK:
		if (r->status != 0)
			log_warn("registry: git gc: %s", r->text);
		become_idle(s);
		break;
	default:
		take_step(s, s->step + 1);
		break;
	}
}

static void
run_git(struct sync *s)
{
	char tree[CLONE_PATH_MAX], index[CLONE_PATH_MAX];
	const struct step_values values = { .current = s->clone.commit,
		.found = s->found,
		.url = s->url,
		.branch = wanted(s)->branch };
	bool first = s->clone.commit[0] == '\0' || s->step >= STEP_KEEP;
	struct step_command step;
	const struct git_command cmd = { .repository = s->clone.git,
		.tree = step_tree(s->step) != STEP_NO_TREE ? tree : NULL,
		.index = index,
		.config = s->clone.config,
		.conf_dir = s->e->paths->conf_dir,
		.args = step.args,
		.seconds = first ? SECONDS_FIRST : SECONDS,
		.folder = s->clone.dir,
		.bytes = s->step < STEP_KEEP ? CLONE_BYTES : 0 };
	int rc;

	step_command(&step, s->step, &values);
	clone_paths(
	    &s->clone, step_tree(s->step) == STEP_SPARE_TREE, tree, index);
	rc = git_start(&s->git, s->e->base, &cmd, on_step, s);
	if (rc == 0)
		return;
	/* After the swap there is nothing that could still fail. */
	if (s->step >= STEP_KEEP)
		become_idle(s);
	else
		fail(s, "git cannot be started", strerror(-rc));
}

static void
take_step(struct sync *s, enum step step)
{
	if (step == STEP_CLEAN && !s->clone.dirty)
		step = STEP_CHECKOUT;
	if (step == STEP_REPAIR && (s->repaired || s->clone.commit[0] == '\0'))
		step = STEP_FETCH;
	s->step = step;
	run_git(s);
}

static int
open_clone(struct sync *s)
{
	int rc;

	if (s->open)
		return 0;
	rc = clone_open(&s->clone, s->e->paths->sync_dir);
	if (rc == 0)
		rc = git_configure(s->clone.config);
	s->open = rc == 0;
	return rc;
}

static void
begin(struct sync *s)
{
	int rc;

	if (s->step != STEP_IDLE) {
		s->again = true;
		return;
	}
	s->again = false;
	s->token = s->next_token;
	s->next_token = 0;
	s->forced = s->next_forced;
	s->force = s->next_force;
	s->next_forced = false;
	strlcpy(s->url, wanted(s)->url, sizeof(s->url));
	event_del(s->timer);
	rc = open_clone(s);
	if (rc != 0) {
		fail(s, s->e->paths->sync_dir, strerror(-rc));
		return;
	}
	clone_unlock(&s->clone);
	if (file_tree_bytes(s->clone.dir, CLONE_BYTES) > CLONE_BYTES) {
		fail_large(s);
		return;
	}
	take_step(s, clone_has_git(&s->clone) ? STEP_REPAIR : STEP_INIT);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	begin(arg);
}

int
sync_new(struct sync **out, struct engine *e)
{
	struct sync *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return FAULT_SYSTEM;
	s->e = e;
	s->timer = event_new(e->base, -1, 0, on_timer, s);
	if (s->timer == NULL) {
		free(s);
		return FAULT_SYSTEM;
	}
	if (wanted(s)->url[0] != '\0')
		open_clone(s); /* else the first pull says why not */
	*out = s;
	return 0;
}

void
sync_free(struct sync *s)
{
	if (s == NULL)
		return;
	git_kill(s->git);
	event_free(s->timer);
	free(s);
}

void
sync_configure(struct sync *s)
{
	struct fault f;

	if (wanted(s)->url[0] != '\0') {
		begin(s);
		if (s->step <= STEP_FETCH && s->step != STEP_IDLE &&
		    strcmp(s->url, wanted(s)->url) != 0) {
			git_kill(s->git);
			s->git = NULL;
			fail(s, "registry.url is another now", "");
		}
		return;
	}
	if (s->step == STEP_CHECKOUT)
		s->clone.dirty = true;
	git_kill(s->git);
	s->git = NULL;
	s->step = STEP_IDLE;
	s->again = s->forced = s->next_forced = false;
	event_del(s->timer);
	fault_set(&f, FAULT_INVALID, "registry", "%s", no_url);
	for (int i = 0; i < 2; i++) {
		struct sync_status status = { .error = f };
		uint32_t token = i == 0 ? s->token : s->next_token;

		if (token != 0)
			conn_answered(s->e, token, &status);
	}
	s->token = s->next_token = 0;
	s->error = good;
}

uint32_t
sync_pull(struct sync *s, const struct store_event *force)
{
	if (s->next_token == 0)
		s->next_token = conn_token(s->e);
	if (force != NULL) {
		s->next_forced = true;
		s->next_force = *force;
	}
	/* Not from here: the one who asks must be waiting first. */
	if (s->step != STEP_IDLE) {
		s->again = true;
	} else {
		event_del(s->timer);
		event_active(s->timer, EV_TIMEOUT, 0);
	}
	return s->next_token;
}
