#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <sys/types.h>

#include "base/paths.h"

/* Who a role runs as. */
struct user {
	uid_t uid;
	gid_t gid;
};

/* meetmed's command line, meetmed(8); strings point into argv. */
struct options {
	const char *root; /* as given; "" by default */
	struct paths paths; /* with -f and --registry in place */
	const char *pop; /* or NULL */
	struct user agent, engine, listener;
	const char *role; /* NULL: start them all */
	const char *terminal, *command; /* of a shell; NULL: none */
};

/* Fills *out, or prints what is wrong and exits with status 64. */
void options_parse(struct options *out, int argc, char **argv);

#endif
