#include "agent/bird_change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_stage.h"

static int
add(struct bird_changes *c, uint64_t id, struct bird_text *old,
    const struct bird_text *new)
{
	struct bird_change *more;

	more = reallocarray(c->list, c->n + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	c->list = more;
	c->list[c->n++] =
	    (struct bird_change){ .id = id, .old = *old, .new = new };
	*old = (struct bird_text){ 0 };
	return 0;
}

static int
find_replaced(struct bird_changes *c, const struct bird_want *want)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < want->n; i++) {
		const struct bird_file *f = &want->files[i];
		struct bird_text old = { 0 };

		if (bird_file_rests(f))
			continue;
		rc = bird_file_read(&old, c->dir, f->id);
		if (rc == 0 && !bird_text_equal(&old, &f->text))
			rc = add(c, f->id, &old, &f->text);
		bird_text_free(&old);
	}
	return rc;
}

static int
find_removed(struct bird_changes *c, const struct bird_want *want)
{
	struct bird_text none = { 0 };
	uint32_t *asns;
	size_t n;
	int rc;

	rc = bird_files_list(c->dir, &asns, &n);
	if (rc != 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (bird_want_find(want, asns[i]) == NULL)
			rc = add(c, asns[i], &none, NULL);
	free(asns);
	return rc;
}

int
bird_changes_find(struct bird_changes *c, const struct bird_want *want)
{
	int rc = find_replaced(c, want);

	if (rc == 0)
		rc = find_removed(c, want);
	if (rc != 0)
		bird_changes_free(c);
	return rc;
}

void
bird_changes_free(struct bird_changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		bird_text_free(&c->list[i].old);
	free(c->list);
	c->list = NULL;
	c->n = 0;
}

int
bird_change_place(struct bird_changes *c, struct bird_change *x, bool new)
{
	static const struct bird_text none;
	const struct bird_text *text = new ? x->new : &x->old;
	int rc;

	rc = bird_file_put(c->dir, x->id, text != NULL ? text : &none);
	c->written++;
	if (rc == 0)
		x->is_placed = new;
	return rc;
}

int
bird_changes_place(struct bird_changes *c)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->n; i++)
		rc = bird_change_place(c, &c->list[i], true);
	return rc;
}

size_t
bird_changes_back(struct bird_changes *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct bird_change *x = &c->list[i];

		if (x->new == NULL || !x->is_placed)
			continue;
		bird_change_place(c, x, false);
		n++;
	}
	return n;
}

size_t
bird_changes_placed(const struct bird_changes *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->list[i].is_placed;
	return n;
}

bool
bird_changes_roas(const struct bird_changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].id == BIRD_REGISTRY + POLICY_ROA4 ||
		    c->list[i].id == BIRD_REGISTRY + POLICY_ROA6)
			return true;
	return false;
}

/* The base that the changes will stand on. */
static int
stage_base(const struct bird_changes *c, const struct bird_want *want)
{
	const struct bird_file *base = bird_want_find(want, BIRD_BASE);
	struct bird_text old = { 0 };
	int rc;

	if (!bird_file_rests(base))
		return bird_stage_put(c->dir, BIRD_BASE, &base->text);
	rc = bird_file_read(&old, c->dir, BIRD_BASE);
	if (rc == 0 && old.data != NULL)
		rc = bird_stage_put(c->dir, BIRD_BASE, &old);
	bird_text_free(&old);
	return rc;
}

/* One change, or (only NULL) all. As bird_stage_check. */
static int
check(const struct bird_changes *c, const struct bird_want *want,
    const struct bird_change *only, char *words, size_t size)
{
	size_t files = 0;
	int rc = bird_stage_make(c->dir);

	if (rc == 0)
		rc = stage_base(c, want);
	for (size_t i = 0; rc == 0 && i < c->n; i++) {
		const struct bird_change *x = &c->list[i];

		if (x->new == NULL || (only != NULL && only != x))
			continue;
		files++;
		if (x->id != BIRD_BASE)
			rc = bird_stage_put(c->dir, x->id, x->new);
	}
	if (rc == 0) /* nothing can be wrong with what is only removed */
		return files > 0 ? bird_stage_check(c->dir, words, size) : 0;
	snprintf(words, size, "%s: %s", c->dir, strerror(-rc));
	return rc;
}

static void
drop(struct bird_changes *c, size_t i)
{
	bird_text_free(&c->list[i].old);
	c->n--;
	memmove(&c->list[i], &c->list[i + 1], (c->n - i) * sizeof(*c->list));
}

int
bird_changes_check(
    struct bird_changes *c, struct bird_want *want, char *words, size_t size)
{
	int rc = check(c, want, NULL, words, size);

	if (rc != -EINVAL)
		return rc;
	for (size_t i = 0; i < c->n;) {
		struct bird_change *x = &c->list[i];

		rc = x->new == NULL ? 0 : check(c, want, x, words, size);
		if (rc == 0) {
			i++;
			continue;
		}
		if (rc != -EINVAL)
			return rc;
		bird_want_refuse(want, x->id, words);
		drop(c, i);
	}
	return 0;
}
