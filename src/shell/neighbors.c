/* neighbors: BGP sessions in a table, or one in full. */
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/table.h"
#include "shell/tree.h"

static bool
on_part(void *list, const json_t *part)
{
	json_t *s = json_object_get(part, "session");

	return s == NULL || json_array_append(list, s) == 0;
}

static bool
is_up(const json_t *s)
{
	return strcmp(field_text(s, "state"), "up") == 0;
}

/* "463 / 0 / 463 / 1", over both families. */
static void
add_routes(struct table *t, const json_t *s)
{
	long long imported = 0, preferred = 0, exported = 0, filtered = 0;
	json_t *c;
	size_t i;

	json_array_foreach(json_object_get(s, "channels"), i, c)
	{
		imported += field_number(c, "imported");
		preferred += field_number(c, "preferred");
		exported += field_number(c, "exported");
		filtered += field_number(c, "filtered");
	}
	table_cell(t, "%lld / %lld / %lld / %lld", imported, filtered,
	    preferred, exported);
}

static void
add_session(struct table *t, const json_t *s)
{
	const char *since = field_text(s, "since");

	table_cell(t, "%s", field_text(s, "name"));
	if (field_is_set(s, "pop"))
		table_cell(t, "%s", field_text(s, "pop"));
	else
		table_cell(t, "AS%lld %s", (long long)field_number(s, "asn"),
		    field_text(s, "mntner"));
	table_styled(t, is_up(s) ? OUT_GOOD : OUT_WARN, "%s",
	    field_text(s, "info")[0] != '\0' ? field_text(s, "info")
					     : field_text(s, "state"));
	/* Without the fraction that BIRD 2 has. */
	table_cell(t, "%.*s", (int)strcspn(since, "."), since);
	add_routes(t, s);
}

static void
print_table(struct shell *sh, const json_t *list)
{
	struct table *t = table_new(NULL);
	json_t *s;
	size_t i;

	table_column(t, "Name", TABLE_KEEP);
	table_column(t, "With", TABLE_FOLD);
	table_column(t, "State", TABLE_FOLD);
	table_column(t, "Since", TABLE_SPARE);
	table_column(
	    t, "Imported / filtered / preferred / exported", TABLE_KEEP);
	json_array_foreach(list, i, s) add_session(t, s);
	table_print(t, &sh->out);
	table_free(t);
}

int
run_neighbors(struct shell *sh, const struct args *a)
{
	const char *name = args_get(a, "name");
	json_t *list = json_array(), *ok = NULL, *o, *s;
	size_t i;
	int status;

	status = shell_stream(sh, a, "neighbors",
	    name != NULL ? json_pack("{s:s}", "name", name) : NULL, on_part,
	    list, &ok);
	if (status != 0)
		goto out;
	o = json_pack("{s:O}", "neighbors", list);
	if (shell_json(sh, a, o))
		;
	else if (json_array_size(list) == 0)
		out_print(&sh->out, "There is no BGP session yet.\n");
	else if (name == NULL)
		print_table(sh, list);
	else
		json_array_foreach(list, i, s) session_print(sh, s);
	json_decref(o);
	if (api_stopped(sh->api))
		status = SHELL_REFUSED; /* there may be more */
out:
	json_decref(ok);
	json_decref(list);
	return status;
}
