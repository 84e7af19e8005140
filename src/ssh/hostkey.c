#include "ssh/hostkey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "base/paths.h"

#define KEY_FILE_MAX 16384

static const struct hostkey {
	const char *name;
	enum ssh_keytypes_e type;
	int bits;
} hostkeys[] = {
	{ "ssh_host_ed25519_key", SSH_KEYTYPE_ED25519, 0 },
	{ "ssh_host_rsa_key", SSH_KEYTYPE_RSA, 3072 },
};
static const size_t n_hostkeys = sizeof(hostkeys) / sizeof(hostkeys[0]);

static int
read_key(ssh_key *out, const char *path, struct fault *f)
{
	char *text = NULL;
	size_t len;
	int rc;

	rc = file_read(path, KEY_FILE_MAX, &text, &len);
	if (rc == -ENOENT)
		return fault_set(f, FAULT_NOT_FOUND, NULL,
		    "%s: there is no such file", path);
	if (rc != 0)
		return fault_set(
		    f, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(-rc));
	rc = ssh_pki_import_privkey_base64(text, NULL, NULL, NULL, out);
	explicit_bzero(text, len);
	free(text);
	if (rc != SSH_OK)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s: not a private key; move it away to get a new one",
		    path);
	return 0;
}

/* The public half is for people: a failure costs nobody a login. */
static void
write_public(ssh_key key, const char *path)
{
	unsigned char *hash = NULL;
	char file[PATHS_MAX + 8], *base64 = NULL, *print = NULL, *line = NULL;
	size_t hash_len;

	if (ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK ||
	    snprintf(file, sizeof(file), "%s.pub", path) >= (int)sizeof(file) ||
	    asprintf(&line, "%s %s\n", ssh_key_type_to_char(ssh_key_type(key)),
		base64) < 0)
		goto out;
	if (file_replace(file, 0644, line, strlen(line)) != 0)
		log_warn("%s: cannot be written", file);
	if (ssh_get_publickey_hash(
		key, SSH_PUBLICKEY_HASH_SHA256, &hash, &hash_len) != 0)
		goto out;
	print =
	    ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, hash_len);
	if (print != NULL)
		log_info("new host key %s: %s", path, print);
out:
	ssh_string_free_char(print);
	ssh_clean_pubkey_hash(&hash);
	free(line);
	ssh_string_free_char(base64);
}

static int
write_key(const struct hostkey *h, const char *path, struct fault *f)
{
	ssh_key key = NULL;
	char *text = NULL;
	int rc;

	if (ssh_pki_generate(h->type, h->bits, &key) != SSH_OK ||
	    ssh_pki_export_privkey_base64(key, NULL, NULL, NULL, &text) !=
		SSH_OK) {
		rc = fault_set(
		    f, FAULT_SYSTEM, NULL, "%s: the key cannot be made", path);
		goto out;
	}
	rc = file_replace(path, 0600, text, strlen(text));
	if (rc != 0) {
		rc = fault_set(
		    f, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(-rc));
		goto out;
	}
	write_public(key, path);
out:
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	ssh_string_free_char(text);
	ssh_key_free(key);
	return rc;
}

int
hostkey_make(const char *dir, struct fault *f)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fault_set(
		    f, FAULT_SYSTEM, NULL, "%s: %s", dir, strerror(errno));
	for (size_t i = 0; i < n_hostkeys; i++) {
		char path[PATHS_MAX + 32];
		ssh_key key = NULL;
		int rc;

		rc = path_join(path, sizeof(path), dir, hostkeys[i].name);
		if (rc != 0)
			return fault_set(f, FAULT_SYSTEM, NULL, "%s: %s", dir,
			    strerror(-rc));
		rc = read_key(&key, path, f);
		ssh_key_free(key);
		if (rc == FAULT_NOT_FOUND)
			rc = write_key(&hostkeys[i], path, f);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
hostkey_load(const char *dir, ssh_bind bind, struct fault *f)
{
	for (size_t i = 0; i < n_hostkeys; i++) {
		char path[PATHS_MAX + 32];
		ssh_key key = NULL;
		int rc;

		if (path_join(path, sizeof(path), dir, hostkeys[i].name) != 0)
			return fault_set(
			    f, FAULT_SYSTEM, NULL, "%s: too long", dir);
		rc = read_key(&key, path, f);
		if (rc != 0)
			return rc;
		/* From here on the key is bind's. */
		if (ssh_bind_options_set(
			bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) != 0) {
			ssh_key_free(key);
			return fault_set(f, FAULT_SYSTEM, NULL, "%s: %s", path,
			    ssh_get_error(bind));
		}
	}
	return 0;
}
