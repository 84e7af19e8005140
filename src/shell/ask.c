#include "shell/ask.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"
#include "shell/line.h"
#include "shell/run.h"

static void
complete_asn(
    void *context, const char *line, size_t cursor, struct completion *out)
{
	const struct shell *sh = context;

	out->n = 0;
	out->typed = cursor;
	if (cursor >= COMPLETION_TEXT_MAX)
		return;
	for (size_t i = 0; i < sh->n_asns && out->n < COMPLETION_MAX; i++) {
		char *text = out->text[out->n];

		snprintf(
		    text, COMPLETION_TEXT_MAX, "%u", (unsigned)sh->asns[i]);
		if (strncmp(text, line, cursor) == 0)
			out->n++;
	}
}

/* Moves text[0..] to the front of buf, without blanks around it. */
static bool
trim(char *buf, size_t size, const char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len >= size)
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return true;
}

static bool
ask(struct shell *sh, const char *prompt, editor_complete_fn *fn, char *buf,
    size_t size)
{
	char line[LINE_BYTES_MAX + 1];

	for (;;) {
		enum edit_result r;

		out_flush(&sh->out);
		editor_on_tab(sh->editor, fn, sh);
		r = editor_read(
		    sh->editor, prompt, false, false, line, sizeof(line));
		if (r == EDIT_AWAY || r == EDIT_GONE)
			sh->ended = true;
		if (r != EDIT_LINE && r != EDIT_LONG)
			return false;
		if (r == EDIT_LONG || !trim(buf, size, line))
			out_styled(&sh->err, OUT_BAD, "That is too long.\n");
		else if (!text_is_plain(buf, strlen(buf)))
			out_styled(&sh->err, OUT_BAD,
			    "That has a control character in it.\n");
		else
			return true;
	}
}

bool
ask_text(struct shell *sh, const char *prompt, char *buf, size_t size)
{
	return ask(sh, prompt, NULL, buf, size);
}

bool
ask_asn_text(struct shell *sh, const char *prompt, char *buf, size_t size)
{
	return ask(sh, prompt, complete_asn, buf, size);
}

bool
ask_asn(struct shell *sh, uint32_t *asn)
{
	char buf[16];
	struct fault f;

	for (;;) {
		if (!ask(sh, "AS number:", complete_asn, buf, sizeof(buf)))
			return false;
		if (asn_parse(asn, buf, strlen(buf)) == 0)
			return true;
		option_check(OPTION_ASN, "asn", buf, &f);
		out_styled(&sh->err, OUT_BAD, "This is %s.\n", f.text);
	}
}

bool
ask_yes(struct shell *sh, const char *question, bool yes_is_default, bool *yes)
{
	char prompt[64], buf[8];

	snprintf(prompt, sizeof(prompt), "%s [%s]", question,
	    yes_is_default ? "Y/n" : "y/N");
	for (;;) {
		if (!ask(sh, prompt, NULL, buf, sizeof(buf)))
			return false;
		*yes = yes_is_default;
		if (buf[0] == '\0')
			return true;
		*yes = strcasecmp(buf, "y") == 0 || strcasecmp(buf, "yes") == 0;
		if (*yes || strcasecmp(buf, "n") == 0 ||
		    strcasecmp(buf, "no") == 0)
			return true;
		out_print(&sh->out, "Please answer yes or no.\n");
	}
}
