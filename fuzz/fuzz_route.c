#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "registry/route.h"

#define NAME_MAX_LEN 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The first line is the file's name, the rest what the file holds. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	char name[NAME_MAX_LEN];
	struct route r;
	size_t len;

	if (end == NULL || (len = (size_t)(end - text)) >= sizeof(name))
		return 0;
	memcpy(name, text, len);
	name[len] = '\0';
	for (unsigned family = 4; family <= 6; family += 2) {
		if (route_parse(
			&r, family, name, end + 1, size - len - 1, NULL) != 0)
			continue;
		if (r.prefix.ip.family != family || r.n == 0 ||
		    r.n > ROUTE_ORIGINS_MAX || prefix_has_host_bits(&r.prefix))
			abort();
	}
	return 0;
}
