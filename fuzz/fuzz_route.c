#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "registry/route.h"

#define NAME_MAX_LEN 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Whatever is wrong is said in plain text; what is good has the name's prefix.
 */
static void
check(unsigned family, const char *name, const char *text, size_t len)
{
	char want[NAME_MAX_LEN];
	struct fault f;
	struct prefix p;
	struct route r;
	char *mark;

	if (route_parse(&r, family, name, text, len, &f) != 0) {
		if (f.code != FAULT_INVALID ||
		    !text_is_plain(f.text, strlen(f.text)))
			abort();
		return;
	}
	if (r.prefix.ip.family != family || r.n == 0 ||
	    r.n > ROUTE_ORIGINS_MAX || prefix_has_host_bits(&r.prefix) ||
	    (!r.has_max && r.max != 0))
		abort();
	memcpy(want, name, strlen(name) + 1);
	mark = strchr(want, '_');
	if (mark == NULL)
		abort();
	*mark = '/';
	if (prefix_parse(&p, want, strlen(want)) != 0 ||
	    prefix_cmp(&p, &r.prefix) != 0)
		abort();
}

/* The first line is the file's name, the rest what the file holds. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	char name[NAME_MAX_LEN];
	size_t len;

	if (end == NULL || (len = (size_t)(end - text)) >= sizeof(name))
		return 0;
	memcpy(name, text, len);
	name[len] = '\0';
	for (unsigned family = 4; family <= 6; family += 2)
		check(family, name, end + 1, size - len - 1);
	return 0;
}
