#ifndef SHELL_COMMAND_H
#define SHELL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

#define COMMAND_OPTIONS_MAX 16

struct shell;
struct args;

/* What a value must look like; decides how it is checked and completed. */
enum option_type {
	OPTION_END, /* closes a list */
	OPTION_FLAG, /* takes no value */
	OPTION_ASN,
	OPTION_KEY,
	OPTION_HOST,
	OPTION_PORT,
	OPTION_LINK_LOCAL,
	OPTION_MTU,
	OPTION_COUNT,
	OPTION_TOPIC, /* a command's name */
};

struct option_def {
	enum option_type type;
	bool required;
	const char *name; /* "link-local", typed as --link-local */
	const char *help;
};

/* Who may use a command. */
enum command_who {
	COMMAND_ALL,
	COMMAND_OPERATOR, /* only the operator */
	COMMAND_VISITOR, /* only in a visitor's shell */
};

/*
 * A command of the tree that parsing, help and completion share. `run` returns
 * an exit status. What it needs from a line is in `args`.
 */
struct command {
	const char *name;
	enum command_who who;
	const char *brief; /* one line */
	const char *text; /* paragraphs; may be NULL */
	const char *positional; /* the option that may stand bare, or NULL */
	const struct option_def *options;
	int (*run)(struct shell *sh, const struct args *args);
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
 * --flag, and the positional one. 0; COMMAND_USAGE and a text for a person if
 * this is no form of the command; or FAULT_INVALID for a value that its type
 * does not allow (field: the option with '_' for '-').
 */
#define COMMAND_USAGE 1
int command_parse(struct args *out, const struct command *c,
    const char *const *words, size_t n, struct fault *f);

/* COMMAND_USAGE if a required option is missing. */
int command_require(const struct args *args, struct fault *f);

/* The option's value, "" for a flag that was given, NULL if it was not. */
const char *args_get(const struct args *args, const char *option);

/* Is `value` well-formed? 0 or FAULT_INVALID with what would be right. */
int option_check(enum option_type type, const char *field, const char *value,
    struct fault *f);

/* "KEY", "PORT", ...: what stands for a value of this type in a help text. */
const char *option_placeholder(enum option_type type);

#endif
