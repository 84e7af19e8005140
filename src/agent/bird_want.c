#include "agent/bird_want.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_reply.h"
#include "base/clock.h"
#include "base/log.h"
#include "render/bird.h"

#define BASE_PROTOCOL "meetme_device" /* stands in every base */
#define REST_US	      25000000 /* for what is refused: less than the period */

static int
render(struct bird_text *out, const struct plan *plan,
    const struct plan_session *s)
{
	struct bird_text t = { 0 };
	FILE *f = open_memstream(&t.data, &t.len);
	int rc;

	if (f == NULL)
		return -ENOMEM;
	rc = s == NULL ? render_bird_base(f, plan) : render_bird2_session(f, s);
	if (fclose(f) != 0 && rc == 0)
		rc = -ENOMEM;
	if (rc != 0)
		bird_text_free(&t);
	else
		*out = t;
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	const struct bird_file *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

struct bird_file *
bird_want_find(const struct bird_want *w, uint64_t id)
{
	const struct bird_file key = { .id = id };

	if (w->n == 0)
		return NULL;
	return bsearch(&key, w->files, w->n, sizeof(key), by_id);
}

void
bird_want_inherit(struct bird_want *w, struct bird_want *old)
{
	for (size_t i = 0; i < w->n; i++) {
		struct bird_file *f = &w->files[i];
		struct bird_file *was = bird_want_find(old, f->id);

		if (was == NULL)
			continue;
		f->refused = was->refused;
		was->refused = (struct bird_text){ 0 };
		f->retry = was->retry;
		f->progress = was->progress;
		memcpy(f->reason, was->reason, sizeof(f->reason));
	}
}

static int
add_policy(struct bird_want *w, const struct bird_policy *policy)
{
	for (size_t i = 0; i < BIRD_REGISTRY_N; i++) {
		const struct bird_text *from = &policy->files[i];
		struct bird_file *f = &w->files[w->n];

		if (from->data == NULL)
			continue;
		f->id = BIRD_REGISTRY + i;
		f->text.data = malloc(from->len + 1);
		if (f->text.data == NULL)
			return -ENOMEM;
		memcpy(f->text.data, from->data, from->len);
		f->text.len = from->len;
		w->n++;
	}
	return 0;
}

int
bird_want_make(struct bird_want *out, const struct plan *plan,
    const struct bird_policy *policy)
{
	struct bird_want w = { 0 };
	int rc = -ENOMEM;

	w.files =
	    calloc(plan->n_sessions + 1 + BIRD_REGISTRY_N, sizeof(*w.files));
	if (w.files == NULL)
		goto out;
	w.bird = plan->bird;
	w.n = plan->n_sessions + 1;
	strlcpy(
	    w.files[0].protocol, BASE_PROTOCOL, sizeof(w.files[0].protocol));
	rc = render(&w.files[0].text, plan, NULL);
	for (size_t i = 0; rc == 0 && i < plan->n_sessions; i++) {
		const struct plan_session *s = &plan->sessions[i];
		struct bird_file *f = &w.files[i + 1];

		f->id = s->asn;
		strlcpy(f->protocol, s->name, sizeof(f->protocol));
		rc = render(&f->text, plan, s);
	}
	if (rc == 0)
		rc = add_policy(&w, policy);
	if (rc != 0)
		goto out;
	qsort(w.files, w.n, sizeof(*w.files), by_id);
	*out = w;
	w = (struct bird_want){ 0 };
out:
	bird_want_free(&w);
	return rc;
}

void
bird_want_free(struct bird_want *w)
{
	for (size_t i = 0; i < w->n; i++) {
		bird_text_free(&w->files[i].text);
		bird_text_free(&w->files[i].refused);
	}
	free(w->files);
	*w = (struct bird_want){ 0 };
}

size_t
bird_want_judge(
    struct bird_want *w, const char *reply, size_t len, const char *why)
{
	size_t missing = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct bird_file *f = &w->files[i];

		if (bird_file_rests(f))
			continue;
		f->progress = WIRE_APPLIED;
		f->reason[0] = '\0';
		if (f->protocol[0] == '\0' ||
		    bird_reply_names(reply, len, f->protocol))
			continue;
		missing++;
		f->progress = WIRE_REFUSED;
		strlcpy(f->reason, why, sizeof(f->reason));
	}
	return missing;
}

void
bird_want_refuse(struct bird_want *w, uint64_t id, const char *words)
{
	struct bird_file *f = bird_want_find(w, id);
	char name[BIRD_NAME_MAX];

	if (f == NULL)
		return;
	if (f->refused.data == NULL)
		log_warn(
		    "BIRD refuses %s: %s", bird_file_name(name, id), words);
	bird_text_free(&f->refused);
	f->refused.data = malloc(f->text.len + 1);
	if (f->refused.data != NULL) {
		memcpy(f->refused.data, f->text.data, f->text.len);
		f->refused.len = f->text.len;
	}
	f->retry = clock_mono_us() + REST_US;
	f->progress = WIRE_REFUSED;
	snprintf(f->reason, sizeof(f->reason), "BIRD refuses it: %s", words);
}

void
bird_want_accept(struct bird_want *w, uint64_t id)
{
	struct bird_file *f = bird_want_find(w, id);

	if (f == NULL)
		return;
	bird_text_free(&f->refused);
	f->reason[0] = '\0';
}

bool
bird_file_rests(const struct bird_file *f)
{
	return f->refused.data != NULL && f->text.data != NULL &&
	       bird_text_equal(&f->refused, &f->text) &&
	       clock_mono_us() < f->retry;
}

/* Of the base and of what the registry says: the one that BIRD refuses. */
static const struct bird_file *
worst_of_all(const struct bird_want *w)
{
	const struct bird_file *base = bird_want_find(w, BIRD_BASE);

	if (base == NULL || bird_file_rests(base))
		return base;
	for (uint64_t i = 0; i < BIRD_REGISTRY_N; i++) {
		const struct bird_file *f =
		    bird_want_find(w, BIRD_REGISTRY + i);

		if (f != NULL && bird_file_rests(f))
			return f;
	}
	return base;
}

enum wire_progress
bird_want_verdict(const struct bird_want *w, uint64_t id, const char *away,
    char *buf, size_t size)
{
	const struct bird_file *base = bird_want_find(w, BIRD_BASE);
	const struct bird_file *f =
	    id == BIRD_BASE ? worst_of_all(w) : bird_want_find(w, id);

	buf[0] = '\0';
	if (f == NULL && base != NULL)
		return WIRE_APPLIED; /* the plan has no session for it */
	if (f != NULL && bird_file_rests(f)) {
		/* Without its base no session can be right. */
		if (bird_file_rests(base))
			f = base;
		strlcpy(buf, f->reason, size);
		return WIRE_REFUSED;
	}
	if (away[0] != '\0') {
		strlcpy(buf, away, size);
		return WIRE_WAITING;
	}
	if (f == NULL || f->reason[0] == '\0')
		return WIRE_APPLIED;
	strlcpy(buf, f->reason, size);
	return f->progress;
}
