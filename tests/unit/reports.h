#ifndef TESTS_UNIT_REPORTS_H
#define TESTS_UNIT_REPORTS_H

/* What a reader of the registry reports, kept to be looked at. */

#include <stdio.h>
#include <string.h>

#include "registry/report.h"

#define REPORTS_MAX 64

struct reports {
	struct report report; /* to be handed to the reader */
	char text[REPORTS_MAX][400]; /* "WHERE: WHY" */
	size_t n;
};

static inline void
reports_tell(void *arg, const char *where, const char *why)
{
	struct reports *r = arg;
	int n;

	assert_true(r->n < REPORTS_MAX);
	n = snprintf(r->text[r->n], sizeof(r->text[0]), "%s: %s", where, why);
	assert_true(n > 0 && (size_t)n < sizeof(r->text[0]));
	r->n++;
}

static inline void
reports_init(struct reports *r)
{
	memset(r, 0, sizeof(*r));
	r->report.tell = reports_tell;
	r->report.arg = r;
}

/* How many of them are about `where`, and say `why` somewhere. */
static inline size_t
reports_of(const struct reports *r, const char *where, const char *why)
{
	size_t len = strlen(where), n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += strncmp(r->text[i], where, len) == 0 &&
		     strncmp(r->text[i] + len, ": ", 2) == 0 &&
		     strstr(r->text[i] + len, why) != NULL;
	return n;
}

#endif
