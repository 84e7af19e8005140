#include "shell/command.h"

#include <bsd/string.h>
#include <string.h>

static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "?", "help" },
	{ "exit", "bye" },
	{ "quit", "bye" },
	{ "logout", "bye" },
};

bool
command_allows(const struct command *c, bool operator)
{
	return c->who == COMMAND_ALL ||
	       (c->who == COMMAND_OPERATOR) == operator;
}

const struct command *
command_find(const char *name, bool operator)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(aliases[i].alias, name) == 0)
			name = aliases[i].name;
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0 && command_allows(c, operator))
			return c;
	return NULL;
}

/* The place of the option text[0..len), -1 if there is no such option. */
static int
option_find(const struct command *c, const char *text, size_t len)
{
	for (int i = 0; c->options[i].type != OPTION_END; i++)
		if (strlen(c->options[i].name) == len &&
		    strncmp(c->options[i].name, text, len) == 0)
			return i;
	return -1;
}

/* "link-local" names the member link_local of the API. */
static void
field_name(char *buf, size_t size, const char *option)
{
	strlcpy(buf, option, size);
	for (char *p = buf; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
}

static int
set_value(struct args *args, int i, const char *value, struct fault *f)
{
	const struct option_def *def = &args->command->options[i];
	char field[48];

	if (args->value[i] != NULL) {
		fault_set(
		    f, FAULT_INVALID, NULL, "--%s is given twice", def->name);
		return COMMAND_USAGE;
	}
	field_name(field, sizeof(field), def->name);
	args->value[i] = value;
	return option_check(def->type, field, value, f);
}

static int
no_option(const struct command *c, const char *word, struct fault *f)
{
	size_t len = strcspn(word, "=");

	fault_set(f, FAULT_INVALID, NULL, "%s has no option %.*s", c->name,
	    (int)(len < 42 ? len : 42), word);
	return COMMAND_USAGE;
}

/* Takes the option at words[*at], and the value behind it. */
static int
take_option(struct args *args, const char *const *words, size_t n, size_t *at,
    struct fault *f)
{
	const char *name = words[*at] + 2, *value = strchr(name, '=');
	size_t len = value != NULL ? (size_t)(value - name) : strlen(name);
	int i = option_find(args->command, name, len);
	bool flag;

	if (i < 0)
		return no_option(args->command, words[*at], f);
	flag = args->command->options[i].type == OPTION_FLAG;
	if (flag && value != NULL) {
		fault_set(f, FAULT_INVALID, NULL, "--%.*s takes no value",
		    (int)len, name);
		return COMMAND_USAGE;
	}
	if (flag)
		return set_value(args, i, "", f);
	if (value != NULL)
		return set_value(args, i, value + 1, f);
	if (*at + 1 == n) {
		fault_set(f, FAULT_INVALID, NULL, "--%s needs a value", name);
		return COMMAND_USAGE;
	}
	(*at)++;
	return set_value(args, i, words[*at], f);
}

static int
take_positional(struct args *args, const char *word, struct fault *f)
{
	const struct command *c = args->command;
	int i = -1;

	if (c->positional != NULL)
		i = option_find(c, c->positional, strlen(c->positional));
	if (i < 0 || args->value[i] != NULL) {
		fault_set(f, FAULT_INVALID, NULL,
		    "%s: \"%.80s\" is one word too many", c->name, word);
		return COMMAND_USAGE;
	}
	return set_value(args, i, word, f);
}

/* --endpoint and --no-endpoint cannot both be meant. */
static int
check_opposites(const struct args *args, struct fault *f)
{
	const struct option_def *defs = args->command->options;

	for (int i = 0; defs[i].type != OPTION_END; i++) {
		if (args->value[i] == NULL ||
		    strncmp(defs[i].name, "no-", 3) != 0 ||
		    args_get(args, defs[i].name + 3) == NULL)
			continue;
		fault_set(f, FAULT_INVALID, NULL,
		    "--%s and --%s exclude each other", defs[i].name,
		    defs[i].name + 3);
		return COMMAND_USAGE;
	}
	return 0;
}

int
command_parse(struct args *out, const struct command *c,
    const char *const *words, size_t n, struct fault *f)
{
	struct args args = { .command = c };
	int rc;

	for (size_t i = 0; i < n; i++) {
		if (strncmp(words[i], "--", 2) == 0)
			rc = take_option(&args, words, n, &i, f);
		else if (words[i][0] == '-' && words[i][1] != '\0')
			rc = no_option(c, words[i], f);
		else
			rc = take_positional(&args, words[i], f);
		if (rc != 0)
			return rc;
	}
	rc = check_opposites(&args, f);
	if (rc == 0)
		*out = args;
	return rc;
}

int
command_require(const struct args *args, struct fault *f)
{
	const struct command *c = args->command;

	for (int i = 0; c->options[i].type != OPTION_END; i++) {
		const char *name = c->options[i].name;
		const char *value = option_placeholder(c->options[i].type);

		if (!c->options[i].required || args->value[i] != NULL)
			continue;
		if (c->positional != NULL && strcmp(c->positional, name) == 0)
			fault_set(f, FAULT_INVALID, NULL, "%s needs a %s",
			    c->name, value);
		else
			fault_set(f, FAULT_INVALID, NULL, "%s needs --%s %s",
			    c->name, name, value);
		return COMMAND_USAGE;
	}
	return 0;
}

const char *
args_get(const struct args *args, const char *option)
{
	int i = option_find(args->command, option, strlen(option));

	return i >= 0 ? args->value[i] : NULL;
}
