#include "registry/report.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WHERE_MAX 320 /* a class, and a file name of 255 bytes */

static void
tell(const struct report *r, char *where, const char *why)
{
	r->tell(
	    r->arg, text_clean(where, WHERE_MAX, where, strlen(where)), why);
}

void
report_object(const struct report *r, const char *folder, const char *name,
    const char *why)
{
	char where[WHERE_MAX];

	if (r == NULL || r->tell == NULL)
		return;
	snprintf(where, sizeof(where), "%s/%s", folder, name);
	tell(r, where, why);
}

void
report_line(
    const struct report *r, const char *file, size_t line, const char *why)
{
	char where[WHERE_MAX];

	if (r == NULL || r->tell == NULL)
		return;
	snprintf(where, sizeof(where), "%s:%zu", file, line);
	tell(r, where, why);
}
