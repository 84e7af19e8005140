#include "registry/registry.h"

#include <string.h>
#include <sysexits.h>

#include "api/api.h"
#include "api/field.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/whois.h"

/* Runs `print` for the maintainer that `user` logs in as. */
static int
of_maintainer(const char *dir, const char *user,
    void (*print)(const struct registry *r, const char *mntner))
{
	struct registry *r;
	struct fault f;
	const char *mntner;
	char shown[MNTNER_MAX];
	int rc = 1;

	if (registry_load(&r, dir, &f) != 0) {
		log_error("%s", f.text);
		return 1;
	}
	mntner = registry_mntner(r, user);
	if (mntner == NULL) {
		log_error("there is no maintainer %s in %s",
		    text_clean(shown, sizeof(shown), user, strlen(user)), dir);
	} else {
		print(r, mntner);
		rc = 0;
	}
	registry_free(r);
	return rc;
}

static void
print_keys(const struct registry *r, const char *mntner)
{
	size_t n;
	const struct sshkey *keys = registry_keys(r, mntner, &n);
	char fingerprint[SSHKEY_FPR_MAX];

	for (size_t i = 0; i < n; i++)
		printf("%s %s\n", sshkey_type_name(keys[i].type),
		    sshkey_fingerprint(&keys[i], fingerprint));
	if (n == 0)
		log_warn("%s has no SSH key, and cannot log in", mntner);
}

static void
print_asns(const struct registry *r, const char *mntner)
{
	size_t n;
	const uint32_t *asns = registry_asns(r, mntner, &n);

	for (size_t i = 0; i < n; i++)
		printf("%u\n", asns[i]);
	if (n == 0)
		log_warn("%s maintains no AS number", mntner);
}

static int
print_whois(const char *dir, const char *name)
{
	char shown[MNTNER_MAX];
	int n = whois(stdout, dir, name);

	if (n > 0)
		return 0;
	if (n < 0)
		log_error("%s: %s; --registry DIR names another folder", dir,
		    strerror(-n));
	else
		log_error("there is no object %s in %s",
		    text_clean(shown, sizeof(shown), name, strlen(name)), dir);
	return 1;
}

/* Asks the running meetmed; 0, and `print` shows the answer. */
static int
ask(const struct paths *paths, const char *op, json_t *args,
    void (*print)(const json_t *ok))
{
	struct api_client *api;
	json_t *ok = NULL;
	struct fault f;
	int rc;

	if (api_client_connect(&api, paths->control, &f) != 0) {
		json_decref(args);
		log_error("%s", f.text);
		return EX_UNAVAILABLE;
	}
	rc = api_call(api, op, args, &ok, &f);
	if (rc != 0)
		log_error("%s", f.text);
	else
		print(ok);
	json_decref(ok);
	api_client_free(api);
	return rc != 0;
}

static void
print_pulled(const json_t *ok)
{
	printf("commit %.12s, %s: %lld maintainers, %lld AS numbers\n",
	    field_text(ok, "commit"),
	    field_flag(ok, "changed") ? "new" : "as before",
	    (long long)field_number(ok, "mntners"),
	    (long long)field_number(ok, "aut_nums"));
	if (field_number(ok, "held") > 0)
		printf("%lld peerings would be paused: see `meetme status`\n",
		    (long long)field_number(ok, "held"));
}

static void
print_confirmed(const json_t *ok)
{
	printf("%lld peerings are paused\n",
	    (long long)field_number(ok, "paused"));
}

static int
run_registry(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "registry", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = paths->registry, *what;
	bool force = false, elsewhere = false;
	int c;

	while ((c = next_option(self, argc, argv, ":", longs)) != -1) {
		if (c == '?')
			return EX_USAGE;
		if (c == 'f') {
			force = true;
		} else {
			dir = optarg;
			elsewhere = true;
		}
	}
	what = argc - optind == 1 ? argv[optind] : "";
	if (elsewhere &&
	    (strcmp(what, "pull") == 0 || strcmp(what, "confirm") == 0))
		return usage_error(self,
		    "pull and confirm ask the running meetmed, which has no "
		    "other registry");
	if (strcmp(what, "pull") == 0)
		return ask(paths, "registry_pull",
		    json_pack("{s:b}", "force", force), print_pulled);
	if (strcmp(what, "confirm") == 0 && !force)
		return ask(paths, "registry_confirm", NULL, print_confirmed);
	if (force)
		return usage_error(self, "--force goes with pull alone");
	if (argc - optind != 2)
		return usage_error(self, "say what to show, and of whom");
	what = argv[optind];
	if (strcmp(what, "keys") == 0)
		return of_maintainer(dir, argv[optind + 1], print_keys);
	if (strcmp(what, "asns") == 0)
		return of_maintainer(dir, argv[optind + 1], print_asns);
	if (strcmp(what, "whois") == 0)
		return print_whois(dir, argv[optind + 1]);
	return usage_error(
	    self, "'%s' is none of pull, confirm, keys, asns, whois", what);
}

const struct subcommand subcommand_registry = {
	.name = "registry",
	.synopsis = "registry pull [--force]\n"
		    "registry confirm\n"
		    "registry [--registry DIR] keys USER\n"
		    "registry [--registry DIR] asns USER\n"
		    "registry [--registry DIR] whois OBJECT",
	.brief = "look into the registry, pull it, confirm pauses",
	.text =
	    "pull: has the running meetmed pull its clone (registry.url in the "
	    "network file) and\nwaits; with --force it takes a state that it "
	    "would refuse. confirm: pauses the\npeerings that `meetme status` "
	    "names as to be paused, as they are more than a tenth of\nall. "
	    "keys: the SSH keys that USER may log in with. asns: the AS "
	    "numbers "
	    "that USER may\npeer with. USER is a maintainer, with or without "
	    "-MNT. whois: the objects of that\nname: an AS number, a "
	    "maintainer, a set, a prefix or address (or what covers it).\n"
	    "Without --registry it is the registry that meetmed has in force, "
	    "else\nvar/lib/meetme/registry below the root.\n",
	.run = run_registry,
};
