/* The commands that talk about the shell: help, intro, bye. */
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/table.h"

#define WIDTH_DEFAULT 80
#define NAMES_MAX     32

int
run_bye(struct shell *sh, const struct args *a)
{
	(void)a;
	sh->ended = true;
	if (sh->editor != NULL)
		out_print(&sh->out, "See You, Space Cowboy!\n");
	return SHELL_OK;
}

static void
print_welcome(struct shell *sh)
{
	const json_t *h = sh->hello;
	long long asn = field_number(h, "asn");
	const char *endpoint = field_text(h, "endpoint");

	out_print(&sh->out, "\nWelcome to ");
	out_styled(
	    &sh->out, OUT_STRONG, "%s (AS%lld)", field_text(h, "network"), asn);
	out_print(&sh->out, " automated peering service\nYou are connected "
			    "as ");
	out_styled(&sh->out, OUT_STRONG, "%s", field_text(h, "mntner"));
	out_print(&sh->out, "%s to %s @ AS%lld\n\n",
	    field_flag(h, "admin") ? " (with an administrator's key)" : "",
	    endpoint[0] != '\0' ? endpoint : field_text(h, "pop"), asn);
}

static void
print_asns(struct shell *sh)
{
	struct table *t;

	if (sh->n_asns == 0) {
		out_styled(&sh->out, OUT_WARN,
		    "The registry has no AS number of yours.\n");
		return;
	}
	t = table_new(NULL);
	table_column(t, "Your AS number(s)", TABLE_KEEP);
	for (size_t i = 0; i < sh->n_asns; i++)
		table_cell(t, "%u", (unsigned)sh->asns[i]);
	table_print(t, &sh->out);
	table_free(t);
}

int
run_intro(struct shell *sh, const struct args *a)
{
	const char *motd;
	int status;

	(void)a;
	status = shell_hello(sh);
	if (status != 0)
		return status;
	motd = field_text(sh->hello, "motd");
	out_utf8(&sh->out, motd);
	if (motd[0] != '\0' && motd[strlen(motd) - 1] != '\n')
		out_print(&sh->out, "\n");
	print_welcome(sh);
	print_asns(sh);
	out_print(&sh->out,
	    "\nUse this shell to configure your BGP peering session.\n\n"
	    "Type help or ? to list commands.\n");
	return SHELL_OK;
}

/* The room that `names` take in `rows` rows, filled column by column. */
static size_t
columns_width(const char *const *names, size_t n, size_t rows)
{
	size_t width = 0;

	for (size_t at = 0; at < n; at += rows) {
		size_t longest = 0;

		for (size_t i = at; i < n && i < at + rows; i++)
			if (strlen(names[i]) > longest)
				longest = strlen(names[i]);
		width += longest + (at > 0 ? 2 : 0);
	}
	return width;
}

static void
print_columns(
    struct shell *sh, const char *const *names, size_t n, size_t width)
{
	size_t rows = 1;

	while (rows < n && columns_width(names, n, rows) >= width)
		rows++;
	for (size_t row = 0; row < rows; row++) {
		for (size_t i = row; i < n; i += rows) {
			size_t first = i - row;
			size_t count = n - first < rows ? n - first : rows;
			size_t room = columns_width(names + first, count, rows);
			bool last = i + rows >= n;

			out_styled(&sh->out, OUT_STRONG, "%s", names[i]);
			if (!last)
				out_print(&sh->out, "%*s",
				    (int)(room - strlen(names[i]) + 2), "");
		}
		out_print(&sh->out, "\n");
	}
}

static int
help_all(struct shell *sh)
{
	static const char title[] = "Documented commands (type help <topic>):";
	const char *names[NAMES_MAX];
	unsigned width = out_width(&sh->out);
	size_t n = 0;

	for (const struct command *c = commands; c->name != NULL; c++)
		if (command_allows(c, sh->operator) && n < NAMES_MAX)
			names[n++] = c->name;
	out_styled(&sh->out, OUT_HEADING, "%s\n", title);
	for (size_t i = 0; i + 1 < sizeof(title); i++)
		out_raw(&sh->out, "=");
	out_print(&sh->out, "\n");
	print_columns(sh, names, n, width > 0 ? width : WIDTH_DEFAULT);
	return SHELL_OK;
}

static void
print_usage(struct shell *sh, const struct command *c)
{
	out_styled(&sh->out, OUT_STRONG, "%s", c->name);
	if (c->positional != NULL) {
		for (const struct option_def *o = c->options;
		     o->type != OPTION_END; o++)
			if (strcmp(o->name, c->positional) == 0)
				out_print(&sh->out,
				    o->required ? " %s" : " [%s]",
				    option_placeholder(o->type));
	}
	if (c->options->type != OPTION_END && c->options->type != OPTION_TOPIC)
		out_print(&sh->out, " [options]");
	out_print(&sh->out, " - %s\n", c->brief);
}

static int
help_topic(struct shell *sh, const struct command *c)
{
	print_usage(sh, c);
	if (c->text != NULL) {
		out_print(&sh->out, "\n");
		out_folded(&sh->out, c->text, 0);
	}
	if (c->options->type == OPTION_END || c->options->type == OPTION_TOPIC)
		return SHELL_OK;
	out_print(&sh->out, "\n");
	for (const struct option_def *o = c->options; o->type != OPTION_END;
	     o++) {
		const char *value = option_placeholder(o->type);
		int room = 19 - (int)(strlen(o->name) + strlen(value));

		out_print(&sh->out, "  --%s %s%*s ", o->name, value,
		    room > 0 ? room : 0, "");
		out_folded(&sh->out, o->help, 24);
	}
	return SHELL_OK;
}

int
run_help(struct shell *sh, const struct args *a)
{
	const char *topic = args_get(a, "topic");
	const struct command *c;
	struct fault f;

	if (topic == NULL)
		return help_all(sh);
	c = command_find(topic, sh->operator);
	if (c != NULL)
		return help_topic(sh, c);
	fault_set(
	    &f, FAULT_INVALID, NULL, "There is no command \"%.60s\"", topic);
	return shell_usage(sh, NULL, &f);
}
