#include "base/text.h"

#include <ctype.h>
#include <string.h>

bool
text_is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

char *
text_clean(char *dst, size_t size, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len && i + 1 < size; i++)
		dst[i] = text_is_plain(&text[i], 1) ? text[i] : '?';
	dst[i] = '\0';
	return dst;
}

bool
text_is_hostname(const char *text, size_t len)
{
	size_t label = 0, dots = 0;
	char first = '\0';

	if (len == 0 || len >= HOST_TEXT_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '.') {
			if (label == 0 || text[i - 1] == '-')
				return false;
			label = 0;
			dots++;
			continue;
		}
		if (!isascii(c) || !(isalnum(c) || (c == '-' && label > 0)))
			return false;
		if (label == 0)
			first = c;
		if (++label > 63)
			return false;
	}
	/* "10.0.0.300", "0x7f.0x1": resolvers would take them as addresses. */
	return label > 0 && text[len - 1] != '-' && dots > 0 && isalpha(first);
}

char *
text_mask(char *dst, size_t size, const char *text, size_t keep)
{
	size_t len = strlen(text), i;

	for (i = 0; i < len && i + 1 < size; i++)
		dst[i] = i < keep || (text[i] == '=' && i + 1 == len) ? text[i]
								      : '*';
	dst[i] = '\0';
	return dst;
}
