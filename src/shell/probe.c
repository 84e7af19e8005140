/* ping and trace: a line for each answer, when it comes. */
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/units.h"
#include "shell/whose.h"

#define NARROW		80 /* below it a hop's name has a line of its own */
#define NAME_COLUMN	41
#define ADDRESS_COLUMNS 26
#define SHORT		24 /* an address that leaves room for a time there */

/* What the parts are told to. */
struct probe {
	struct shell *sh;
	const struct args *args;
	bool is_trace;
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
		return six ? "the address does not answer" : "the port";
	case 9:
	case 10:
	case 13:
		return "forbidden";
	}
	return "unreachable";
}

/* Behind what stands in the line, or below it; folded in a window. */
static void
print_name(struct out *out, const char *name, bool narrow)
{
	if (name[0] == '\0') {
		out_print(out, "\n");
		return;
	}
	out_print(out, "%s", narrow ? "\n    " : "  ");
	if (out_width(out) > 0)
		out_folded(out, name, narrow ? 4 : NAME_COLUMN);
	else
		out_print(out, "%s\n", name);
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
	char text[UNITS_MAX], name[WHOSE_MAX];

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
	if (strcmp(kind, "unreachable") == 0)
		out_styled(out, OUT_BAD, "  %s", unreachable_text(part));
	if (!p->is_trace && field_is_set(part, "hops_left"))
		out_print(out, "  ttl %lld",
		    (long long)field_number(part, "hops_left"));
	/* A long address has moved what is behind it. */
	print_name(out, whose_text(name, part),
	    narrow || (width > 0 && strlen(address) > ADDRESS_COLUMNS));
}

static bool
on_part(void *arg, const json_t *part)
{
	struct probe *p = arg;

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
	char least[UNITS_MAX], mean[UNITS_MAX], most[UNITS_MAX];

	out_print(&sh->out, "%lld sent, %lld received",
	    (long long)field_number(ok, "sent"),
	    (long long)field_number(ok, "received"));
	if (field_is_set(ok, "avg"))
		out_print(&sh->out, "; %s to %s, mean %s",
		    units_ms(least, (uint32_t)field_number(ok, "min")),
		    units_ms(most, (uint32_t)field_number(ok, "max")),
		    units_ms(mean, (uint32_t)field_number(ok, "avg")));
	out_print(&sh->out, "\n");
}

static void
print_trace(struct shell *sh, const json_t *ok)
{
	if (field_flag(ok, "reached") || api_stopped(sh->api))
		return;
	out_styled(&sh->out, OUT_WARN,
	    "The target does not answer, nor does any hop up to %lld beyond "
	    "these.\n",
	    (long long)field_number(ok, "asked"));
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
		print_trace(sh, ok);
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
