#include "shell/complete.h"

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>

#include "shell/command.h"

#define WORDS_MAX 32

/* The words before the one at the cursor, and that one. */
struct words {
	char text[512];
	const char *word[WORDS_MAX];
	size_t n; /* at least 1 */
};

static bool
split(struct words *w, const char *line, size_t cursor)
{
	if (cursor >= sizeof(w->text) || memchr(line, '\0', cursor) != NULL)
		return false;
	memcpy(w->text, line, cursor);
	w->text[cursor] = '\0';
	w->n = 0;
	for (char *at = w->text;;) {
		at += strspn(at, " \t");
		if (w->n == WORDS_MAX)
			return false;
		w->word[w->n++] = at;
		at += strcspn(at, " \t");
		if (*at == '\0')
			return true;
		*at++ = '\0';
	}
}

static void
offer(struct completion *c, const char *typed, const char *text)
{
	if (strncmp(text, typed, strlen(typed)) != 0 ||
	    c->n == COMPLETION_MAX || strlen(text) >= COMPLETION_TEXT_MAX)
		return;
	strlcpy(c->text[c->n++], text, COMPLETION_TEXT_MAX);
}

static void
offer_commands(struct completion *c, const struct completion_source *src,
    const char *typed)
{
	for (const struct command *cmd = commands; cmd->name != NULL; cmd++)
		if (command_allows(cmd, src->operator))
			offer(c, typed, cmd->name);
}

static void
offer_values(struct completion *c, const struct completion_source *src,
    enum option_type type, const char *typed)
{
	char text[COMPLETION_TEXT_MAX];

	if (type == OPTION_TOPIC)
		offer_commands(c, src, typed);
	if (type != OPTION_ASN && type != OPTION_TARGET)
		return;
	for (size_t i = 0; i < src->n_asns; i++) {
		snprintf(text, sizeof(text), "%u", (unsigned)src->asns[i]);
		offer(c, typed, text);
	}
}

static const struct option_def *
find_option(const struct command *cmd, const char *name)
{
	for (const struct option_def *o = cmd->options; o->type != OPTION_END;
	     o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* True if one of the words names the option already. */
static bool
was_typed(const struct words *w, const struct option_def *o)
{
	for (size_t i = 1; i + 1 < w->n; i++)
		if (strncmp(w->word[i], "--", 2) == 0 &&
		    strcmp(w->word[i] + 2, o->name) == 0)
			return true;
	return false;
}

static void
offer_options(
    struct completion *c, const struct command *cmd, const struct words *w)
{
	const char *typed = w->word[w->n - 1];
	char text[COMPLETION_TEXT_MAX];

	for (const struct option_def *o = cmd->options; o->type != OPTION_END;
	     o++) {
		if (o->type == OPTION_TOPIC || was_typed(w, o))
			continue;
		snprintf(text, sizeof(text), "--%s", o->name);
		offer(c, typed, text);
	}
}

void
complete(struct completion *out, const struct completion_source *src,
    const char *line, size_t cursor)
{
	const struct option_def *o = NULL;
	const struct command *cmd;
	const char *typed, *before;
	struct words w;

	out->n = 0;
	out->typed = 0;
	if (!split(&w, line, cursor))
		return;
	typed = w.word[w.n - 1];
	out->typed = strlen(typed);
	if (w.n == 1) {
		offer_commands(out, src, typed);
		return;
	}
	cmd = command_find(w.word[0], src->operator);
	if (cmd == NULL)
		return;
	before = w.word[w.n - 2];
	if (w.n > 2 && strncmp(before, "--", 2) == 0)
		o = find_option(cmd, before + 2);
	if (o != NULL && o->type != OPTION_FLAG) {
		offer_values(out, src, o->type, typed);
		return;
	}
	if (cmd->positional != NULL && w.n == 2 && *typed != '-') {
		o = find_option(cmd, cmd->positional);
		offer_values(out, src, o->type, typed);
	}
	if (*typed == '-' || out->n == 0)
		offer_options(out, cmd, &w);
}

size_t
completion_common(const struct completion *c)
{
	size_t len = c->n > 0 ? strlen(c->text[0]) : 0;

	for (size_t i = 1; i < c->n; i++) {
		size_t same = 0;

		while (same < len && c->text[i][same] == c->text[0][same])
			same++;
		len = same;
	}
	return len;
}
