#include "shell/shell.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/field.h"
#include "base/sandbox.h"
#include "shell/line.h"
#include "shell/run.h"
#include "shell/signals.h"
#include "shell/tree.h"

static void
complete_command(
    void *context, const char *line, size_t cursor, struct completion *out)
{
	const struct shell *sh = context;
	const struct completion_source src = {
		.operator= sh->operator, .asns = sh->asns, .n_asns = sh->n_asns
	};

	complete(out, &src, line, cursor);
}

/* What is still open when the other side of the API ends. */
static int
say_away(struct shell *sh)
{
	out_styled(&sh->err, OUT_BAD,
	    "The service is away; your tunnels stay as they are. Try again "
	    "later.\n");
	sh->ended = true;
	return SHELL_AWAY;
}

static int
take_line(struct shell *sh, const char *text)
{
	int status;

	if (text[strspn(text, " \t")] == '\0')
		return SHELL_OK;
	out_print(&sh->out, "\n");
	status = shell_line(sh, text, strlen(text));
	if (!sh->ended)
		out_print(&sh->out, "\n");
	out_flush(&sh->out);
	return status;
}

/* Prompt after prompt. What the last command came to is not the session's. */
static int
interact(struct shell *sh)
{
	char prompt[32], text[LINE_BYTES_MAX + 1];
	struct args intro = { .command = command_find("intro", false) };
	int status = run_intro(sh, &intro);

	if (status != 0)
		return status;
	out_print(&sh->out, "\n");
	snprintf(prompt, sizeof(prompt), "AS%u>",
	    (unsigned)field_number(sh->hello, "asn"));
	while (!sh->ended) {
		if (out_flush(&sh->out) != 0)
			return SHELL_OK;
		editor_on_tab(sh->editor, complete_command, sh);
		switch (editor_read(sh->editor, prompt, sh->out.colour, true,
		    text, sizeof(text))) {
		case EDIT_LINE:
			status = take_line(sh, text);
			break;
		case EDIT_LONG:
			out_styled(&sh->err, OUT_BAD,
			    "\nThe line is longer than %d bytes; it was "
			    "dropped.\n\n",
			    LINE_BYTES_MAX);
			break;
		case EDIT_CANCEL:
			break;
		case EDIT_END:
			status = take_line(sh, "bye");
			break;
		case EDIT_AWAY:
			out_print(&sh->out, "\n");
			return say_away(sh);
		case EDIT_GONE:
			return SHELL_OK;
		}
	}
	return status == SHELL_AWAY ? SHELL_AWAY : SHELL_OK;
}

/*
 * Reads a line of at most LINE_BYTES_MAX bytes; the rest of a longer one is
 * passed over, and it comes back one byte too long, so that it is refused.
 * -1 at the end.
 */
static ssize_t
read_line(char *buf)
{
	size_t len = 0;
	int c;

	while ((c = getchar()) != EOF && c != '\n')
		if (len <= LINE_BYTES_MAX)
			buf[len++] = (char)c;
	return c == EOF && len == 0 ? -1 : (ssize_t)len;
}

/* A script on standard input: the status of its last command. */
static int
run_script(struct shell *sh)
{
	char text[LINE_BYTES_MAX + 1];
	int status = SHELL_OK;
	ssize_t len;

	while (!sh->ended && (len = read_line(text)) >= 0) {
		if (len > 0 && text[len - 1] == '\r')
			len--;
		status = shell_line(sh, text, (size_t)len);
		if (out_flush(&sh->out) != 0)
			break;
	}
	return status;
}

/* The keys that would end or suspend this process do not. */
static void
hold_signals(struct shell *sh)
{
	sigset_t before;

	shell_interrupts(sh);
	signals_hold(&before);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
}

/* All that needs a file comes here, before the sandbox closes them away. */
static int
prepare(struct shell *sh, int api_fd, bool terminal, const char *term)
{
	tzset();
	json_object_seed(0);
	sh->api = api_client_new(api_fd);
	if (sh->api == NULL)
		return -1;
	out_init(&sh->out, stdout, term);
	out_init(&sh->err, stderr, term);
	if (terminal) {
		sh->editor = editor_new(term, api_fd);
		if (sh->editor == NULL)
			return -1;
		hold_signals(sh);
	}
	return sandbox_enter(SANDBOX_SHELL);
}

int
shell_main(int api_fd, bool terminal, const char *term, const char *command)
{
	struct shell sh = { 0 };
	int status;

	if (prepare(&sh, api_fd, terminal, term) != 0) {
		fputs("The shell cannot start; try again later.\n", stderr);
		status = SHELL_AWAY;
	} else if (command != NULL)
		status = shell_line(&sh, command, strlen(command));
	else if (terminal)
		status = interact(&sh);
	else
		status = run_script(&sh);
	if (out_flush(&sh.out) != 0 && status == SHELL_OK)
		status = SHELL_REFUSED;
	shell_release(&sh);
	return status;
}
