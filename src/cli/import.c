#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/field.h"
#include "base/log.h"
#include "cli/autopeer.h"
#include "cli/cli.h"
#include "shell/out.h"
#include "shell/table.h"

struct import {
	struct api_client *api;
	bool dry_run;
	json_t *rows; /* what became of each */
	unsigned imported, here, skipped;
};

/* Of one row, for the table and for --json. */
static int
note(struct import *im, const json_t *args, const char *result,
    const struct fault *why, json_t *peering)
{
	char reason[sizeof(struct fault)] = "";

	if (why != NULL)
		snprintf(reason, sizeof(reason), "%s%s%s", why->field,
		    why->field[0] != '\0' ? ": " : "", why->text);
	return json_array_append_new(
	    im->rows, json_pack("{s:O?,s:O?,s:s,s:s,s:O?}", "id",
			  json_object_get(args, "id"), "asn",
			  json_object_get(args, "asn"), "result", result,
			  "reason", reason, "peering", peering));
}

/*
 * Would no further row do better? What is wrong with a row is its own; the
 * service, the store, the registry and the network file are everyone's.
 */
static bool
ends_all(const struct fault *f)
{
	return f->code == FAULT_AWAY || f->code == FAULT_SYSTEM ||
	       strcmp(f->field, "peering.ports") == 0;
}

/* 0, or the fault with which the import ends. */
static int
import_row(struct import *im, const json_t *row, struct fault *f)
{
	json_t *args = json_object_get(row, "args"), *ok = NULL;
	bool here;

	if (field_is_set(row, "fault")) {
		fault_from_json(json_object_get(row, "fault"), f);
		im->skipped++;
		return note(im, args, "skipped", f, NULL);
	}
	json_object_set_new(args, "dry_run", json_boolean(im->dry_run));
	if (api_call(im->api, "peer_import", json_incref(args), &ok, f) != 0) {
		if (ends_all(f))
			return f->code;
		im->skipped++;
		return note(im, args, "skipped", f, NULL);
	}
	here = field_flag(ok, "here");
	im->here += here;
	im->imported += !here;
	note(im, args, here ? "already there" : "imported", NULL,
	    json_object_get(ok, "peering"));
	json_decref(ok);
	return 0;
}

/* What is no value of its column was not taken: "-". */
static void
add_number(struct table *t, const json_t *o, const char *key)
{
	if (field_is_set(o, key))
		table_cell(t, "%lld", (long long)field_number(o, key));
	else
		table_cell(t, "-");
}

static void
print_table(const struct import *im, struct out *o)
{
	struct table *t = table_new(NULL);
	json_t *row;
	size_t i;

	table_column(t, "Id", TABLE_KEEP);
	table_column(t, "AS number", TABLE_KEEP);
	table_column(t, "Maintainer", TABLE_FOLD);
	table_column(t, "Our port", TABLE_KEEP);
	table_column(t, "Their link-local", TABLE_FOLD);
	table_column(t, "Result", TABLE_FOLD);
	json_array_foreach(im->rows, i, row)
	{
		const json_t *p = json_object_get(row, "peering");
		const char *reason = field_text(row, "reason");

		add_number(t, row, "id");
		add_number(t, row, "asn");
		table_cell(
		    t, "%s", json_is_object(p) ? field_text(p, "mntner") : "-");
		add_number(t, p, "listen_port");
		table_cell(t, "%s",
		    json_is_object(p) ? field_text(p, "link_local") : "-");
		table_cell(t, "%s%s%s", field_text(row, "result"),
		    reason[0] != '\0' ? ": " : "", reason);
	}
	table_print(t, o);
	table_free(t);
}

static void
print_json(const struct import *im, struct out *o)
{
	json_t *all = json_pack("{s:b,s:i,s:i,s:i,s:O}", "dry_run", im->dry_run,
	    "imported", im->imported, "here", im->here, "skipped", im->skipped,
	    "rows", im->rows);

	json_dumpf(all, o->f, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	out_print(o, "\n");
	json_decref(all);
}

static void
print_text(const struct import *im, struct out *o)
{
	if (json_array_size(im->rows) > 0)
		print_table(im, o);
	out_print(o, "%u imported, %u already there, %u skipped.%s\n",
	    im->imported, im->here, im->skipped,
	    im->dry_run ? " It was a dry run: nothing has changed." : "");
}

/* The exit status. What was done before an end too soon is told all the same.
 */
static int
import_rows(struct import *im, const json_t *rows, bool json)
{
	struct fault f = { 0 };
	struct out out;
	json_t *row;
	size_t i;
	int rc = 0;

	out_init(&out, stdout, getenv("TERM"));
	json_array_foreach(rows, i, row)
	{
		rc = import_row(im, row, &f);
		if (rc != 0)
			break;
	}
	if (json)
		print_json(im, &out);
	else
		print_text(im, &out);
	if (out_flush(&out) != 0 && rc == 0)
		return 1;
	if (rc != 0)
		log_error("%s%s%s; %zu rows were left", f.field,
		    f.field[0] != '\0' ? ": " : "", f.text,
		    json_array_size(rows) - i);
	if (rc == FAULT_AWAY)
		return EX_UNAVAILABLE;
	return rc != 0 || im->skipped > 0;
}

static int
import_file(
    const struct paths *paths, const char *path, bool dry_run, bool json)
{
	struct import im = { .dry_run = dry_run, .rows = json_array() };
	json_t *rows = NULL;
	struct fault f;
	int rc = 1;

	if (autopeer_read(&rows, path, &f) != 0) {
		log_error("%s", f.text);
	} else if (api_client_connect(&im.api, paths->control, &f) != 0) {
		log_error("%s", f.text);
		rc = EX_UNAVAILABLE;
	} else {
		rc = import_rows(&im, rows, json);
		api_client_free(im.api);
	}
	json_decref(rows);
	json_decref(im.rows);
	return rc;
}

static int
run_import(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	bool dry_run = false, json = false;
	int c;

	while ((c = next_option(self, argc, argv, ":n", longs)) != -1) {
		if (c == 'n')
			dry_run = true;
		else if (c == 'j')
			json = true;
		else
			return EX_USAGE;
	}
	if (argc - optind != 2)
		return usage_error(self, "say of what service, and its file");
	if (strcmp(argv[optind], "autopeer") != 0)
		return usage_error(
		    self, "'%s' is none of: autopeer", argv[optind]);
	return import_file(paths, argv[optind + 1], dry_run, json);
}

const struct subcommand subcommand_import = {
	.name = "import",
	.synopsis = "import [--dry-run] [--json] autopeer FILE",
	.brief = "take over the peerings of another service",
	.text =
	    "Reads the SQLite database of dn42-sshd-autopeer, and has the "
	    "running meetmed\ntake its peerings with their ids, ports "
	    "(peering.ports in the network file + id)\nand addresses, so that "
	    "the peers need to change nothing. A row that breaks a\nrule is "
	    "skipped, with the reason; one that is there already is left as "
	    "it is.\nThe file is only read. With --dry-run nothing changes. "
	    "The exit status is 1 if\na row was skipped.\n",
	.run = run_import,
};
