#include "shell/edit.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "shell/line.h"
#include "shell/signals.h"

#define HISTORY_MAX 100
#define TERM_MAX    32
#define READ_MAX    256
#define PROMPT_MAX  80

/* Beside those of the header: the window's size has changed. */
#define EDIT_RESIZED (EDIT_GONE + 1)

struct editor {
	EditLine *el;
	History *kept; /* commands */
	History *unkept; /* stays empty: answers have no history */
	FILE *nowhere; /* libedit's complaints */
	int watch, signals;
	char prompt[PROMPT_MAX + 16];
	int result; /* why the wait for a key ended */
	bool too_long;
	char in[READ_MAX]; /* read ahead */
	size_t in_at, in_len;
	editor_complete_fn *complete;
	void *complete_context;
};

/* Until there is something to read. EDIT_LINE, or what ends the line. */
static int
wait_key(struct editor *e)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = e->watch, .events = POLLIN },
		{ .fd = e->signals, .events = POLLIN } };

	for (;;) {
		int n = poll(fds, 3, -1);

		if (n < 0 && errno != EINTR)
			return EDIT_GONE;
		if (n <= 0)
			continue;
		/* A Ctrl-C that came before the prompt counts too. */
		if (fds[2].revents != 0)
			return signals_take(e->signals) == SIGINT
				   ? EDIT_CANCEL
				   : EDIT_RESIZED;
		return fds[1].revents != 0 ? EDIT_AWAY : EDIT_LINE;
	}
}

static int
next_byte(struct editor *e, unsigned char *out)
{
	if (e->in_at == e->in_len) {
		int r = wait_key(e);
		ssize_t n;

		if (r != EDIT_LINE)
			return r;
		n = read(STDIN_FILENO, e->in, sizeof(e->in));
		if (n <= 0)
			return EDIT_GONE;
		e->in_at = 0;
		e->in_len = (size_t)n;
	}
	*out = (unsigned char)e->in[e->in_at++];
	return EDIT_LINE;
}

/*
 * libedit's source of characters. It sees ASCII only: a '?' for each character
 * beyond, so that the visitor sees that it was not taken; and nothing more
 * than a line may hold.
 */
static int
get_char(EditLine *el, wchar_t *out)
{
	struct editor *e = NULL;
	unsigned char c = 0;

	el_get(el, EL_CLIENTDATA, &e);
	for (;;) {
		const LineInfoW *line;

		e->result = next_byte(e, &c);
		if (e->result != EDIT_LINE)
			return -1;
		if (c >= 0x80 && c < 0xc0)
			continue;
		if (c < ' ' || c == 0x7f)
			break;
		line = el_wline(el);
		if (line->lastchar - line->buffer < LINE_BYTES_MAX)
			break;
		e->too_long = true;
	}
	*out = c < 0x80 ? (wchar_t)c : L'?';
	return 1;
}

static void
list_candidates(const struct completion *c)
{
	putchar('\n');
	for (size_t i = 0; i < c->n; i++)
		printf("%s%s", c->text[i], i + 1 < c->n ? "  " : "\n");
}

static unsigned char
on_tab(EditLine *el, int ch)
{
	const LineInfo *line = el_line(el);
	struct editor *e = NULL;
	struct completion c;
	size_t common;
	char more[COMPLETION_TEXT_MAX + 1];

	(void)ch;
	el_get(el, EL_CLIENTDATA, &e);
	if (e->complete == NULL)
		return CC_ERROR;
	e->complete(e->complete_context, line->buffer,
	    (size_t)(line->cursor - line->buffer), &c);
	common = completion_common(&c);
	if (c.n == 0 || common < c.typed)
		return CC_ERROR;
	if (c.n > 1 && common == c.typed) {
		list_candidates(&c);
		return CC_REDISPLAY;
	}
	snprintf(more, sizeof(more), "%.*s%s", (int)(common - c.typed),
	    c.text[0] + c.typed, c.n == 1 ? " " : "");
	return el_insertstr(el, more) == 0 ? CC_REFRESH : CC_ERROR;
}

static char *
get_prompt(EditLine *el)
{
	struct editor *e = NULL;

	el_get(el, EL_CLIENTDATA, &e);
	return e->prompt;
}

/*
 * A terminal that the machine has no description of is most likely a younger
 * relative of xterm; what makes no name at all is taken for a dumb one.
 */
static void
set_terminal(EditLine *el, const char *term)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+._";

	if (term == NULL || *term == '\0' || strlen(term) > TERM_MAX ||
	    term[strspn(term, ok)] != '\0' || strcmp(term, "dumb") == 0)
		return;
	if (el_set(el, EL_TERMINAL, term) != 0)
		el_set(el, EL_TERMINAL, "xterm");
}

static History *
new_history(int size)
{
	History *h = history_init();
	HistEvent ev;

	if (h == NULL)
		return NULL;
	history(h, &ev, H_SETSIZE, size);
	history(h, &ev, H_SETUNIQUE, 1);
	return h;
}

struct editor *
editor_new(const char *term, int watch)
{
	struct editor *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->watch = watch;
	e->signals = signals_open((int[]){ SIGINT, SIGWINCH }, 2);
	e->nowhere = fopen("/dev/null", "we");
	e->kept = new_history(HISTORY_MAX);
	e->unkept = new_history(1);
	setenv("TERM", "dumb", 1); /* so that el_init needs no file */
	if (e->nowhere != NULL)
		e->el = el_init("meetme", stdin, stdout, e->nowhere);
	if (e->signals == 0 || e->el == NULL || e->kept == NULL ||
	    e->unkept == NULL) {
		editor_free(e);
		return NULL;
	}
	set_terminal(e->el, term);
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_SIGNAL, 0);
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_GETCFN, get_char);
	el_set(e->el, EL_ADDFN, "complete", "complete the word", on_tab);
	el_set(e->el, EL_BIND, "^I", "complete", NULL);
	el_set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	return e;
}

void
editor_free(struct editor *e)
{
	if (e == NULL)
		return;
	if (e->el != NULL)
		el_end(e->el);
	if (e->kept != NULL)
		history_end(e->kept);
	if (e->unkept != NULL)
		history_end(e->unkept);
	if (e->nowhere != NULL)
		fclose(e->nowhere);
	if (e->signals != 0)
		close(e->signals);
	explicit_bzero(e->in, sizeof(e->in));
	free(e);
}

void
editor_on_tab(struct editor *e, editor_complete_fn *fn, void *context)
{
	e->complete = fn;
	e->complete_context = context;
}

/*
 * '\1' stands around what takes no room on the screen. libedit loses such a
 * part at the very end of a prompt: the final blank comes behind it.
 */
static void
set_prompt(struct editor *e, const char *prompt, bool bold)
{
	const char *on = bold ? "\1\033[1m\1" : "";
	const char *off = bold ? "\1\033[0m\1" : "";
	char clean[PROMPT_MAX];

	text_clean(clean, sizeof(clean), prompt, strlen(prompt));
	snprintf(e->prompt, sizeof(e->prompt), "%s%s%s ", on, clean, off);
	el_set(e->el, EL_PROMPT_ESC, get_prompt, '\1');
}

static enum edit_result
take_line(struct editor *e, const char *line, bool keep, char *buf, size_t size)
{
	size_t len = strcspn(line, "\r\n");
	HistEvent ev;

	if (e->too_long || len >= size)
		return EDIT_LONG;
	memcpy(buf, line, len);
	buf[len] = '\0';
	if (keep && buf[strspn(buf, " \t")] != '\0')
		history(e->kept, &ev, H_ENTER, buf);
	return EDIT_LINE;
}

/*
 * libedit (3.1-20221030) writes beyond its buffers when the window changes in
 * the midst of a line. So the line is ended, and typed again into a new one.
 */
static void
retype(struct editor *e)
{
	const LineInfo *line = el_line(e->el);
	char text[LINE_BYTES_MAX + 1];
	size_t len = (size_t)(line->lastchar - line->buffer);

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	text_clean(text, sizeof(text), line->buffer, len);
	el_reset(e->el);
	putchar('\r');
	fflush(stdout);
	el_push(e->el, text);
}

static enum edit_result
read_line(struct editor *e, bool keep, char *buf, size_t size)
{
	const char *line;
	int n;

	do {
		e->result = EDIT_LINE;
		/* Before the prompt: a Ctrl-D that follows it is no end yet. */
		el_set(e->el, EL_PREP_TERM, 1);
		line = el_gets(e->el, &n);
		if (e->result == EDIT_RESIZED)
			retype(e);
	} while (e->result == EDIT_RESIZED);
	if (e->result != EDIT_LINE)
		return (enum edit_result)e->result;
	if (line == NULL || n <= 0)
		return EDIT_END;
	return take_line(e, line, keep, buf, size);
}

enum edit_result
editor_read(struct editor *e, const char *prompt, bool bold, bool keep,
    char *buf, size_t size)
{
	/* Those keys would leave the terminal as it is for editing. */
	void (*quit)(int) = signal(SIGQUIT, SIG_IGN);
	void (*suspend)(int) = signal(SIGTSTP, SIG_IGN);
	enum edit_result r;
	sigset_t before;

	set_prompt(e, prompt, bold);
	el_set(e->el, EL_HIST, history, keep ? e->kept : e->unkept);
	e->too_long = false;
	signals_hold(&before);
	r = read_line(e, keep, buf, size);
	if (r == EDIT_CANCEL || r == EDIT_END) {
		e->in_at = e->in_len = 0;
		el_reset(e->el);
		putchar('\n');
	}
	fflush(stdout);
	signals_release(&before);
	signal(SIGQUIT, quit);
	signal(SIGTSTP, suspend);
	return r;
}
