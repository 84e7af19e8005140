#ifndef SHELL_COMMAND_H
#define SHELL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/option.h"

#define COMMAND_OPTIONS_MAX 16

struct shell;
struct args;

/* Who may use a command. */
enum command_who {
	COMMAND_ALL,
	COMMAND_OPERATOR, /* only the operator */
	COMMAND_VISITOR, /* only in a visitor's shell */
};

/* A command of the tree that parsing, help and completion share. */
struct command {
	const char *name;
	enum command_who who;
	const char *brief; /* one line */
	const char *text; /* paragraphs; may be NULL */
	const char *positional; /* the option that may stand bare, or NULL */
	const struct option_def *options;
	int (*run)(struct shell *sh, const struct args *args); /* exit status */
};

/* A parsed line. Values point into the words it was parsed from. */
struct args {
	const struct command *command;
	const char *value[COMMAND_OPTIONS_MAX]; /* NULL: not given; "": flag */
};

/* All commands, by name; closed by one without a name. */
extern const struct command commands[];

/* The command of that name or alias, or NULL if there is none for them. */
const struct command *command_find(const char *name, bool operator);
bool command_allows(const struct command *c, bool operator);

/*
 * Parses what follows the command's name: --option VALUE, --option=VALUE,
 * --flag, and the positional one. 0; COMMAND_USAGE if this is no form of the
 * command; or FAULT_INVALID for a value that its type does not allow.
 */
#define COMMAND_USAGE 1
int command_parse(struct args *out, const struct command *c,
    const char *const *words, size_t n, struct fault *f);

/* COMMAND_USAGE if a required option is missing. */
int command_require(const struct args *args, struct fault *f);

/* The option's value, "" for a flag that was given, NULL if it was not. */
const char *args_get(const struct args *args, const char *option);

#endif
