#ifndef SHELL_OPTION_H
#define SHELL_OPTION_H

#include <stdbool.h>

#include "base/fault.h"

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
	OPTION_TARGET,
	OPTION_PINGS,
	OPTION_HOPS,
	OPTION_NAME, /* of a session; the engine's to look up */
	OPTION_PREFIX, /* or an address */
	OPTION_TOPIC, /* a command's name */
};

struct option_def {
	enum option_type type;
	bool required;
	const char *name; /* "link-local", typed as --link-local */
	const char *help;
};

/* Is `value` well-formed? 0 or FAULT_INVALID with what would be right. */
int option_check(enum option_type type, const char *field, const char *value,
    struct fault *f);

/* "KEY", "PORT", ...: what stands for a value of this type in a help text. */
const char *option_placeholder(enum option_type type);

#endif
