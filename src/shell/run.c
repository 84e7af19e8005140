#include "shell/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/field.h"
#include "base/num.h"
#include "shell/ask.h"
#include "shell/line.h"
#include "shell/signals.h"

/* Where nobody answers any more, no further line is to be read. */
static int
fault_status(struct shell *sh, const struct fault *f)
{
	if (api_client_ended(sh->api))
		sh->ended = true;
	return f->code == FAULT_AWAY ? SHELL_AWAY : SHELL_REFUSED;
}

/* The error as it was answered, with what else is known of it. */
static void
print_error_json(
    struct shell *sh, const struct fault *f, const json_t *problems)
{
	json_t *error = fault_to_json(f), *o;

	if (problems != NULL)
		json_object_set(error, "problems", (json_t *)problems);
	o = json_pack("{s:o}", "error", error);
	if (o == NULL)
		out_print(&sh->err, "out of memory\n");
	else
		json_dumpf(o, sh->out.f, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	out_print(&sh->out, "\n");
	json_decref(o);
}

/* Of the network file, as `meetme check` prints them. */
static void
print_problems(struct shell *sh, const json_t *problems)
{
	json_t *p;
	size_t i;

	json_array_foreach(problems, i, p)
	{
		long long line = field_number(p, "line");

		if (line > 0)
			out_print(&sh->err, "line %lld: ", line);
		if (field_text(p, "field")[0] != '\0')
			out_print(&sh->err, "%s: ", field_text(p, "field"));
		out_print(&sh->err, "%s\n", field_text(p, "text"));
	}
}

static int
print_fault(struct shell *sh, const struct args *a, const struct fault *f,
    const json_t *problems)
{
	char text[sizeof(f->field) + sizeof(f->text) + 2];

	if (a != NULL && args_get(a, "json") != NULL) {
		print_error_json(sh, f, problems);
	} else {
		print_problems(sh, problems);
		snprintf(text, sizeof(text), "%s%s%s", f->field,
		    f->field[0] != '\0' ? ": " : "", f->text);
		out_wrapped(&sh->err, OUT_BAD, text, 0);
	}
	return problems != NULL ? SHELL_NETWORK : fault_status(sh, f);
}

int
shell_fault(struct shell *sh, const struct args *a, const struct fault *f)
{
	return print_fault(sh, a, f, NULL);
}

int
shell_usage(struct shell *sh, const struct command *c, const struct fault *f)
{
	out_styled(&sh->err, OUT_BAD, "%s.\n", f->text);
	if (c != NULL)
		out_print(
		    &sh->err, "Type help %s to see what it takes.\n", c->name);
	else
		out_print(&sh->err, "Type help or ? to list commands.\n");
	return SHELL_USAGE;
}

bool
shell_json(struct shell *sh, const struct args *a, const json_t *o)
{
	if (args_get(a, "json") == NULL)
		return false;
	json_dumpf(o, sh->out.f, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	out_print(&sh->out, "\n");
	return true;
}

int
shell_call(struct shell *sh, const struct args *a, const char *op, json_t *args,
    json_t **ok)
{
	struct fault f;

	out_flush(&sh->out);
	if (api_call(sh->api, op, args, ok, &f) != 0)
		return print_fault(sh, a, &f, api_problems(sh->api));
	return 0;
}

int
shell_stream(struct shell *sh, const struct args *a, const char *op,
    json_t *args, api_part *part, void *arg, json_t **ok)
{
	sigset_t before;
	struct fault f;
	int rc;

	out_flush(&sh->out);
	signals_hold(&before);
	rc = api_stream(sh->api, op, args, part, arg, ok, &f);
	if (api_stopped(sh->api) && sh->interrupt != 0) {
		while (signals_take(sh->interrupt) != 0)
			;
		/* The terminal has written ^C into the line. */
		out_print(&sh->out, "%s", sh->out.terminal ? "\n" : "");
	}
	signals_release(&before);
	return rc != 0 ? print_fault(sh, a, &f, NULL) : 0;
}

static bool
take_asns(struct shell *sh)
{
	json_t *list = json_object_get(sh->hello, "asns"), *v;
	size_t i;

	sh->asns = calloc(json_array_size(list) + 1, sizeof(*sh->asns));
	if (sh->asns == NULL)
		return false;
	json_array_foreach(list, i, v) sh->asns[sh->n_asns++] =
	    (uint32_t)json_integer_value(v);
	return true;
}

int
shell_hello(struct shell *sh)
{
	int status;

	if (sh->hello != NULL)
		return 0;
	status = shell_call(sh, NULL, "hello", NULL, &sh->hello);
	if (status == 0 && !take_asns(sh)) {
		out_print(&sh->err, "out of memory\n");
		status = SHELL_REFUSED;
	}
	return status;
}

void
shell_interrupts(struct shell *sh)
{
	sh->interrupt = signals_open((int[]){ SIGINT }, 1);
	if (sh->interrupt != 0)
		api_client_stop_on(sh->api, sh->interrupt);
}

void
shell_release(struct shell *sh)
{
	if (sh->interrupt != 0)
		close(sh->interrupt);
	editor_free(sh->editor);
	json_decref(sh->hello);
	free(sh->asns);
	api_client_free(sh->api);
}

/* The numbers of the peerings in `list`, as many as fit. */
static void
name_asns(const json_t *list, char *buf, size_t size)
{
	size_t i, len = 0;
	json_t *p;

	buf[0] = '\0';
	json_array_foreach(list, i, p)
	{
		int n = snprintf(buf + len, size - len, "%s%lld",
		    i > 0 ? ", " : "", (long long)field_number(p, "asn"));

		if (n < 0 || (size_t)n >= size - len) {
			buf[len] = '\0';
			return;
		}
		len += (size_t)n;
	}
}

static int
pick_from(
    struct shell *sh, const struct args *a, const json_t *list, uint32_t *asn)
{
	char names[160];
	struct fault f;

	name_asns(list, names, sizeof(names));
	switch (json_array_size(list)) {
	case 0:
		fault_set(&f, FAULT_NOT_FOUND, NULL,
		    "there is no peering yet; peer_create makes one");
		return shell_fault(sh, a, &f);
	case 1:
		*asn = (uint32_t)field_number(json_array_get(list, 0), "asn");
		return 0;
	}
	if (sh->editor != NULL && args_get(a, "json") == NULL) {
		out_print(&sh->out, "There are peerings with AS %s.\n", names);
		return ask_asn(sh, asn) ? 0 : SHELL_REFUSED;
	}
	fault_set(&f, FAULT_INVALID, "asn",
	    "there are several peerings; say which one: %s", names);
	return shell_fault(sh, a, &f);
}

int
shell_pick(struct shell *sh, const struct args *a, uint32_t *asn)
{
	const char *given = args_get(a, "asn");
	json_t *answer = NULL;
	int status;

	if (given != NULL) {
		struct fault f;

		if (asn_parse(asn, given, strlen(given)) == 0)
			return 0;
		option_check(OPTION_ASN, "asn", given, &f);
		return shell_fault(sh, a, &f);
	}
	status = shell_call(sh, a, "peer_list", NULL, &answer);
	if (status != 0)
		return status;
	status = pick_from(sh, a, json_object_get(answer, "peerings"), asn);
	json_decref(answer);
	return status;
}

static bool
wants_json(const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], "--json") == 0)
			return true;
	return false;
}

int
shell_words(struct shell *sh, const char *const *words, size_t n)
{
	const char *help[] = { "help", words[0] + 1 };
	const struct command *c;
	struct fault f;
	struct args a;
	int rc;

	if (words[0][0] == '?' && words[0][1] != '\0')
		return shell_words(sh, help, 2);
	c = command_find(words[0], sh->operator);
	if (c == NULL) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "There is no command \"%.60s\"", words[0]);
		return shell_usage(sh, NULL, &f);
	}
	rc = command_parse(&a, c, words + 1, n - 1, &f);
	if (rc == 0)
		return c->run(sh, &a);
	if (wants_json(words, n))
		print_error_json(sh, &f, NULL);
	else if (rc == COMMAND_USAGE)
		return shell_usage(sh, c, &f);
	else
		shell_fault(sh, NULL, &f);
	return rc == COMMAND_USAGE ? SHELL_USAGE : SHELL_REFUSED;
}

int
shell_line(struct shell *sh, const char *text, size_t len)
{
	struct line line;
	struct fault f;

	if (line_split(&line, text, len, &f) != 0) {
		out_styled(&sh->err, OUT_BAD, "%s\n", f.text);
		return SHELL_USAGE;
	}
	if (line.n == 0)
		return SHELL_OK;
	return shell_words(sh, (const char *const *)line.word, line.n);
}
