#include "shell/refused.h"

#include <bsd/string.h>

#include "api/field.h"
#include "base/ip.h"
#include "shell/table.h"

#define REFUSED_SHOWN 4 /* prefixes of a reason */

/* The first prefixes, and how many are left. */
static void
add_refused(struct table *t, const json_t *r)
{
	const json_t *list = json_object_get(r, "prefixes");
	size_t i, shown = json_array_size(list);
	long long count = field_number(r, "count");
	char text[REFUSED_SHOWN * (PREFIX_TEXT_MAX + 2)] = "";
	json_t *v;

	if (shown > REFUSED_SHOWN)
		shown = REFUSED_SHOWN;
	table_cell(t, "%s", field_text(r, "reason"));
	table_cell(t, "%lld", count);
	json_array_foreach(list, i, v)
	{
		if (i == shown || !json_is_string(v))
			break;
		strlcat(text, i > 0 ? ", " : "", sizeof(text));
		strlcat(text, json_string_value(v), sizeof(text));
	}
	if (count > (long long)shown)
		table_cell(t, "%s%sand %lld more", text, shown > 0 ? ", " : "",
		    count - (long long)shown);
	else
		table_cell(t, "%s", text);
}

void
refused_print(struct out *o, const json_t *status)
{
	const json_t *list = json_object_get(status, "refused");
	struct table *t;
	json_t *r;
	size_t i;

	if (field_is_set(status, "refused_wait"))
		out_print(o,
		    "\nWhich routes are refused, and why: ask again in %lld "
		    "s.\n",
		    (long long)field_number(status, "refused_wait"));
	if (json_array_size(list) == 0)
		return;
	out_print(o, "\n");
	t = table_new("Refused routes");
	table_column(t, "Reason", TABLE_FOLD);
	table_column(t, "Routes", TABLE_KEEP);
	table_column(t, "Prefixes", TABLE_FOLD);
	json_array_foreach(list, i, r) add_refused(t, r);
	table_print(t, o);
	table_free(t);
}
