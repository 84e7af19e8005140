#include "agent/bird_reply.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int
bird_reply_code(const char *line, size_t len)
{
	int code = 0;

	if (len < BIRD_CODE_LEN || (line[4] != ' ' && line[4] != '-'))
		return -1;
	for (int i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)line[i]))
			return -1;
		code = code * 10 + (line[i] - '0');
	}
	return code;
}

long
bird_reply_end(const char *text, size_t len, int *code)
{
	size_t at = 0;

	while (at < len) {
		const char *line = text + at;
		const char *end = memchr(line, '\n', len - at);
		size_t n;
		int c;

		if (end == NULL)
			break;
		n = (size_t)(end - line);
		at += n + 1;
		if (n > 0 && (line[0] == ' ' || line[0] == '+'))
			continue;
		c = bird_reply_code(line, n);
		if (c < 0)
			return -EBADMSG;
		if (line[4] == '-')
			continue;
		*code = c;
		return (long)at;
	}
	return len >= BIRD_REPLY_MAX ? -EBADMSG : 0;
}

char *
bird_reply_words(char *buf, size_t size, const char *text, size_t len)
{
	const char *line;

	while (len > 0 && text[len - 1] == '\n')
		len--;
	line = memrchr(text, '\n', len);
	line = line != NULL ? line + 1 : text;
	len -= (size_t)(line - text);
	if (bird_reply_code(line, len) >= 0) {
		line += BIRD_CODE_LEN;
		len -= BIRD_CODE_LEN;
	}
	return text_clean(buf, size, line, len);
}

bool
bird_reply_names(const char *text, size_t len, const char *name)
{
	size_t want = strlen(name);

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end != NULL ? (size_t)(end - text) : len;
		size_t skip = bird_reply_code(text, n) >= 0 ? BIRD_CODE_LEN : 1;

		if (n >= skip + want && memcmp(text + skip, name, want) == 0 &&
		    (n == skip + want || text[skip + want] == ' '))
			return true;
		n += end != NULL;
		text += n;
		len -= n;
	}
	return false;
}

bool
bird_reply_counts(const char *line, unsigned *n)
{
	int end = 0;

	return sscanf(line, "%9u of %*9u routes for %*9u networks in table %n",
		   n, &end) == 1 &&
	       end > 0;
}

uint64_t
bird_reply_sum(const char *text, size_t len)
{
	char words[128];
	uint64_t sum = 0;
	unsigned n;

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end != NULL ? (size_t)(end - text) + 1 : len;

		bird_reply_words(words, sizeof(words), text, line);
		if (bird_reply_counts(words, &n))
			sum += n;
		text += line;
		len -= line;
	}
	return sum;
}
