#ifndef PROVISION_DESCRIBE_H
#define PROVISION_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "network/network.h"
#include "provision/firewall.h"

#define PROVISION_PACKAGES_MAX 16
#define PROVISION_FILES_MAX    16
#define PROVISION_COMMANDS_MAX 16
#define PROVISION_DEB_MAX      (32U << 20) /* bytes of a .deb */
#define PROVISION_HASH_MAX     65 /* SHA-256 in hexadecimal, and the end */

/* What the operator says beside the network file. NULL: not said. */
struct provision_options {
	const char *network; /* the text of the network file */
	const char *motd; /* the text of peering.motd */
	const char *key; /* the POP's private key, a line */
	const char *user; /* who may log in, by ssh_keys */
	const char *ssh_keys; /* the text of a .pub file; goes with user */
	const char
	    *url; /* where the machine fetches meetme's .deb; with hash */
	const char *hash; /* of the .deb, SHA-256 */
	const void *deb; /* or: it is carried along; then without url */
	size_t deb_len;
};

/* A file of root's. */
struct provision_file {
	const char *path;
	const char *mode; /* "0644" */
	char *text; /* ends with '\n' */
	bool secret;
};

/* For sh, as root, with set -eu. */
struct provision_command {
	const char *what; /* "load the firewall" */
	char *done; /* a command, true if there is nothing to do */
	char *run; /* lines */
};

/* Packages, then files, then commands, each in its order. */
struct provision {
	const struct network *net;
	const struct network_pop *pop;
	const char *packages[PROVISION_PACKAGES_MAX]; /* ended by NULL */
	struct provision_file files[PROVISION_FILES_MAX];
	size_t n_files;
	struct provision_command commands[PROVISION_COMMANDS_MAX];
	size_t n_commands;
	struct firewall firewall; /* also a file, for nftables */
	bool secret; /* a file of it is */
	char motd_path[16 + NETWORK_NAME_MAX]; /* of its file */
};

/*
 * Pure. `net` and `pop` stay the caller's, and must last as long. The options
 * were checked. 0: *out is the caller's to free. FAULT_SYSTEM: no memory.
 */
int provision_describe(struct provision **out, const struct network *net,
    const struct network_pop *pop, const struct provision_options *o);
void provision_free(struct provision *p);

#endif
