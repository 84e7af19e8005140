/* plan: what a reload would change. */
#include <string.h>

#include "api/field.h"
#include "shell/diff.h"
#include "shell/run.h"
#include "shell/tree.h"

#define ABOUT_MAX 64

/* What a file is to a person. */
static void
name_file(char buf[ABOUT_MAX], const json_t *change)
{
	const char *path = field_text(change, "path");
	const char *pop = field_text(change, "pop");
	long long asn = field_number(change, "asn");

	if (pop[0] != '\0')
		snprintf(buf, ABOUT_MAX, "the link to %s", pop);
	else if (strncmp(path, "wireguard/", 10) == 0)
		snprintf(buf, ABOUT_MAX, "the tunnel with AS%lld", asn);
	else if (strncmp(path, "bird/peers/", 11) == 0)
		snprintf(buf, ABOUT_MAX, "the session with AS%lld", asn);
	else if (strcmp(path, "bird/meetme.conf") == 0)
		snprintf(buf, ABOUT_MAX, "BIRD's base");
	else if (strcmp(path, "sysctl.conf") == 0)
		snprintf(buf, ABOUT_MAX, "the file of kernel settings");
	else
		snprintf(buf, ABOUT_MAX, "a file");
}

static void
print_summary(struct shell *sh, const json_t *changes)
{
	char about[ABOUT_MAX];
	json_t *c;
	size_t i;

	json_array_foreach(changes, i, c)
	{
		name_file(about, c);
		out_print(&sh->out, "  %s ", about);
		if (!field_is_set(c, "old"))
			out_styled(&sh->out, OUT_GOOD, "comes");
		else if (!field_is_set(c, "new"))
			out_styled(&sh->out, OUT_BAD, "goes");
		else
			out_styled(&sh->out, OUT_WARN, "changes");
		out_print(&sh->out, " (%s)\n", field_text(c, "path"));
	}
}

static void
print_refused(struct shell *sh, const json_t *refused)
{
	json_t *r;
	size_t i;

	json_array_foreach(refused, i, r)
	    out_styled(&sh->out, OUT_WARN, "AS%lld would be left out: %s\n",
		(long long)field_number(r, "asn"), field_text(r, "reason"));
}

static const char *
text_or_null(const json_t *change, const char *key)
{
	return json_string_value(json_object_get(change, key));
}

static int
print_diffs(struct shell *sh, const json_t *changes)
{
	json_t *c;
	size_t i;
	int rc;

	json_array_foreach(changes, i, c)
	{
		out_print(&sh->out, "\n");
		rc = diff_print(&sh->out, field_text(c, "path"),
		    text_or_null(c, "old"), text_or_null(c, "new"));
		if (rc == 0)
			continue;
		out_styled(&sh->err, OUT_BAD,
		    "diff: %s; --json has the files\n", strerror(-rc));
		return SHELL_REFUSED;
	}
	return SHELL_OK;
}

static int
print_plan(struct shell *sh, const json_t *answer)
{
	const json_t *changes = json_object_get(answer, "changes");
	size_t n = json_array_size(changes);

	if (n == 0) {
		out_print(&sh->out, "Nothing would change.\n");
		return SHELL_OK;
	}
	out_print(&sh->out, "On %s %zu file%s would change:\n",
	    field_text(answer, "pop"), n, n == 1 ? "" : "s");
	print_summary(sh, changes);
	print_refused(sh, json_object_get(answer, "refused"));
	return print_diffs(sh, changes);
}

int
run_plan(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL;
	int status;

	status = shell_call(sh, a, "plan", NULL, &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer))
		status = print_plan(sh, answer);
	json_decref(answer);
	return status;
}
