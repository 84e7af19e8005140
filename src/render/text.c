#include "render/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Letters, digits and the characters of `more`; not empty. */
static bool
is_word(const char *text, const char *more)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!(isascii(*p) && isalnum(*p)) && strchr(more, *p) == NULL)
			return false;
	return text[0] != '\0';
}

bool
text_is_symbol(const char *text)
{
	return is_word(text, "_") && !isdigit((unsigned char)text[0]);
}

bool
text_is_ifname(const char *text)
{
	return is_word(text, "-_") && text[0] != '-';
}

bool
text_is_pop(const char *text)
{
	return is_word(text, "-");
}

bool
text_is_host(const char *text)
{
	return is_word(text, ".-:") && text[0] != '-';
}

bool
text_is_path(const char *text)
{
	return is_word(text, "/._-") && text[0] == '/';
}

/* Together first: a call for each takes a stream longer than the copying. */
void
text_put(FILE *f, const char *const *texts)
{
	char buf[1024];
	size_t n = 0;

	for (; *texts != NULL; texts++) {
		size_t len = strlen(*texts);

		if (len > sizeof(buf) - n) {
			fwrite_unlocked(buf, 1, n, f);
			n = 0;
		}
		if (len > sizeof(buf)) {
			fwrite_unlocked(*texts, 1, len, f);
			continue;
		}
		memcpy(buf + n, *texts, len);
		n += len;
	}
	fwrite_unlocked(buf, 1, n, f);
}

char *
text_number(char buf[TEXT_NUMBER_MAX], unsigned n)
{
	char digits[TEXT_NUMBER_MAX], *d = digits + sizeof(digits);

	*--d = '\0';
	do
		*--d = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return memcpy(buf, d, (size_t)(digits + sizeof(digits) - d));
}

int
text_end(FILE *f)
{
	return fflush(f) != 0 || ferror(f) ? -EIO : 0;
}
