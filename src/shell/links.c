/* links: every tunnel, as `wg` knows it. */
#include <time.h>

#include "api/field.h"
#include "shell/linkword.h"
#include "shell/run.h"
#include "shell/tree.h"

static void
add_link(struct table *t, const json_t *l, int64_t now)
{
	struct word word = link_word(l, now);

	table_cell(t, "%s", field_text(l, "ifname"));
	if (field_is_set(l, "pop"))
		table_cell(t, "%s", field_text(l, "pop"));
	else
		table_cell(t, "AS%lld %s", (long long)field_number(l, "asn"),
		    field_text(l, "mntner"));
	table_styled(t, word.style, "%s", word.text);
	table_cell(t, "%s",
	    field_is_set(l, "endpoint") ? field_text(l, "endpoint") : "-");
	link_cells(t, l, now);
}

static void
print_links(struct shell *sh, const json_t *list)
{
	struct table *t = table_new(NULL);
	int64_t now = (int64_t)time(NULL);
	json_t *l;
	size_t i;

	table_column(t, "Interface", TABLE_KEEP);
	table_column(t, "With", TABLE_FOLD);
	table_column(t, "State", TABLE_KEEP);
	table_column(t, "Endpoint", TABLE_SPARE);
	table_column(t, "Latest handshake", TABLE_FOLD);
	table_column(t, "RTT", TABLE_KEEP);
	table_column(t, "Received / sent", TABLE_FOLD);
	json_array_foreach(list, i, l) add_link(t, l, now);
	table_print(t, &sh->out);
	table_free(t);
}

int
run_links(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL, *list;
	int status = shell_call(sh, a, "links", NULL, &answer);

	if (status != 0)
		return status;
	list = json_object_get(answer, "links");
	if (!shell_json(sh, a, answer)) {
		if (json_array_size(list) > 0)
			print_links(sh, list);
		else
			out_print(&sh->out, "There is no tunnel yet.\n");
	}
	json_decref(answer);
	return SHELL_OK;
}
