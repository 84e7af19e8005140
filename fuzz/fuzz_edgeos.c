#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/edgeos.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What one state and the next make; the caller's. NULL: one is none. */
static char *
changes(const char *from, const char *to)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	int rc;

	if (f == NULL)
		abort();
	rc = render_edgeos_changes(f, from, to, NULL);
	fclose(f);
	if (rc == 0)
		return text;
	free(text);
	return NULL;
}

/* Two states with a '\f' between them. A state leads to itself by nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *from = strndup((const char *)data, len), *to, *text;

	if (from == NULL)
		abort();
	to = strchr(from, '\f');
	if (to != NULL)
		*to++ = '\0';
	else
		to = from;
	text = changes(from, to);
	if (text != NULL && to == from && *text != '\0')
		abort();
	if (text != NULL && *text != '\0' &&
	    strcmp(text + strlen(text) - 12, "commit\nsave\n") != 0)
		abort();
	free(text);
	free(from);
	return 0;
}
