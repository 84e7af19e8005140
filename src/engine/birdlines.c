#include "engine/birdlines.h"

#include <errno.h>
#include <string.h>

#include "agent/bird_reply.h"
#include "base/text.h"

static void
set_text(struct birdline *out, const char *text, size_t len)
{
	out->indent = len == 0		? BIRDLINES_NONE
		      : text[0] == '\t' ? BIRDLINES_TAB
		      : text[0] == ' '	? BIRDLINES_BLANK
					: BIRDLINES_NONE;
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	text_clean(out->text, sizeof(out->text), text, len);
}

/* 1: it is a line of the answer; 0: of none; 2: the last one; -EBADMSG. */
static int
read_line(struct birdlines *b)
{
	int code = bird_reply_code(b->line, b->len);
	size_t skip = BIRD_CODE_LEN;

	if (code < 0) {
		if (b->len == 0 || b->line[0] == '+')
			return 0;
		if (b->line[0] != ' ')
			return -EBADMSG;
		code = b->code;
		skip = 1;
	}
	b->code = code;
	b->out.code = code;
	set_text(&b->out, b->line + skip, b->len - skip);
	if (skip == BIRD_CODE_LEN && b->line[4] == ' ') {
		if (b->greeted)
			return 2;
		b->greeted = true;
		return 0;
	}
	return b->greeted;
}

int
birdlines_feed(struct birdlines *b, const char *data, size_t len,
    void (*take)(void *arg, const struct birdline *line), void *arg)
{
	while (len > 0 && !b->ended) {
		const char *end = memchr(data, '\n', len);
		size_t n = end != NULL ? (size_t)(end - data) : len;
		size_t room = sizeof(b->line) - b->len;
		int rc;

		/* The rest of a line that is too long is passed over. */
		memcpy(b->line + b->len, data, n < room ? n : room);
		b->len += n < room ? n : room;
		if (end == NULL)
			return 0;
		data += n + 1;
		len -= n + 1;
		rc = read_line(b);
		b->len = 0;
		if (rc < 0)
			return rc;
		if (rc == 1)
			take(arg, &b->out);
		b->ended = rc == 2;
	}
	return b->ended;
}
