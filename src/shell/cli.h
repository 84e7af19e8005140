#ifndef SHELL_CLI_H
#define SHELL_CLI_H

#include <stdbool.h>
#include <stdio.h>

struct api_client;

/*
 * The operator's side of the command tree: argv[0] is a command ("peer_list"),
 * the rest its arguments. Returns the exit status as shell_main() does.
 */
int shell_cli(struct api_client *api, int argc, char **argv);

/* Is `name` a command that shell_cli() runs? */
bool shell_cli_knows(const char *name);

/* One line for each such command, for a usage text. */
void shell_cli_list(FILE *f);

#endif
