#include "shell/mask.h"

#include <bsd/string.h>
#include <string.h>

#include "base/text.h"

#define KEY_KEEP 3

char *
mask_key(char dst[MASK_MAX], const char *key)
{
	return text_mask(dst, MASK_MAX, key, KEY_KEEP);
}

/* Where the host begins and how long it is. */
static const char *
find_host(const char *text, size_t *len)
{
	const char *colon = strchr(text, ':');

	if (*text == '[') {
		*len = strcspn(text + 1, "]");
		return text + 1;
	}
	*len = strlen(text);
	if (colon != NULL && strchr(colon + 1, ':') == NULL)
		*len = (size_t)(colon - text);
	return text;
}

char *
mask_endpoint(char dst[MASK_MAX], const char *text)
{
	size_t len, at, keep;
	const char *host = find_host(text, &len);

	strlcpy(dst, text, MASK_MAX);
	at = (size_t)(host - text);
	keep = strcspn(host, ".:") + 1;
	for (size_t i = keep; i < len && at + i < MASK_MAX - 1; i++)
		dst[at + i] = '*';
	return dst;
}
