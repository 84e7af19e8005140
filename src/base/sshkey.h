#ifndef BASE_SSHKEY_H
#define BASE_SSHKEY_H

#include <stddef.h>
#include <stdint.h>

#define SSHKEY_BLOB_MAX 4096 /* RSA of 16384 bits takes 2 KB */
#define SSHKEY_FPR_MAX	51 /* "SHA256:", 43 characters, the end */

/* The key types that dn42's registry accepts (its schema, auth: ssh-*). */
enum sshkey_type {
	SSHKEY_NONE,
	SSHKEY_ED25519,
	SSHKEY_RSA, /* 1024..16384 bits */
	SSHKEY_ECDSA_256,
	SSHKEY_ECDSA_384,
	SSHKEY_ECDSA_521,
	SSHKEY_SK_ED25519,
	SSHKEY_SK_ECDSA_256,
};

/* An SSH public key, known by the SHA-256 of its blob (RFC 4253, 6.6). */
struct sshkey {
	enum sshkey_type type;
	uint8_t hash[32];
};

/*
 * Parses "TYPE BASE64 [comment...]". The blob must be what the type says, to
 * its last byte. 0, or FAULT_INVALID (*out untouched): not an SSH key.
 */
int sshkey_parse(struct sshkey *out, const char *line, size_t len);

/* The same for a blob as it comes over the wire. */
int sshkey_from_blob(struct sshkey *out, const uint8_t *blob, size_t len);

/* "ssh-ed25519", ... */
const char *sshkey_type_name(enum sshkey_type type);

/* "SHA256:..." as ssh-keygen -l prints it; in buf, which is returned. */
char *sshkey_fingerprint(const struct sshkey *key, char buf[SSHKEY_FPR_MAX]);

int sshkey_cmp(const struct sshkey *a, const struct sshkey *b);

#endif
