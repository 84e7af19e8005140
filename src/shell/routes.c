/* routes: networks as they come, each with what was chosen, and why. */
#include <stdio.h>
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"

#define NARROW		80
#define WIDE		120
#define NETWORK_COLUMNS 20
#define HOP_COLUMNS	38
#define HOP_MAX		128
#define NUMBERS_MAX	128

/* What the parts are told to. */
struct routes {
	struct shell *sh;
	bool json;
	bool full; /* of a prefix: all that is known */
	size_t n;
};

/* "via 10.132.0.2 on wg0", "unreachable" */
static const char *
hop_text(char buf[HOP_MAX], const json_t *r)
{
	const char *via = field_text(r, "via"), *on = field_text(r, "ifname");
	const char *type = field_text(r, "type");

	if (via[0] == '\0' && on[0] == '\0')
		snprintf(buf, HOP_MAX, "%s", type[0] != '\0' ? type : "-");
	else
		snprintf(buf, HOP_MAX, "%s%s%s%s", via[0] != '\0' ? "via " : "",
		    via, via[0] != '\0' && on[0] != '\0' ? " on " : "",
		    via[0] == '\0' || on[0] != '\0' ? on : "");
	return buf;
}

static const json_t *
find_best(const json_t *list)
{
	json_t *r;
	size_t i;

	json_array_foreach(list, i, r)
	{
		if (field_flag(r, "best"))
			return r;
	}
	return NULL;
}

/* Does the kernel send where BIRD says? Only told where it does not. */
static const char *
kernel_word(const json_t *net, const json_t *best)
{
	json_t *list = json_object_get(net, "kernel"), *k;
	size_t i;

	if (!json_is_array(list) || best == NULL)
		return "";
	if (strcmp(field_text(best, "ifname"), "lo") == 0)
		return ""; /* our own address: the kernel needs no route */
	json_array_foreach(list, i, k)
	{
		if (strcmp(field_text(k, "ifname"),
			field_text(best, "ifname")) == 0 &&
		    strcmp(field_text(k, "via"), field_text(best, "via")) == 0)
			return "";
		if (!field_is_set(best, "ifname"))
			return ""; /* unreachable has none of its own */
	}
	return json_array_size(list) > 0 ? "the kernel sends elsewhere"
					 : "not in the kernel";
}

/* Why it was chosen, where there was a choice; what the kernel makes of it. */
static void
print_notes(struct out *out, const json_t *net, const json_t *best, bool below)
{
	const bool chosen = field_number(net, "count") > 1;
	const char *kernel = kernel_word(net, best);

	if (chosen || kernel[0] != '\0')
		out_print(out, "%s", below ? "\n    " : "  ");
	if (chosen)
		out_print(out, "(%s)%s", field_text(net, "why"),
		    kernel[0] != '\0' ? "  " : "");
	out_styled(out, OUT_WARN, "%s", kernel);
	out_print(out, "\n");
}

/* One line; several where the window is narrow. */
static void
print_line(struct shell *sh, const json_t *net)
{
	const json_t *best = find_best(json_object_get(net, "routes"));
	unsigned width = out_width(&sh->out);
	bool narrow = width > 0 && width < NARROW;
	char hop[HOP_MAX];

	out_styled(&sh->out, OUT_STRONG, "%-*s", narrow ? 0 : NETWORK_COLUMNS,
	    field_text(net, "network"));
	out_print(&sh->out, "%s", narrow ? "\n    " : " ");
	if (best == NULL) {
		out_styled(&sh->out, OUT_WARN, "no route is chosen\n");
		return;
	}
	out_print(&sh->out, "%-*s%s%s", narrow ? 0 : HOP_COLUMNS,
	    hop_text(hop, best), narrow ? "\n    " : " ",
	    field_text(best, "proto"));
	print_notes(&sh->out, net, best, width > 0 && width < WIDE);
}

/* Of lines, before the first. */
static void
print_heading(struct out *out)
{
	unsigned width = out_width(out);

	if (width == 0 || width >= NARROW)
		out_styled(out, OUT_HEADING, "%-*s %-*s %s\n", NETWORK_COLUMNS,
		    "Network", HOP_COLUMNS, "Next hop", "Protocol");
}

static void
add_number(
    char buf[NUMBERS_MAX], const char *what, const json_t *r, const char *key)
{
	size_t len = strlen(buf);

	if (field_is_set(r, key))
		snprintf(buf + len, NUMBERS_MAX - len, "%s%s %lld",
		    len > 0 ? ", " : "", what, (long long)field_number(r, key));
}

static void
print_route(struct out *out, const json_t *r)
{
	bool best = field_flag(r, "best");
	const char *since = field_text(r, "since");
	char text[NUMBERS_MAX] = "", hop[HOP_MAX];

	out_print(out, "  %s ", best ? "*" : " ");
	out_styled(
	    out, best ? OUT_GOOD : OUT_PLAIN, "%s", field_text(r, "proto"));
	/* Without the fraction that BIRD 2 has. */
	out_print(out, ", since %.*s\n    ", (int)strcspn(since, "."), since);
	out_wrapped(out, OUT_PLAIN, hop_text(hop, r), 4);
	if (field_is_set(r, "as_path")) {
		out_print(out, "    AS path ");
		out_wrapped(out, OUT_PLAIN, field_text(r, "as_path"), 12);
	}
	add_number(text, "preference", r, "preference");
	add_number(text, "local preference", r, "local_pref");
	add_number(text, "MED", r, "med");
	add_number(text, "metric", r, "metric");
	out_print(out, "    ");
	out_wrapped(out, OUT_PLAIN, text, 4);
}

static void
print_kernel(struct out *out, const json_t *list)
{
	char text[2 * HOP_MAX], hop[HOP_MAX];
	json_t *k;
	size_t i;

	json_array_foreach(list, i, k)
	{
		const char *src = field_text(k, "src");

		snprintf(text, sizeof(text), "%s %s%s%s, metric %lld",
		    field_text(k, "network"), hop_text(hop, k),
		    src[0] != '\0' ? ", from " : "", src,
		    (long long)field_number(k, "metric"));
		out_print(out, "kernel: ");
		out_wrapped(out, OUT_PLAIN, text, 8);
	}
}

static void
print_full(struct shell *sh, const json_t *net)
{
	const json_t *best = find_best(json_object_get(net, "routes"));
	char chosen[2 * HOP_MAX];
	json_t *r;
	size_t i;

	out_styled(&sh->out, OUT_HEADING, "%s\n", field_text(net, "network"));
	json_array_foreach(json_object_get(net, "routes"), i, r)
	    print_route(&sh->out, r);
	if (best != NULL) {
		snprintf(chosen, sizeof(chosen), "%s, %s",
		    field_text(best, "proto"), field_text(net, "why"));
		out_print(&sh->out, "  chosen: ");
		out_wrapped(&sh->out, OUT_PLAIN, chosen, 10);
	}
	if (kernel_word(net, best)[0] != '\0')
		out_styled(
		    &sh->out, OUT_WARN, "  %s\n", kernel_word(net, best));
}

static void
print_network(struct routes *s, const json_t *net)
{
	struct out *out = &s->sh->out;

	s->n++;
	if (s->json) {
		out_print(out, "%s", s->n > 1 ? ",\n    " : "    ");
		json_dumpf(net, out->f, JSON_COMPACT | JSON_ENSURE_ASCII);
	} else if (s->full) {
		print_full(s->sh, net);
	} else {
		if (s->n == 1)
			print_heading(out);
		print_line(s->sh, net);
	}
}

static bool
on_part(void *arg, const json_t *part)
{
	struct routes *s = arg;
	json_t *net;
	size_t i;

	if (s->json && s->n == 0)
		out_print(&s->sh->out, "{\n  \"networks\": [\n");
	json_array_foreach(json_object_get(part, "networks"), i, net)
	    print_network(s, net);
	return out_flush(&s->sh->out) == 0;
}

/* What is behind the networks. */
static void
print_end(struct routes *s, const json_t *ok)
{
	struct out *out = &s->sh->out;
	json_t *kernel = json_object_get(ok, "kernel");

	if (s->json) {
		out_print(out, "%s\n  ],\n  \"kernel\": ",
		    s->n == 0 ? "{\n  \"networks\": [" : "");
		json_dumpf(kernel, out->f, JSON_COMPACT | JSON_ENSURE_ASCII);
		out_print(out, ",\n  \"count\": %zu\n}\n", s->n);
		return;
	}
	if (api_stopped(s->sh->api)) {
		out_print(out, "%zu networks up to here\n", s->n);
		return;
	}
	if (s->full && s->n == 0)
		out_print(out, "BIRD has no route there.\n");
	if (s->full)
		print_kernel(out, kernel);
	else if (field_is_set(ok, "kernel_count"))
		out_print(out,
		    "%zu networks; the kernel's main table has "
		    "%lld routes\n",
		    s->n, (long long)field_number(ok, "kernel_count"));
}

int
run_routes(struct shell *sh, const struct args *a)
{
	const char *prefix = args_get(a, "prefix");
	struct routes s = { .sh = sh,
		.json = args_get(a, "json") != NULL,
		.full = prefix != NULL };
	json_t *ok = NULL;
	struct fault f;
	int status;

	if (prefix == NULL && !sh->operator) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "routes needs a prefix or an address");
		return shell_usage(sh, a->command, &f);
	}
	status = shell_stream(sh, a, "routes",
	    prefix != NULL ? json_pack("{s:s}", "prefix", prefix) : NULL,
	    on_part, &s, &ok);
	if (status == 0)
		print_end(&s, ok);
	if (status == 0 && api_stopped(sh->api))
		status = SHELL_REFUSED; /* there are more */
	json_decref(ok);
	return status;
}
