#include "cli/given.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"
#include "base/log.h"
#include "base/paths.h"
#include "base/sshkey.h"

#define KEY_FILE_MAX 128
#define SSH_KEYS_MAX (64U << 10)
#define MOTD_MAX     (64U << 10)
#define USER_MAX     32 /* useradd(8) */
#define USER_DEFAULT "ops"
#define DEB_MAGIC    "!<arch>\ndebian-binary" /* deb(5) */

static int
read_text(char **out, size_t *len, const char *path, size_t max)
{
	int rc = file_read(path, max, out, len);

	if (rc == 0 && strlen(*out) == *len)
		return 0;
	log_error("%s: %s", path,
	    rc == 0	    ? "is no text"
	    : rc == -EINVAL ? "is no regular file"
			    : strerror(-rc));
	return 1;
}

/* It stands beside the network file; without it, visitors see no banner. */
static int
read_motd(struct given *g, const struct network *net, const char *path)
{
	const char *slash = strrchr(path, '/');
	int dir = slash != NULL ? (int)(slash - path) + 1 : 0;
	char *file = NULL;
	size_t len;
	int rc;

	if (net->peering.motd[0] == '\0')
		return 0;
	if (asprintf(&file, "%.*s%s", dir, path, net->peering.motd) < 0)
		return 1;
	rc = file_read(file, MOTD_MAX, &g->motd, &len);
	if (rc == 0 && strlen(g->motd) == len)
		g->options.motd = g->motd;
	else
		log_warn("%s: %s; it is left out", file,
		    rc != 0 ? strerror(-rc) : "is no text");
	free(file);
	return 0;
}

static int
read_key(struct given *g, const struct network_pop *pop, const char *path)
{
	struct wgkey private_key, public_key;
	int rc = read_text(&g->key, &g->key_len, path, KEY_FILE_MAX);
	bool good;

	if (rc != 0)
		return rc;
	g->key[strcspn(g->key, "\r\n")] = '\0';
	good = wgkey_parse(&private_key, g->key, strlen(g->key)) == 0;
	if (!good) {
		log_error(
		    "%s: is no private key as `wg genkey` makes it", path);
		return 1;
	}
	good = wgkey_public(&public_key, &private_key) == 0 &&
	       wgkey_equal(&public_key, &pop->public_key);
	wgkey_wipe(&private_key);
	if (!good) {
		log_error("%s: is not the key of %s: the network file has "
			  "another public key",
		    path, pop->name);
		return 1;
	}
	g->options.key = g->key;
	return 0;
}

/* Lines of public keys and comments; at least one key. */
static int
check_ssh_keys(const char *text, const char *path)
{
	size_t n = 0, line = 1;

	for (const char *p = text; *p != '\0'; line++) {
		size_t len = strcspn(p, "\n");
		struct sshkey key;

		if (len > 0 && *p != '#') {
			if (sshkey_parse(&key, p, len) != 0) {
				log_error(
				    "%s:%zu: is no SSH public key", path, line);
				return 1;
			}
			n++;
		}
		p += len + (p[len] == '\n');
	}
	if (n == 0)
		log_error("%s: has no SSH public key", path);
	return n > 0 ? 0 : 1;
}

static int
read_ssh_keys(struct given *g, const struct given_options *o)
{
	size_t len;
	int rc = read_text(&g->ssh_keys, &len, o->ssh_key, SSH_KEYS_MAX);

	if (rc == 0)
		rc = check_ssh_keys(g->ssh_keys, o->ssh_key);
	if (rc != 0)
		return rc;
	g->options.ssh_keys = g->ssh_keys;
	g->options.user = o->user != NULL ? o->user : USER_DEFAULT;
	return 0;
}

static bool
is_user(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len <= USER_MAX && name[len] == '\0' &&
	       islower((unsigned char)name[0]);
}

static bool
is_hash(const char *text)
{
	return strlen(text) == PROVISION_HASH_MAX - 1 &&
	       strspn(text, "0123456789abcdef") == PROVISION_HASH_MAX - 1;
}

static bool
is_url(const char *text)
{
	return (strncmp(text, "https://", 8) == 0 ||
		   strncmp(text, "http://", 7) == 0) &&
	       text_is_plain(text, strlen(text)) && strchr(text, ' ') == NULL;
}

static void
hash_deb(struct given *g, size_t len)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)g->deb, len);
	sodium_bin2hex(g->hash, sizeof(g->hash), hash, sizeof(hash));
}

static int
read_deb(struct given *g, const struct given_options *o)
{
	size_t len;
	int rc = file_read(o->meetme, PROVISION_DEB_MAX, &g->deb, &len);

	if (rc != 0) {
		log_error("%s: %s", o->meetme, strerror(-rc));
		return 1;
	}
	if (len < sizeof(DEB_MAGIC) ||
	    memcmp(g->deb, DEB_MAGIC, sizeof(DEB_MAGIC) - 1) != 0) {
		log_error("%s: is no Debian package; `make package` makes it",
		    o->meetme);
		return 1;
	}
	hash_deb(g, len);
	if (o->hash != NULL && strcmp(o->hash, g->hash) != 0) {
		log_error("%s: has the hash %s", o->meetme, g->hash);
		rc = 1;
	}
	g->options.deb = g->deb;
	g->options.deb_len = len;
	g->options.hash = g->hash;
	return rc;
}

static int
check_words(const struct given_options *o)
{
	const char *wrong = NULL;

	if (o->user != NULL && o->ssh_key == NULL)
		wrong = "--user goes with --ssh-key";
	else if (o->user != NULL && !is_user(o->user))
		wrong = "--user: 1 to 32 of a-z, 0-9, _ and -, a letter first";
	else if (o->hash != NULL && !is_hash(o->hash))
		wrong = "--sha256: 64 digits of 0-9 and a-f";
	else if (o->hash != NULL && o->meetme == NULL)
		wrong = "--sha256 goes with --meetme";
	else if (o->meetme != NULL && is_url(o->meetme) && o->hash == NULL)
		wrong = "--meetme URL needs --sha256, the package's hash: "
			"root installs it";
	if (wrong == NULL)
		return 0;
	log_error("%s", wrong);
	return EX_USAGE;
}

int
given_read(struct given *out, const struct network *net,
    const struct network_pop *pop, const char *path,
    const struct given_options *o)
{
	size_t len;
	int rc = check_words(o);

	if (rc == 0)
		rc = read_text(&out->network, &len, path, NETWORK_FILE_MAX);
	if (rc == 0) {
		out->options.network = out->network;
		rc = read_motd(out, net, path);
	}
	if (rc == 0 && o->key != NULL)
		rc = read_key(out, pop, o->key);
	if (rc == 0 && o->ssh_key != NULL)
		rc = read_ssh_keys(out, o);
	if (rc == 0 && o->meetme != NULL && is_url(o->meetme)) {
		out->options.url = o->meetme;
		out->options.hash = o->hash;
	} else if (rc == 0 && o->meetme != NULL) {
		rc = read_deb(out, o);
	}
	return rc;
}

void
given_end(struct given *g)
{
	if (g->key != NULL)
		explicit_bzero(g->key, g->key_len);
	free(g->network);
	free(g->motd);
	free(g->key);
	free(g->ssh_keys);
	free(g->deb);
}
