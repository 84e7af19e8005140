#include "shell/command.h"

#include <bsd/string.h>
#include <string.h>

#include "base/ip.h"
#include "base/num.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "peering/peering.h"

#define COUNT_MAX 1000

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

static int
host_check(const char *field, const char *value, size_t len, struct fault *f)
{
	struct ip ip;

	if (ip_parse(&ip, value, len) == 0 || text_is_hostname(value, len))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "neither an IPv4 or IPv6 address nor a full host name "
	    "(vpn.example.net); the port is given on its own");
}

static int
link_local_check(
    const char *field, const char *value, size_t len, struct fault *f)
{
	struct ip ip;

	if (ip_parse(&ip, value, len) == 0 && ip_is_link_local(&ip))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "no link-local address: it must lie in fe80::/10 and have neither "
	    "a prefix length nor a zone (%%eth0)");
}

int
option_check(enum option_type type, const char *field, const char *value,
    struct fault *f)
{
	size_t len = strlen(value);
	struct wgkey key;
	uint32_t number;
	uint16_t port;

	switch (type) {
	case OPTION_ASN:
		if (asn_parse(&number, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no AS number: 1 to 4294967294, such as "
			    "4242421344");
		return 0;
	case OPTION_KEY:
		if (wgkey_parse(&key, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no WireGuard public key: it has 44 characters "
			    "and ends in \"=\", as `wg pubkey` prints it");
		return 0;
	case OPTION_HOST:
		return host_check(field, value, len, f);
	case OPTION_PORT:
		if (port_parse(&port, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no port: a number from 1 to 65535");
		return 0;
	case OPTION_LINK_LOCAL:
		return link_local_check(field, value, len, f);
	case OPTION_MTU:
		if (num_parse(&number, value, len, PEERING_MTU_MIN,
			PEERING_MTU_MAX) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no MTU: a number from %d to %d", PEERING_MTU_MIN,
			    PEERING_MTU_MAX);
		return 0;
	case OPTION_COUNT:
		if (num_parse(&number, value, len, 1, COUNT_MAX) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "not a number from 1 to %d", COUNT_MAX);
		return 0;
	case OPTION_FLAG:
	case OPTION_TOPIC:
	case OPTION_END:
		break;
	}
	return 0;
}

const char *
option_placeholder(enum option_type type)
{
	switch (type) {
	case OPTION_ASN:
		return "ASN";
	case OPTION_KEY:
		return "KEY";
	case OPTION_HOST:
		return "HOST";
	case OPTION_PORT:
		return "PORT";
	case OPTION_LINK_LOCAL:
		return "ADDRESS";
	case OPTION_MTU:
		return "MTU";
	case OPTION_COUNT:
		return "N";
	case OPTION_TOPIC:
		return "topic";
	case OPTION_FLAG:
	case OPTION_END:
		break;
	}
	return "";
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

/* Takes the option at words[*at], and the value behind it. */
static int
take_option(struct args *args, const char *const *words, size_t n, size_t *at,
    struct fault *f)
{
	const char *name = words[*at] + 2, *value = strchr(name, '=');
	size_t len = value != NULL ? (size_t)(value - name) : strlen(name);
	int i = option_find(args->command, name, len);
	bool flag;

	if (i < 0) {
		fault_set(f, FAULT_INVALID, NULL, "%s has no option --%.*s",
		    args->command->name, (int)(len < 40 ? len : 40), name);
		return COMMAND_USAGE;
	}
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
	const struct option_def *defs = args->command->options;

	for (int i = 0; defs[i].type != OPTION_END; i++) {
		if (!defs[i].required || args->value[i] != NULL)
			continue;
		fault_set(f, FAULT_INVALID, NULL, "%s needs --%s %s",
		    args->command->name, defs[i].name,
		    option_placeholder(defs[i].type));
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
