#include "cli/cli.h"
#include "shell/cli.h"

static int
run_help(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	const struct subcommand *s;
	char *words[] = { "help", argv[1], NULL };

	(void)paths;
	if (argc > 2)
		return usage_error(self, "one command at a time");
	if (argc < 2) {
		cli_usage(stdout);
		return 0;
	}
	s = subcommand_find(argv[1]);
	if (s != NULL) {
		subcommand_usage(stdout, s);
		return 0;
	}
	if (shell_cli_knows(argv[1]))
		return shell_cli(NULL, 2, words);
	return usage_error(self, "there is no command '%s'", argv[1]);
}

const struct subcommand subcommand_help = {
	.name = "help",
	.synopsis = "help [COMMAND]",
	.brief = "list the commands, or explain one",
	.run = run_help,
};
