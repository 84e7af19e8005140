/* peer_list */
#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/table.h"

static void
add_row(struct table *t, const json_t *p, bool operator)
{
	table_cell(t, "%lld", (long long)field_number(p, "asn"));
	if (operator)
		table_cell(t, "%s", field_text(p, "mntner"));
	table_cell(t, "%s", field_text(p, "key"));
	if (field_is_set(p, "endpoint")) {
		table_cell(t, "%s", field_text(p, "endpoint"));
		table_cell(t, "%lld", (long long)field_number(p, "port"));
	} else {
		table_cell(t, "(behind NAT)");
		table_cell(t, "-");
	}
	table_cell(t, "%s", field_text(p, "state"));
}

static void
print_table(struct shell *sh, const json_t *list)
{
	struct table *t =
	    table_new(sh->operator? "Existing peering sessions"
				  : "Your existing peering sessions");
	size_t i;
	json_t *p;

	table_column(t, "AS number", TABLE_KEEP);
	if (sh->operator)
		table_column(t, "Maintainer", TABLE_FOLD);
	table_column(t, "Wireguard public key", TABLE_CUT);
	table_column(t, "Endpoint address", TABLE_FOLD);
	table_column(t, "Endpoint port", TABLE_KEEP);
	table_column(t, "State", TABLE_KEEP);
	json_array_foreach(list, i, p) add_row(t, p, sh->operator);
	table_print(t, &sh->out);
	table_free(t);
}

int
run_list(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL, *list, *p;
	int status;
	size_t i;

	status = shell_call(sh, a, "peer_list", NULL, &answer);
	if (status != 0)
		return status;
	list = json_object_get(answer, "peerings");
	if (shell_json(sh, a, answer)) {
		json_decref(answer);
		return SHELL_OK;
	}
	if (json_array_size(list) == 0)
		out_print(&sh->out, "There is no peering session yet; "
				    "peer_create makes one.\n");
	else
		print_table(sh, list);
	json_array_foreach(list, i, p)
	{
		if (field_text(p, "reason")[0] != '\0')
			out_styled(&sh->out, OUT_WARN, "AS%lld is %s: %s\n",
			    (long long)field_number(p, "asn"),
			    field_text(p, "state"), field_text(p, "reason"));
	}
	json_decref(answer);
	return SHELL_OK;
}
