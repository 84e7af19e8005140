/* ping and trace: a line for each answer, when it comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/units.h"
#include "shell/whose.h"

#define NARROW		80 /* below it a hop's name has a line of its own */
#define MORE_COLUMN	41
#define ADDRESS_COLUMNS 26
#define SHORT		24 /* an address that leaves room for a time there */

/* What the parts are told to. */
struct probe {
	struct shell *sh;
	const struct args *args;
	bool is_trace;
	bool cut; /* the last one says that it goes no further */
	json_t *all; /* with --json: what has come */
};

static void
print_head(const struct probe *p, const json_t *part)
{
	char name[WHOSE_MAX];
	struct out *out = &p->sh->out;

	out_styled(out, OUT_HEADING, "%s %s", p->args->command->name,
	    field_text(part, "target"));
	if (whose_text(name, part)[0] != '\0')
		out_print(out, "\n    %s", name);
	out_print(out, "\n");
}

/* As traceroute and RFC 1812, RFC 4443 have the most common ones. */
static const char *
unreachable_text(const json_t *part)
{
	const bool six = strchr(field_text(part, "address"), ':') != NULL;

	switch (field_number(part, "code")) {
	case 0:
		return six ? "no route" : "no route to the network";
	case 1:
		return six ? "forbidden" : "no route to the host";
	case 3:
		return six ? "the address does not answer"
			   : "the port is closed";
	case 9:
	case 10:
	case 13:
		return "forbidden";
	}
	return "unreachable";
}

/* Who says it, behind what stands in the line or below; and what, if bad. */
static void
print_more(struct out *out, const json_t *part, bool below)
{
	const bool bad = strcmp(field_text(part, "kind"), "unreachable") == 0;
	char name[WHOSE_MAX], text[WHOSE_MAX + 64];

	whose_text(name, part);
	snprintf(text, sizeof(text), "%s%s%s",
	    bad ? unreachable_text(part) : "",
	    bad && name[0] != '\0' ? ", says " : "", name);
	if (text[0] != '\0') {
		out_print(out, "%s", below ? "\n    " : "  ");
		out_wrapped(out, bad ? OUT_BAD : OUT_PLAIN, text,
		    below ? 4 : MORE_COLUMN);
	} else
		out_print(out, "\n");
}

static void
print_answer(const struct probe *p, const json_t *part)
{
	const char *kind = field_text(part, "kind");
	const char *address = field_text(part, "address");
	bool good = strcmp(kind, "reply") == 0;
	struct out *out = &p->sh->out;
	unsigned width = out_width(out);
	bool narrow = width > 0 && width < NARROW;
	char text[UNITS_MAX];

	out_print(out, "%2lld  ", (long long)field_number(part, "nth"));
	if (kind[0] == '\0') {
		out_styled(out, OUT_WARN, "*\n");
		return;
	}
	out_styled(out, good ? OUT_GOOD : OUT_PLAIN, "%-*s",
	    narrow ? 15 : ADDRESS_COLUMNS, address);
	if (narrow && strlen(address) > SHORT)
		out_print(out, "\n   ");
	out_print(
	    out, " %8s", units_ms(text, (uint32_t)field_number(part, "rtt")));
	if (!p->is_trace && field_is_set(part, "hops_left"))
		out_print(out, "  ttl %lld",
		    (long long)field_number(part, "hops_left"));
	/* A long address has moved what is behind it. */
	print_more(out, part,
	    narrow || (width > 0 && strlen(address) > ADDRESS_COLUMNS));
}

static bool
on_part(void *arg, const json_t *part)
{
	struct probe *p = arg;

	p->cut = strcmp(field_text(part, "kind"), "unreachable") == 0;
	if (p->all != NULL) {
		if (field_is_set(part, "nth"))
			json_array_append(
			    json_object_get(p->all, "answers"), (json_t *)part);
		else
			json_object_update(p->all, (json_t *)part);
		return true;
	}
	if (field_is_set(part, "nth"))
		print_answer(p, part);
	else
		print_head(p, part);
	return out_flush(&p->sh->out) == 0;
}

static void
print_ping(struct shell *sh, const json_t *ok)
{
	long long received = field_number(ok, "received");
	char least[UNITS_MAX], mean[UNITS_MAX], most[UNITS_MAX];
	char text[4 * UNITS_MAX];
	int n;

	n = snprintf(text, sizeof(text), "%lld sent, %lld received",
	    (long long)field_number(ok, "sent"), received);
	units_ms(least, (uint32_t)field_number(ok, "min"));
	units_ms(most, (uint32_t)field_number(ok, "max"));
	units_ms(mean, (uint32_t)field_number(ok, "avg"));
	if (received > 1)
		snprintf(text + n, sizeof(text) - (size_t)n,
		    "; %s to %s, mean %s", least, most, mean);
	out_wrapped(&sh->out, received > 0 ? OUT_PLAIN : OUT_WARN, text, 0);
}

static void
print_trace(const struct probe *p, const json_t *ok)
{
	struct out *out = &p->sh->out;
	char text[128];

	if (field_flag(ok, "reached") || api_stopped(p->sh->api))
		return;
	snprintf(text, sizeof(text),
	    "The target does not answer, nor does any hop up to %lld beyond "
	    "these.",
	    (long long)field_number(ok, "asked"));
	out_wrapped(
	    out, OUT_WARN, p->cut ? "The target cannot be reached." : text, 0);
}

static json_t *
make_args(const struct args *a, const char *number)
{
	json_t *o = json_pack("{s:s}", "target", args_get(a, "target"));

	if (args_get(a, number) != NULL)
		json_object_set_new(
		    o, number, json_integer(atoi(args_get(a, number))));
	if (args_get(a, "ipv4") != NULL)
		json_object_set_new(o, "family", json_integer(4));
	if (args_get(a, "ipv6") != NULL)
		json_object_set_new(o, "family", json_integer(6));
	return o;
}

static int
run(struct probe *p, const char *number)
{
	struct shell *sh = p->sh;
	json_t *ok = NULL;
	bool came;
	struct fault f;
	int status;

	if (command_require(p->args, &f) != 0)
		return shell_usage(sh, p->args->command, &f);
	if (args_get(p->args, "ipv4") != NULL &&
	    args_get(p->args, "ipv6") != NULL) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "--ipv4 and --ipv6 exclude each other");
		return shell_usage(sh, p->args->command, &f);
	}
	if (args_get(p->args, "json") != NULL)
		p->all = json_pack("{s:[]}", "answers");
	status = shell_stream(sh, p->args, p->args->command->name,
	    make_args(p->args, number), on_part, p, &ok);
	if (status != 0)
		goto out;
	came = field_flag(ok, "reached") || field_number(ok, "received") > 0;
	status = came ? SHELL_OK : SHELL_REFUSED;
	if (p->all != NULL) {
		json_object_update(p->all, ok);
		shell_json(sh, p->args, p->all);
	} else if (p->is_trace)
		print_trace(p, ok);
	else
		print_ping(sh, ok);
out:
	json_decref(p->all);
	json_decref(ok);
	return status;
}

int
run_ping(struct shell *sh, const struct args *a)
{
	struct probe p = { .sh = sh, .args = a };

	return run(&p, "count");
}

int
run_trace(struct shell *sh, const struct args *a)
{
	struct probe p = { .sh = sh, .args = a, .is_trace = true };

	return run(&p, "hops");
}
