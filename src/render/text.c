#include "render/text.h"

#include <errno.h>
#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits and the characters of `more`; not empty. */
static bool
is_word(const char *text, const char *more)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!is_letter(*p) && !is_digit(*p) && strchr(more, *p) == NULL)
			return false;
	return text[0] != '\0';
}

bool
text_is_symbol(const char *text)
{
	return is_word(text, "_") && !is_digit(text[0]);
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

void
text_begin(struct text *t, FILE *f)
{
	t->f = f;
	t->len = 0;
}

void
text_flush(struct text *t)
{
	fwrite_unlocked(t->buf, 1, t->len, t->f);
	t->len = 0;
}

/* What has no room, and perhaps never would. */
void
text_add_full(struct text *t, const char *s, size_t n)
{
	text_flush(t);
	fwrite_unlocked(s, 1, n, t->f);
}

/* Where up to `n` more bytes have room. */
static char *
make_room(struct text *t, size_t n)
{
	if (n > sizeof(t->buf) - t->len)
		text_flush(t);
	return t->buf + t->len;
}

void
text_add_number(struct text *t, unsigned n)
{
	char number[TEXT_NUMBER_MAX];

	text_add(t, text_number(number, n));
}

void
text_add_ip(struct text *t, const struct ip *ip)
{
	char *at = make_room(t, IP_TEXT_MAX);

	t->len += (size_t)(ip_text_end(ip, at) - at);
}

void
text_add_prefix(struct text *t, const struct prefix *p)
{
	char *at = make_room(t, PREFIX_TEXT_MAX);

	t->len += (size_t)(prefix_text_end(p, at) - at);
}
