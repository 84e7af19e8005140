/* routes: networks as they come, each with what was chosen, and why. */
#include <stdio.h>
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"

#define NARROW	80
#define HOP_MAX 128

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

/* One line; two where the window is narrow. */
static void
print_line(struct shell *sh, const json_t *net)
{
	const json_t *best = find_best(json_object_get(net, "routes"));
	unsigned width = out_width(&sh->out);
	bool narrow = width > 0 && width < NARROW;
	const char *kernel = kernel_word(net, best);
	char hop[HOP_MAX];

	out_styled(&sh->out, OUT_STRONG, "%-20s", field_text(net, "network"));
	out_print(&sh->out, "%s", narrow ? "\n    " : " ");
	if (best == NULL) {
		out_styled(&sh->out, OUT_WARN, "no route is chosen\n");
		return;
	}
	out_print(&sh->out, "%-38s %s%s", hop_text(hop, best),
	    narrow ? "\n    " : "", field_text(best, "proto"));
	out_print(&sh->out, "  (%s)", field_text(net, "why"));
	if (kernel[0] != '\0')
		out_styled(&sh->out, OUT_WARN, "  %s", kernel);
	out_print(&sh->out, "\n");
}

static void
print_number(
    struct shell *sh, const char *what, const json_t *r, const char *key)
{
	if (field_is_set(r, key))
		out_print(&sh->out, "    %s %lld\n", what,
		    (long long)field_number(r, key));
}

static void
print_route(struct shell *sh, const json_t *r)
{
	bool best = field_flag(r, "best");
	char hop[HOP_MAX];

	out_print(&sh->out, "  %s ", best ? "*" : " ");
	out_styled(&sh->out, best ? OUT_GOOD : OUT_PLAIN, "%s",
	    field_text(r, "proto"));
	out_print(&sh->out, " %s, since %s\n", hop_text(hop, r),
	    field_text(r, "since"));
	if (field_is_set(r, "as_path"))
		out_print(
		    &sh->out, "    AS path %s\n", field_text(r, "as_path"));
	print_number(sh, "preference", r, "preference");
	print_number(sh, "local preference", r, "local_pref");
	print_number(sh, "MED", r, "med");
	print_number(sh, "metric", r, "metric");
}

static void
print_kernel(struct shell *sh, const json_t *list)
{
	char hop[HOP_MAX];
	json_t *k;
	size_t i;

	json_array_foreach(list, i, k)
	{
		out_print(&sh->out, "kernel: %s %s", field_text(k, "network"),
		    hop_text(hop, k));
		if (field_is_set(k, "src"))
			out_print(&sh->out, ", from %s", field_text(k, "src"));
		out_print(&sh->out, ", metric %lld\n",
		    (long long)field_number(k, "metric"));
	}
}

static void
print_full(struct shell *sh, const json_t *net)
{
	const json_t *best = find_best(json_object_get(net, "routes"));
	json_t *r;
	size_t i;

	out_styled(&sh->out, OUT_HEADING, "%s\n", field_text(net, "network"));
	json_array_foreach(json_object_get(net, "routes"), i, r)
	    print_route(sh, r);
	if (best != NULL)
		out_print(&sh->out, "  chosen: %s, %s\n",
		    field_text(best, "proto"), field_text(net, "why"));
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
	} else if (s->full)
		print_full(s->sh, net);
	else
		print_line(s->sh, net);
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
	if (s->full && s->n == 0)
		out_print(out, "BIRD has no route there.\n");
	if (s->full)
		print_kernel(s->sh, kernel);
	else if (api_stopped(s->sh->api))
		out_print(out, "%zu networks up to here\n", s->n);
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
