#include "cli/cli.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "base/file.h"
#include "base/log.h"
#include "shell/cli.h"

static const struct subcommand *const subcommands[] = {
	&subcommand_check,
	&subcommand_edgeos,
	&subcommand_help,
	&subcommand_import,
	&subcommand_init,
	&subcommand_pops,
	&subcommand_provision,
	&subcommand_registry,
	&subcommand_render,
	&subcommand_roa,
};
static const size_t n_subcommands =
    sizeof(subcommands) / sizeof(subcommands[0]);

const struct subcommand *
subcommand_find(const char *name)
{
	for (size_t i = 0; i < n_subcommands; i++)
		if (strcmp(subcommands[i]->name, name) == 0)
			return subcommands[i];
	return NULL;
}

void
cli_usage(FILE *f)
{
	fputs("usage: meetme [--root DIR] COMMAND [ARGUMENT ...]\n"
	      "       meetme --version\n\n"
	      "On files:\n",
	    f);
	for (size_t i = 0; i < n_subcommands; i++)
		fprintf(f, "  %-12s %s\n", subcommands[i]->name,
		    subcommands[i]->brief);
	fputs("\nOf the running meetmed:\n", f);
	shell_cli_list(f);
	fputs("\nmeetme help COMMAND says more of one.\n", f);
}

static void
print_synopsis(FILE *f, const struct subcommand *s)
{
	const char *lead = "usage: meetme ", *line = s->synopsis;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		fprintf(f, "%s%.*s\n", lead, (int)len, line);
		line += len + (line[len] == '\n');
		lead = *line == ' ' ? "" : "       meetme ";
	}
}

void
subcommand_usage(FILE *f, const struct subcommand *s)
{
	print_synopsis(f, s);
	if (s->text != NULL)
		fprintf(f, "\n%s", s->text);
}

int
usage_error(const struct subcommand *s, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "meetme %s: ", s->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	print_synopsis(stderr, s);
	return EX_USAGE;
}

int
next_option(const struct subcommand *s, int argc, char **argv,
    const char *shorts, const struct option *longs)
{
	int c;

	opterr = 0;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	if (c == ':')
		usage_error(s, "%s needs a value", argv[optind - 1]);
	else if (c == '?')
		usage_error(s, "unknown option %s", argv[optind - 1]);
	return c == ':' ? '?' : c;
}

/*
 * Takes --root out of argv, wherever it stands. *root stays as it is if it is
 * not there. Returns the new argc, or -1 if its value is missing.
 */
static int
take_root(int argc, char **argv, const char **root)
{
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--root") == 0) {
			if (++i == argc)
				return -1;
			*root = argv[i];
		} else if (strncmp(argv[i], "--root=", 7) == 0) {
			*root = argv[i] + 7;
		} else {
			argv[kept++] = argv[i];
		}
	}
	argv[kept] = NULL;
	return kept;
}

/* The registry in force, where meetmed runs or has run, is not just a folder.
 */
static void
find_registry(struct paths *paths)
{
	char link[PATHS_MAX], data[PATHS_MAX];

	if (path_join(link, sizeof(link), paths->run_dir, "registry") == 0 &&
	    path_join(data, sizeof(data), link, "data") == 0 &&
	    access(data, R_OK | X_OK) == 0)
		memcpy(paths->registry, link, sizeof(link));
}

/* What asks the daemon shares the visitors' command tree. */
static int
run_online(const struct paths *paths, int argc, char **argv)
{
	struct api_client *api;
	struct fault f;
	int rc;

	if (api_client_connect(&api, paths->control, &f) != 0) {
		log_error("%s%s", f.text,
		    strcmp(argv[0], "plan") == 0
			? " `meetme render -o DIR` works without it"
			: "");
		return EX_UNAVAILABLE;
	}
	rc = shell_cli(api, argc, argv);
	api_client_free(api);
	return rc;
}

static bool
asks_help(int argc, char **argv)
{
	return argc == 2 &&
	       (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

static int
run_command(const struct paths *paths, int argc, char **argv)
{
	const struct subcommand *s = subcommand_find(argv[0]);

	if (asks_help(argc, argv)) {
		argv[1] = argv[0];
		s = &subcommand_help;
	}
	if (s != NULL)
		return s->run(s, paths, argc, argv);
	if (shell_cli_knows(argv[0]))
		return run_online(paths, argc, argv);
	log_error(
	    "there is no command '%s'; `meetme help` lists them", argv[0]);
	return EX_USAGE;
}

int
cli_main(int argc, char **argv)
{
	const char *root = "";
	struct paths paths;

	argc = take_root(argc, argv, &root);
	if (argc < 0) {
		log_error("--root needs a folder");
		return EX_USAGE;
	}
	if (paths_init(&paths, root) != 0) {
		log_error("--root: the path is too long");
		return EX_USAGE;
	}
	if (argc < 2) {
		cli_usage(stderr);
		return EX_USAGE;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("meetme %s\n", VERSION);
		return 0;
	}
	if (asks_help(argc, argv)) {
		cli_usage(stdout);
		return 0;
	}
	find_registry(&paths);
	return run_command(&paths, argc - 1, argv + 1);
}
