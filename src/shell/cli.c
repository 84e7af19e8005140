#include "shell/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/run.h"

bool
shell_cli_knows(const char *name)
{
	return command_find(name, true) != NULL;
}

void
shell_cli_list(FILE *f)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (command_allows(c, true) && strcmp(c->name, "help") != 0)
			fprintf(f, "  %-12s %s\n", c->name, c->brief);
}

int
shell_cli(struct api_client *api, int argc, char **argv)
{
	const char *term = getenv("TERM");
	struct shell sh = { .api = api, .operator= true };
	int status;

	if (api != NULL) /* help needs none */
		shell_interrupts(&sh);
	out_init(&sh.out, stdout, term);
	out_init(&sh.err, stderr, term);
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		sh.editor = editor_new(term, -1);
	status = shell_words(&sh, (const char *const *)argv, (size_t)argc);
	if (out_flush(&sh.out) != 0 && status == SHELL_OK)
		status = SHELL_REFUSED;
	sh.api = NULL;
	shell_release(&sh);
	return status;
}
