#ifndef SSH_HOSTKEY_H
#define SSH_HOSTKEY_H

#include <libssh/server.h>

#include "base/fault.h"

/*
 * The host keys in a folder: ssh_host_ed25519_key and ssh_host_rsa_key, and
 * their public halves (.pub) for the operator to publish.
 *
 * Makes the folder and the keys that are missing, and reads those that are
 * there. 0, or FAULT_SYSTEM, FAULT_INVALID with the file in the text.
 */
int hostkey_make(const char *dir, struct fault *f);

/* Hands both private keys to `bind`. 0, or as hostkey_make. */
int hostkey_load(const char *dir, ssh_bind bind, struct fault *f);

#endif
