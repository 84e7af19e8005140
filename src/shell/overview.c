/* status: at one look, how the POP, its links and its sessions are. */
#include <string.h>
#include <time.h>

#include "api/field.h"
#include "shell/linkword.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/table.h"
#include "shell/units.h"

static struct word
session_word(const json_t *p)
{
	const char *state = field_text(p, "state");

	return (struct word){ state,
		strcmp(state, "up") == 0 ? OUT_GOOD : OUT_WARN };
}

/* "2 of 3 up" */
static void
add_count(struct table *t, const char *what, size_t up, size_t n)
{
	table_cell(t, "%s", what);
	table_styled(t, up == n ? OUT_GOOD : OUT_WARN, "%zu of %zu up", up, n);
}

static void
add_links(struct table *t, const json_t *list, int64_t now)
{
	size_t i, up = 0;
	json_t *l;

	if (json_array_size(list) == 0)
		return;
	json_array_foreach(list, i, l) up +=
	    link_word(l, now).style == OUT_GOOD;
	add_count(t, "Links", up, json_array_size(list));
}

static void
add_sessions(struct table *t, const json_t *list)
{
	size_t i, up = 0;
	json_t *p;

	json_array_foreach(list, i, p) up += session_word(p).style == OUT_GOOD;
	if (json_array_size(list) > 0) {
		add_count(t, "Sessions", up, json_array_size(list));
	} else if (!json_is_array(list)) {
		table_cell(t, "Sessions");
		table_styled(t, OUT_BAD, "BIRD does not answer");
	}
}

static void
add_registry(struct table *t, const json_t *r)
{
	table_cell(t, "Registry");
	if (json_is_object(r))
		table_cell(t,
		    "%lld maintainers, %lld AS numbers, %lld keys, "
		    "%lld skipped",
		    (long long)field_number(r, "mntners"),
		    (long long)field_number(r, "aut_nums"),
		    (long long)field_number(r, "keys"),
		    (long long)field_number(r, "skipped"));
	else
		table_styled(t, OUT_BAD, "could not be read");
	if (!json_is_object(r))
		return;
	table_cell(t, "Routes");
	if (field_text(r, "error")[0] == '\0')
		table_cell(t, "%lld ROAs", (long long)field_number(r, "roas"));
	else
		table_styled(t, OUT_BAD, "%s; what was known before stays",
		    field_text(r, "error"));
	if (field_text(r, "refused")[0] == '\0')
		return;
	table_cell(t, "Refused");
	table_styled(t, OUT_BAD, "%s; the registry in force stays",
	    field_text(r, "refused"));
}

/* Which state it is, and since when that is not known to be the newest. */
static void
add_sync(struct table *t, const json_t *s, int64_t now)
{
	const char *commit = field_text(s, "commit");
	const char *error = field_text(s, "error");
	char ago[UNITS_MAX];

	if (!json_is_object(s))
		return;
	table_cell(t, "Commit");
	if (commit[0] == '\0')
		table_styled(t, OUT_WARN, "none yet%s",
		    field_flag(s, "running") ? ", it is being fetched" : "");
	else
		table_cell(t, "%.12s, checked: %s", commit,
		    units_ago(ago, field_number(s, "checked"), now));
	if (error[0] != '\0') {
		table_cell(t, "Last pull");
		table_styled(t, OUT_BAD, "%s", error);
	}
}

static void
print_pop(struct shell *sh, const json_t *o, int64_t now)
{
	const json_t *peerings = json_object_get(o, "peerings");
	long long waiting = field_number(peerings, "waiting");
	long long refused = field_number(peerings, "refused");
	long long paused = field_number(peerings, "paused");
	struct table *t = table_new(NULL);
	char more[48] = "";

	if (paused > 0)
		snprintf(more, sizeof(more), ", %lld paused", paused);
	table_column(t, "POP", TABLE_KEEP);
	table_column(t, field_text(o, "pop"), TABLE_FOLD);
	table_cell(t, "Network");
	table_cell(t, "AS%lld", (long long)field_number(o, "asn"));
	table_cell(t, "Visitors");
	table_cell(t, "%lld logged in", (long long)field_number(o, "sessions"));
	add_registry(t, json_object_get(o, "registry"));
	add_sync(t, json_object_get(o, "sync"), now);
	table_cell(t, "Peerings");
	table_styled(t, waiting + refused + paused > 0 ? OUT_WARN : OUT_PLAIN,
	    "%lld applied, %lld waiting, %lld refused%s",
	    (long long)field_number(peerings, "applied"), waiting, refused,
	    more);
	add_links(t, json_object_get(o, "links"), now);
	add_sessions(t, json_object_get(o, "protocols"));
	table_print(t, &sh->out);
	table_free(t);
}

/* What keeps those of the list that are not as they should be. */
static void
print_reasons(struct shell *sh, const json_t *list, const char *name)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		if (field_text(o, "reason")[0] != '\0')
			out_styled(&sh->out, OUT_WARN, "%s is %s: %s\n",
			    field_text(o, name), field_text(o, "state"),
			    field_text(o, "reason"));
	}
}

static void
add_link(struct table *t, const json_t *l, int64_t now)
{
	struct word word = link_word(l, now);

	table_cell(t, "%s", field_text(l, "pop"));
	table_cell(t, "%s", field_text(l, "ifname"));
	table_styled(t, word.style, "%s", word.text);
	link_cells(t, l, now);
}

static void
print_links(struct shell *sh, const json_t *list, int64_t now)
{
	struct table *t;
	json_t *l;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	t = table_new("Links");
	table_column(t, "POP", TABLE_KEEP);
	table_column(t, "Interface", TABLE_KEEP);
	table_column(t, "State", TABLE_KEEP);
	table_column(t, "Latest handshake", TABLE_FOLD);
	table_column(t, "RTT", TABLE_KEEP);
	table_column(t, "Received / sent", TABLE_FOLD);
	json_array_foreach(list, i, l) add_link(t, l, now);
	table_print(t, &sh->out);
	table_free(t);
	print_reasons(sh, list, "ifname");
}

static void
add_session(struct table *t, const json_t *p)
{
	struct word word = session_word(p);

	table_cell(t, "%s", field_text(p, "name"));
	if (field_is_set(p, "asn"))
		table_cell(t, "AS%lld", (long long)field_number(p, "asn"));
	else if (field_is_set(p, "pop"))
		table_cell(t, "%s", field_text(p, "pop"));
	else
		table_cell(t, "-");
	table_styled(t, word.style, "%s", word.text);
	table_cell(t, "%s", field_text(p, "since"));
	table_cell(t, "%s", field_text(p, "info"));
}

static void
print_sessions(struct shell *sh, const json_t *list)
{
	struct table *t;
	json_t *p;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	t = table_new("Sessions");
	table_column(t, "Name", TABLE_KEEP);
	table_column(t, "With", TABLE_KEEP);
	table_column(t, "State", TABLE_KEEP);
	table_column(t, "Since", TABLE_FOLD);
	table_column(t, "Info", TABLE_FOLD);
	json_array_foreach(list, i, p) add_session(t, p);
	table_print(t, &sh->out);
	table_free(t);
}

/* Too many at once to be paused without a person's word. */
static void
print_held(struct shell *sh, const json_t *list)
{
	json_t *o;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	json_array_foreach(list, i, o)
	    out_styled(&sh->out, OUT_WARN, "AS%lld is to be paused: %s\n",
		(long long)field_number(o, "asn"), field_text(o, "reason"));
	out_styled(&sh->out, OUT_BAD,
	    "That is more than a tenth of all peerings at once: look why. "
	    "`meetme registry confirm`\npauses them; if the registry is "
	    "mended, nothing happens.\n");
}

int
run_pop(struct shell *sh, const struct args *a)
{
	int64_t now = (int64_t)time(NULL);
	json_t *answer = NULL;
	int status;

	status = shell_call(sh, a, "status", NULL, &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer)) {
		print_pop(sh, answer, now);
		print_reasons(sh, json_object_get(answer, "parts"), "name");
		print_held(sh, json_object_get(answer, "held"));
		print_links(sh, json_object_get(answer, "links"), now);
		print_sessions(sh, json_object_get(answer, "protocols"));
	}
	json_decref(answer);
	return SHELL_OK;
}
