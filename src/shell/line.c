#include "shell/line.h"

#include <stdbool.h>

static int
check(const char *text, size_t len, struct fault *f)
{
	if (len > LINE_BYTES_MAX)
		return fault_set(f, FAULT_LIMIT, NULL,
		    "the line is longer than %d bytes", LINE_BYTES_MAX);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < ' ' && c != '\t') || c > '~')
			return fault_set(f, FAULT_INVALID, NULL,
			    "byte %zu of the line is a %s (0x%02x); only "
			    "printable ASCII is taken",
			    i + 1,
			    c > '~' && c != 0x7f ? "non-ASCII character"
						 : "control character",
			    c);
	}
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Copies one word to `to`, without its quotes; a copy is never longer than
 * its source. Moves *at behind it. False: a quote does not end.
 */
static bool
take_word(char **to, const char **at, const char *end)
{
	char quote = '\0';

	for (; *at < end; (*at)++) {
		char c = **at;

		if (quote != '\0' && c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
		else if (quote == '\0' && is_blank(c))
			break;
		else
			*(*to)++ = c;
	}
	*(*to)++ = '\0';
	return quote == '\0';
}

int
line_split(struct line *out, const char *text, size_t len, struct fault *f)
{
	const char *at = text, *end = text + len;
	char *to = out->text;
	int rc;

	out->n = 0;
	rc = check(text, len, f);
	if (rc != 0)
		return rc;
	for (;;) {
		while (at < end && is_blank(*at))
			at++;
		if (at == end)
			return 0;
		if (out->n == LINE_WORDS_MAX)
			return fault_set(f, FAULT_LIMIT, NULL,
			    "the line has more than %d words", LINE_WORDS_MAX);
		out->word[out->n++] = to;
		if (!take_word(&to, &at, end))
			return fault_set(
			    f, FAULT_INVALID, NULL, "a quote is not closed");
	}
}
