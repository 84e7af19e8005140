/* The operator's own commands: events, reload. */
#include <stdlib.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/table.h"
#include "shell/units.h"

static void
print_events(struct shell *sh, const json_t *list)
{
	struct table *t = table_new(NULL);
	char when[UNITS_MAX];
	size_t n = json_array_size(list);

	table_column(t, "Time", TABLE_KEEP);
	table_column(t, "Who", TABLE_FOLD);
	table_column(t, "From", TABLE_FOLD);
	table_column(t, "Key", TABLE_CUT);
	table_column(t, "What", TABLE_KEEP);
	table_column(t, "AS number", TABLE_KEEP);
	table_column(t, "Detail", TABLE_FOLD);
	while (n-- > 0) { /* they come newest first */
		const json_t *e = json_array_get(list, n);
		int64_t asn = field_number(e, "asn");

		table_cell(t, "%s", units_time(when, field_number(e, "time")));
		table_cell(t, "%s%s", field_text(e, "who"),
		    field_flag(e, "admin") ? " (admin key)" : "");
		table_cell(t, "%s", field_text(e, "from"));
		table_cell(t, "%s", field_text(e, "key"));
		table_cell(t, "%s", field_text(e, "what"));
		if (asn > 0)
			table_cell(t, "%lld", (long long)asn);
		else
			table_cell(t, "-");
		table_cell(t, "%s", field_text(e, "detail"));
	}
	table_print(t, &sh->out);
	table_free(t);
}

int
run_events(struct shell *sh, const struct args *a)
{
	const char *max = args_get(a, "max");
	json_t *answer = NULL, *args = NULL;
	int status;

	if (max != NULL) /* checked when parsed */
		args = json_pack("{s:i}", "max", atoi(max));
	status = shell_call(sh, a, "events", args, &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer))
		print_events(sh, json_object_get(answer, "events"));
	json_decref(answer);
	return SHELL_OK;
}

int
run_reload(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL, *args;
	int status;

	args = json_pack("{s:b}", "force", args_get(a, "force") != NULL);
	status = shell_call(sh, a, "reload", args, &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer))
		out_print(&sh->out, "Read again.\n");
	json_decref(answer);
	return SHELL_OK;
}
