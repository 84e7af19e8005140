/* peer_create, peer_edit and peer_remove in one line. */
#include "shell/change.h"

#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "base/num.h"
#include "shell/ask.h"
#include "shell/run.h"
#include "shell/tree.h"

/* Options that say how to do a command, not what to change. */
static bool
is_manner(const struct option_def *o)
{
	return strcmp(o->name, "json") == 0 || strcmp(o->name, "yes") == 0;
}

json_t *
change_value(enum option_type type, const char *value)
{
	uint32_t asn;

	if (type == OPTION_ASN && asn_parse(&asn, value, strlen(value)) == 0)
		return json_integer(asn);
	if (type == OPTION_PORT || type == OPTION_MTU)
		return json_integer(atoi(value)); /* checked when parsed */
	return json_string(value);
}

/* --no-psk: false; --no-endpoint: null, and the port with it. */
static void
set_flag(json_t *o, const char *option)
{
	if (strcmp(option, "psk") == 0)
		json_object_set_new(o, "psk", json_true());
	else if (strcmp(option, "no-psk") == 0)
		json_object_set_new(o, "psk", json_false());
	else if (strcmp(option, "no-link-local") == 0)
		json_object_set_new(o, "link_local", json_null());
	else if (strcmp(option, "no-endpoint") == 0) {
		json_object_set_new(o, "endpoint", json_null());
		json_object_set_new(o, "port", json_null());
	}
}

/* What was typed as the API's arguments. NULL: no memory. */
static json_t *
to_json(const struct args *a)
{
	const struct option_def *o = a->command->options;
	json_t *out = json_object();

	for (int i = 0; out != NULL && o[i].type != OPTION_END; i++) {
		if (a->value[i] == NULL || is_manner(&o[i]))
			continue;
		if (o[i].type == OPTION_FLAG)
			set_flag(out, o[i].name);
		else
			json_object_set_new(out,
			    o[i].type == OPTION_LINK_LOCAL ? "link_local"
							   : o[i].name,
			    change_value(o[i].type, a->value[i]));
	}
	return out;
}

/* How many options say what to do, `asn` apart. */
static int
count_wishes(const struct args *a)
{
	const struct option_def *o = a->command->options;
	int n = 0;

	for (int i = 0; o[i].type != OPTION_END; i++)
		if (a->value[i] != NULL && strcmp(o[i].name, "asn") != 0)
			n++;
	return n;
}

void
change_done(struct shell *sh, const char *done, const json_t *answer)
{
	const json_t *seconds = json_object_get(answer, "seconds");
	const json_t *p = json_object_get(answer, "peering");

	if (json_is_number(seconds)) {
		out_styled(&sh->out, OUT_GOOD, "%s in %.2f s.\n", done,
		    json_number_value(seconds));
		return;
	}
	out_styled(&sh->out, OUT_WARN,
	    "Stored, but not applied yet%s%s; it is tried again.\n",
	    field_text(p, "reason")[0] != '\0' ? ": " : "",
	    field_text(p, "reason"));
	if (p != NULL)
		out_print(&sh->out, "peer_status tells when it is.\n");
}

static int
submit(struct shell *sh, const struct args *a, const char *op, json_t *args)
{
	json_t *answer = NULL;
	int status;

	status = shell_call(sh, a, op, args, &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer)) {
		change_done(sh, "Applied", answer);
		out_print(&sh->out, "peer_config prints the configuration "
				    "for your side.\n");
	}
	json_decref(answer);
	return SHELL_OK;
}

int
run_create(struct shell *sh, const struct args *a)
{
	bool host = args_get(a, "endpoint") != NULL;
	struct fault f;

	if (sh->editor != NULL && count_wishes(a) == 0)
		return wizard_create(sh, a);
	if (command_require(a, &f) != 0)
		return shell_usage(sh, a->command, &f);
	if (host != (args_get(a, "port") != NULL)) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "--endpoint and --port go together");
		return shell_usage(sh, a->command, &f);
	}
	return submit(sh, a, "peer_create", to_json(a));
}

/* The peering of `asn` as peer_list has it: a reference in *out. */
static int
fetch(struct shell *sh, const struct args *a, uint32_t asn, json_t **out)
{
	json_t *answer = NULL, *p;
	struct fault f;
	int status;
	size_t i;

	status = shell_call(sh, a, "peer_list", NULL, &answer);
	if (status != 0)
		return status;
	json_array_foreach(json_object_get(answer, "peerings"), i,
	    p) if (field_number(p, "asn") == asn) *out = json_incref(p);
	json_decref(answer);
	if (*out != NULL)
		return 0;
	fault_set(&f, FAULT_NOT_FOUND, "asn", "there is no peering with AS%u",
	    (unsigned)asn);
	return shell_fault(sh, a, &f);
}

int
run_edit(struct shell *sh, const struct args *a)
{
	json_t *args, *peering = NULL;
	struct fault f;
	uint32_t asn;
	int status;

	if (sh->editor == NULL && count_wishes(a) == 0) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "peer_edit needs something to change");
		return shell_usage(sh, a->command, &f);
	}
	status = shell_pick(sh, a, &asn);
	if (status != 0)
		return status;
	if (count_wishes(a) == 0) {
		status = fetch(sh, a, asn, &peering);
		if (status == 0)
			status = wizard_edit(sh, peering);
		json_decref(peering);
		return status;
	}
	args = to_json(a);
	if (args != NULL)
		json_object_set_new(args, "asn", json_integer(asn));
	return submit(sh, a, "peer_edit", args);
}

/* SHELL_OK if the person wants it gone. */
static int
confirm_removal(struct shell *sh, const struct args *a, uint32_t asn)
{
	char question[64];
	struct fault f;
	bool yes;

	if (args_get(a, "yes") != NULL)
		return SHELL_OK;
	if (sh->editor == NULL || args_get(a, "json") != NULL) {
		fault_set(&f, FAULT_INVALID, NULL,
		    "peer_remove needs --yes where nobody can be asked");
		return shell_usage(sh, a->command, &f);
	}
	snprintf(question, sizeof(question), "Remove the peering with AS%u?",
	    (unsigned)asn);
	if (ask_yes(sh, question, false, &yes) && yes)
		return SHELL_OK;
	out_print(&sh->out, "Nothing was removed.\n");
	return SHELL_REFUSED;
}

int
run_remove(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL;
	uint32_t asn;
	int status;

	status = shell_pick(sh, a, &asn);
	if (status == 0)
		status = confirm_removal(sh, a, asn);
	if (status != 0)
		return status;
	status = shell_call(sh, a, "peer_remove",
	    json_pack("{s:I}", "asn", (json_int_t)asn), &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer))
		change_done(sh, "Removed", answer);
	json_decref(answer);
	return SHELL_OK;
}
