#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "provision/describe.h"

/* What `meetme provision` is given beside the network file; NULL: not. */
struct given_options {
	const char *key, *ssh_key; /* files */
	const char *user;
	const char *meetme; /* a file, or a URL */
	const char *hash;
};

/* The same, read and checked. */
struct given {
	struct provision_options options;
	char *network, *motd, *key, *ssh_keys, *deb;
	size_t key_len;
	char hash[PROVISION_HASH_MAX];
};

/*
 * For that POP of the network file `path`. Says on standard error what is
 * wrong. 0, or an exit status; *out is to be ended either way.
 */
int given_read(struct given *out, const struct network *net,
    const struct network_pop *pop, const char *path,
    const struct given_options *o);
void given_end(struct given *g);

#endif
