#include "agent/bird.h"

#include <bsd/string.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_change.h"
#include "agent/bird_refilter.h"
#include "agent/bird_stage.h"
#include "agent/bird_version.h"
#include "base/clock.h"
#include "base/log.h"

#define VERIFY_US 2000000 /* BIRD may take its time to start a session */
#define LOOK_US	  50000

enum step {
	STEP_IDLE,
	STEP_CONFIGURE, /* with all changes in place */
	STEP_CHECK_OLD, /* is it our change that BIRD refuses? */
	STEP_TRY, /* which of our changes? */
	STEP_CONFIGURE_REST, /* with those that passed */
	STEP_VERIFY, /* does BIRD have what is in the files? */
};

struct bird {
	struct bird_args args;
	struct birdctl *ctl;
	struct event *look; /* verify again */
	enum step step;
	struct bird_policy policy; /* the newest */
	struct bird_want want, next; /* next: a plan came meanwhile */
	bool has_next;
	struct bird_changes changes;
	size_t trying; /* the change that is being tried */
	bool unconfigured; /* BIRD has not accepted what the files say */
	bool has_roas; /* the files do, that BIRD has not */
	bool configured, refused; /* in this round */
	int64_t verify_until;
	char away[256]; /* why nothing can be said; "" */
	char words[256]; /* BIRD's, of the last refusal */
	unsigned n_configured; /* since the start */
};

static void begin(struct bird *b);
static void try_next(struct bird *b);
static void verify(struct bird *b);

static void
adopt(struct bird *b, struct bird_want *want)
{
	bird_want_inherit(want, &b->want);
	bird_want_free(&b->want);
	b->want = *want;
	*want = (struct bird_want){ 0 };
	begin(b);
}

static void
settle(struct bird *b)
{
	bird_changes_free(&b->changes);
	b->step = STEP_IDLE;
	if (b->has_next) {
		b->has_next = false;
		adopt(b, &b->next);
	} else {
		b->args.settled(b->args.arg);
	}
}

/* Nothing can be done now, for any session. */
static void
settle_away(struct bird *b, const char *why)
{
	if (strcmp(b->away, why) != 0)
		log_warn("%s", why);
	strlcpy(b->away, why, sizeof(b->away));
	settle(b);
}

static void
settle_silent(struct bird *b)
{
	char why[sizeof(b->away) + PATHS_MAX];

	snprintf(why, sizeof(why),
	    "BIRD does not answer on %s: it is set up when BIRD is back",
	    b->args.paths->bird_control);
	settle_away(b, why);
}

static void
settle_errno(struct bird *b, int rc)
{
	char why[sizeof(b->away) + PATHS_MAX];

	snprintf(why, sizeof(why), "%s: %s", b->changes.dir, strerror(-rc));
	settle_away(b, why);
}

static void
ask(struct bird *b, enum step step, const char *command, birdctl_done *done)
{
	b->step = step;
	if (birdctl_ask(b->ctl, command, done, b) != 0)
		settle_errno(b, -ENOMEM);
}

static void
accept_changes(struct bird *b)
{
	for (size_t i = 0; i < b->changes.n; i++)
		if (b->changes.list[i].is_placed)
			bird_want_accept(&b->want, b->changes.list[i].id);
	bird_changes_free(&b->changes);
	b->unconfigured = false;
	bird_stage_remove(b->changes.dir);
}

/* True if BIRD says no; its words are kept. */
static bool
is_refusal(struct bird *b, const struct bird_answer *a)
{
	if (a->code < BIRD_RUNTIME_ERRORS)
		return false;
	bird_reply_words(b->words, sizeof(b->words), a->text, a->len);
	return true;
}

static void on_configured(void *arg, const struct bird_answer *a);

static void
configure(struct bird *b, enum step step)
{
	b->n_configured++;
	b->configured = true;
	ask(b, step, "configure", on_configured);
}

static void
on_shown(void *arg, const struct bird_answer *a)
{
	struct bird *b = arg;
	char why[256] = "BIRD does not read it: include "
			"\"meetme/meetme.conf\"; is missing in bird.conf";
	size_t missing;

	if (a->code < 0) {
		settle_silent(b);
		return;
	}
	if (b->refused)
		snprintf(why, sizeof(why),
		    "BIRD refuses its configuration: %.200s", b->words);
	b->away[0] = '\0';
	missing = bird_want_judge(&b->want, a->text, a->len, why);
	if (missing > 0 && !b->configured) {
		configure(b, STEP_CONFIGURE);
	} else if (missing > 0 && clock_mono_us() < b->verify_until) {
		const struct timeval tv = { .tv_usec = LOOK_US };

		event_add(b->look, &tv);
	} else {
		settle(b);
	}
}

static void
verify(struct bird *b)
{
	ask(b, STEP_VERIFY, "show protocols", on_shown);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	verify(arg);
}

/*
 * BIRD refuses what it has from the operator, or (an empty list) what was in
 * place before. Removals stay: "configure" is tried again.
 */
static void
blame_operator(struct bird *b)
{
	bool rolled_back = b->changes.n > 0;

	for (size_t i = 0; i < b->changes.n; i++) {
		const struct bird_change *c = &b->changes.list[i];

		rolled_back = rolled_back && c->new != NULL;
		bird_want_refuse(&b->want, c->id, b->words);
	}
	log_warn("BIRD refuses its configuration: %s", b->words);
	b->refused = true;
	b->unconfigured = !rolled_back;
	if (rolled_back)
		bird_stage_remove(b->changes.dir);
	verify(b);
}

static void
on_tried(void *arg, const struct bird_answer *a)
{
	struct bird *b = arg;
	struct bird_change *c = &b->changes.list[b->trying];

	if (a->code < 0) {
		settle_silent(b);
		return;
	}
	if (is_refusal(b, a)) {
		bird_want_refuse(&b->want, c->id, b->words);
		bird_change_place(&b->changes, c, false);
	}
	b->trying++;
	try_next(b);
}

/* Each change by itself, on top of those that passed. */
static void
try_next(struct bird *b)
{
	for (; b->trying < b->changes.n; b->trying++) {
		struct bird_change *c = &b->changes.list[b->trying];

		if (c->new != NULL &&
		    bird_change_place(&b->changes, c, true) == 0) {
			ask(b, STEP_TRY, "configure check", on_tried);
			return;
		}
	}
	if (bird_changes_placed(&b->changes) > 0) {
		configure(b, STEP_CONFIGURE_REST);
		return;
	}
	accept_changes(b);
	verify(b);
}

static void
on_old_checked(void *arg, const struct bird_answer *a)
{
	struct bird *b = arg;

	if (a->code < 0) {
		settle_silent(b);
	} else if (is_refusal(b, a)) {
		blame_operator(b);
	} else {
		b->trying = 0;
		try_next(b);
	}
}

/* The last good files go back; a removal cannot be at fault. */
static void
roll_back(struct bird *b)
{
	if (bird_changes_back(&b->changes) == 0 ||
	    b->step == STEP_CONFIGURE_REST)
		blame_operator(b);
	else
		ask(b, STEP_CHECK_OLD, "configure check", on_old_checked);
}

static void
on_configured(void *arg, const struct bird_answer *a)
{
	struct bird *b = arg;

	if (a->code < 0) {
		settle_silent(b);
	} else if (is_refusal(b, a)) {
		roll_back(b);
	} else {
		accept_changes(b);
		if (b->has_roas)
			bird_refilter(b->ctl);
		b->has_roas = false;
		if (a->code != BIRD_RECONFIGURED)
			b->verify_until = clock_mono_us() + VERIFY_US;
		verify(b);
	}
}

static void
place_all(struct bird *b)
{
	int rc;

	b->unconfigured = true;
	b->has_roas = b->has_roas || bird_changes_roas(&b->changes);
	rc = bird_changes_place(&b->changes);
	if (rc != 0)
		settle_errno(b, rc);
	else
		configure(b, STEP_CONFIGURE);
}

static void
begin(struct bird *b)
{
	char why[sizeof(b->away)];
	int rc;

	b->refused = false;
	b->configured = false;
	b->verify_until = 0;
	if (!bird_version_is(
		b->want.bird, birdctl_version(b->ctl), why, sizeof(why))) {
		settle_away(b, why);
		return;
	}
	rc = bird_changes_find(&b->changes, &b->want);
	if (rc != 0) {
		settle_errno(b, rc);
		return;
	}
	if (b->changes.n > 0) {
		rc = bird_changes_check(
		    &b->changes, &b->want, b->words, sizeof(b->words));
		if (b->changes.n == 0 && !b->unconfigured)
			bird_stage_remove(b->changes.dir);
	}
	if (rc != 0) {
		settle_away(b, b->words);
		return;
	}
	if (b->changes.n > 0)
		place_all(b);
	else if (b->unconfigured)
		configure(b, STEP_CONFIGURE);
	else
		verify(b);
}

void
bird_converge(struct bird *b, const struct plan *plan)
{
	struct bird_want w;
	int rc;

	rc = bird_policy_render(&b->policy, plan->bird);
	if (rc == 0)
		rc = bird_want_make(&w, plan, &b->policy);
	if (rc != 0) {
		log_error("rendering for BIRD: %s", strerror(-rc));
		if (b->step == STEP_IDLE)
			settle_errno(b, rc);
		return;
	}
	if (b->step != STEP_IDLE) {
		bird_want_free(&b->next);
		b->next = w;
		b->has_next = true;
		return;
	}
	adopt(b, &w);
}

void
bird_take_policy(struct bird *b, struct policy *policy)
{
	bird_policy_take(&b->policy, policy);
}

/* The next may be of another version, and take what this one refused. */
static void
on_back(void *arg)
{
	struct bird *b = arg;

	for (size_t i = 0; i < b->want.n; i++)
		bird_text_free(&b->want.files[i].refused);
	b->args.wake(b->args.arg);
}

int
bird_open(struct bird **out, const struct bird_args *args)
{
	struct bird *b = calloc(1, sizeof(*b));
	const struct birdctl_args ctl = { .base = args->base,
		.path = args->paths->bird_control,
		.back = on_back,
		.lost = on_back,
		.arg = b };
	int rc = -ENOMEM;

	if (b == NULL)
		return rc;
	b->args = *args;
	b->changes.dir = args->paths->bird_dir;
	b->unconfigured = bird_stage_exists(args->paths->bird_dir);
	b->has_roas = b->unconfigured;
	b->look = evtimer_new(args->base, on_look, b);
	if (b->look != NULL)
		rc = birdctl_open(&b->ctl, &ctl);
	if (rc != 0) {
		bird_close(b);
		return rc;
	}
	*out = b;
	return 0;
}

void
bird_close(struct bird *b)
{
	if (b == NULL)
		return;
	birdctl_close(b->ctl);
	if (b->look != NULL)
		event_free(b->look);
	bird_changes_free(&b->changes);
	bird_want_free(&b->want);
	bird_want_free(&b->next);
	bird_policy_free(&b->policy);
	free(b);
}

enum wire_progress
bird_verdict(const struct bird *b, uint64_t id, char *buf, size_t size)
{
	return bird_want_verdict(&b->want, id, b->away, buf, size);
}

unsigned
bird_changes(const struct bird *b)
{
	return b->changes.written + b->n_configured;
}

struct birdctl *
bird_ctl(struct bird *b)
{
	return b->ctl;
}
