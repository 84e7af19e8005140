/* peer_config: both sides' values, and ready files for the other side. */
#include <string.h>

#include "api/field.h"
#include "shell/run.h"
#include "shell/tree.h"
#include "shell/table.h"

struct side {
	long long asn;
	const char *key, *endpoint, *link_local;
	long long port; /* 0: none */
};

static void
print_side(struct shell *sh, const struct side *s)
{
	struct table *t = table_new(NULL);
	char heading[32];

	snprintf(heading, sizeof(heading), "AS%lld", s->asn);
	table_column(t, "Link config.", TABLE_KEEP);
	table_column(t, heading, TABLE_FOLD);
	table_cell(t, "Wg pub key");
	table_cell(t, "%s", s->key);
	table_cell(t, "Wg Endpoint addr.");
	table_cell(t, "%s", s->port > 0 ? s->endpoint : "(behind NAT)");
	table_cell(t, "Wg Endpoint port");
	if (s->port > 0)
		table_cell(t, "%lld", s->port);
	else
		table_cell(t, "-");
	table_cell(t, "Link-local address");
	table_cell(t, "%s", s->link_local);
	table_print(t, &sh->out);
	table_free(t);
}

/* A file, line by line, with a margin as on the other screens. */
static void
print_file(struct shell *sh, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		out_print(
		    &sh->out, len > 0 ? " %.*s\n" : "%.*s\n", (int)len, text);
		text += len;
		text += *text == '\n';
	}
}

static void
print_heading(struct shell *sh, const char *what, long long asn)
{
	out_print(&sh->out, "\n");
	out_styled(
	    &sh->out, OUT_HEADING, "%s configuration for AS%lld\n", what, asn);
	out_print(&sh->out, "\n\n");
}

static void
print_config(struct shell *sh, const json_t *answer)
{
	const json_t *p = json_object_get(answer, "peering");
	const json_t *ours = json_object_get(answer, "ours");
	long long asn = field_number(p, "asn");
	const struct side sides[] = {
		{ asn, field_text(p, "key"), field_text(p, "endpoint"),
		    field_text(p, "link_local"), field_number(p, "port") },
		{ field_number(ours, "asn"), field_text(ours, "key"),
		    field_text(ours, "endpoint"),
		    field_text(ours, "link_local"),
		    field_number(ours, "port") },
	};

	print_side(sh, &sides[0]);
	print_side(sh, &sides[1]);
	print_heading(sh, "Wireguard", asn);
	print_file(sh, field_text(answer, "wg_quick"));
	out_print(&sh->out, "\n");
	print_heading(sh, "Bird", asn);
	print_file(sh, field_text(answer, "bird2"));
}

/* True if only a file was asked for, and has been printed. */
static bool
print_only(struct shell *sh, const struct args *a, const json_t *answer)
{
	const char *name = NULL;

	if (args_get(a, "wg-quick") != NULL)
		name = "wg_quick";
	else if (args_get(a, "bird") != NULL)
		name = "bird2";
	if (name == NULL)
		return false;
	out_print(&sh->out, "%s", field_text(answer, name));
	return true;
}

int
run_config(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL;
	uint32_t asn;
	int status;

	status = shell_pick(sh, a, &asn);
	if (status != 0)
		return status;
	status = shell_call(sh, a, "peer_config",
	    json_pack("{s:I}", "asn", (json_int_t)asn), &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer) && !print_only(sh, a, answer))
		print_config(sh, answer);
	json_decref(answer);
	return SHELL_OK;
}
