#include "base/sshkey.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/fault.h"
#include "base/pack.h"
#include "base/text.h"

#define RSA_BITS_MIN 1024
#define RSA_BITS_MAX 16384

/* What follows the name in a blob: RFC 4253, 5656, 8709; PROTOCOL.u2f. */
enum shape { SHAPE_RSA, SHAPE_EDWARDS, SHAPE_POINT };

static const struct kind {
	enum sshkey_type type;
	enum shape shape;
	bool sk; /* an application follows */
	const char *name;
	const char *curve; /* of a point */
	size_t size; /* of the public value */
} kinds[] = {
	{ SSHKEY_ED25519, SHAPE_EDWARDS, false, "ssh-ed25519", NULL, 32 },
	{ SSHKEY_RSA, SHAPE_RSA, false, "ssh-rsa", NULL, 0 },
	{ SSHKEY_ECDSA_256, SHAPE_POINT, false, "ecdsa-sha2-nistp256",
	    "nistp256", 65 },
	{ SSHKEY_ECDSA_384, SHAPE_POINT, false, "ecdsa-sha2-nistp384",
	    "nistp384", 97 },
	{ SSHKEY_ECDSA_521, SHAPE_POINT, false, "ecdsa-sha2-nistp521",
	    "nistp521", 133 },
	{ SSHKEY_SK_ED25519, SHAPE_EDWARDS, true, "sk-ssh-ed25519@openssh.com",
	    NULL, 32 },
	{ SSHKEY_SK_ECDSA_256, SHAPE_POINT, true,
	    "sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65 },
};

static bool
bytes_are(const uint8_t *bytes, size_t len, const char *text)
{
	return bytes != NULL && len == strlen(text) &&
	       memcmp(bytes, text, len) == 0;
}

static const struct kind *
kind_find(const uint8_t *name, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_are(name, len, kinds[i].name))
			return &kinds[i];
	return NULL;
}

/*
 * The bits of an mpint (RFC 4251, 5) that is positive, odd and has no byte
 * more than it needs; else 0.
 */
static size_t
mpint_bits(const uint8_t *b, size_t len)
{
	size_t bits;

	if (len > 1 && b[0] == 0 && (b[1] & 0x80) != 0) {
		b++;
		len--;
	} else if (len == 0 || b[0] == 0 || (b[0] & 0x80) != 0) {
		return 0;
	}
	if ((b[len - 1] & 1) == 0)
		return 0;
	bits = (len - 1) * 8;
	for (uint8_t top = b[0]; top != 0; top >>= 1)
		bits++;
	return bits;
}

static bool
take_rsa(struct unpack *u)
{
	size_t e_len, n_len, bits;
	const uint8_t *e = unpack_blob(u, &e_len);
	const uint8_t *n = unpack_blob(u, &n_len);

	/* With an exponent of 1 any number would be its own signature. */
	if (u->failed || mpint_bits(e, e_len) < 2)
		return false;
	bits = mpint_bits(n, n_len);
	return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX;
}

static bool
take_point(struct unpack *u, const struct kind *kind)
{
	size_t len;
	const uint8_t *b = unpack_blob(u, &len);

	if (!bytes_are(b, len, kind->curve))
		return false;
	b = unpack_blob(u, &len);
	return b != NULL && len == kind->size && b[0] == 0x04;
}

static bool
take_edwards(struct unpack *u, const struct kind *kind)
{
	size_t len;
	const uint8_t *b = unpack_blob(u, &len);

	return b != NULL && len == kind->size;
}

/* Keys of web sites have other names: a site must not get a login. */
static bool
take_application(struct unpack *u)
{
	size_t len;
	const uint8_t *b = unpack_blob(u, &len);

	return b != NULL && len >= 4 && memcmp(b, "ssh:", 4) == 0 &&
	       text_is_plain((const char *)b, len);
}

static bool
take_body(struct unpack *u, const struct kind *kind)
{
	bool good = false;

	switch (kind->shape) {
	case SHAPE_RSA:
		good = take_rsa(u);
		break;
	case SHAPE_EDWARDS:
		good = take_edwards(u, kind);
		break;
	case SHAPE_POINT:
		good = take_point(u, kind);
		break;
	}
	return good && (!kind->sk || take_application(u));
}

int
sshkey_from_blob(struct sshkey *out, const uint8_t *blob, size_t len)
{
	const struct kind *kind;
	const uint8_t *name;
	struct unpack u;
	size_t name_len;

	if (len > SSHKEY_BLOB_MAX)
		return FAULT_INVALID;
	unpack_init(&u, blob, len);
	name = unpack_blob(&u, &name_len);
	kind = kind_find(name, name_len);
	if (kind == NULL || !take_body(&u, kind) || unpack_end(&u) != 0)
		return FAULT_INVALID;
	out->type = kind->type;
	crypto_hash_sha256(out->hash, blob, len);
	return 0;
}

/* The next word of the line; its length is 0 at the end. */
static const char *
next_word(const char **at, const char *end, size_t *len)
{
	const char *word;

	while (*at < end && (**at == ' ' || **at == '\t'))
		(*at)++;
	word = *at;
	while (*at < end && **at != ' ' && **at != '\t')
		(*at)++;
	*len = (size_t)(*at - word);
	return word;
}

int
sshkey_parse(struct sshkey *out, const char *line, size_t len)
{
	uint8_t blob[SSHKEY_BLOB_MAX];
	const char *end = line + len;
	const char *name, *base64;
	size_t name_len, base64_len, n;
	struct sshkey key;

	name = next_word(&line, end, &name_len);
	if (kind_find((const uint8_t *)name, name_len) == NULL)
		return FAULT_INVALID;
	base64 = next_word(&line, end, &base64_len);
	if (sodium_base642bin(blob, sizeof(blob), base64, base64_len, NULL, &n,
		NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    sshkey_from_blob(&key, blob, n) != 0)
		return FAULT_INVALID;
	if (!bytes_are(
		(const uint8_t *)name, name_len, sshkey_type_name(key.type)))
		return FAULT_INVALID;
	*out = key;
	return 0;
}

const char *
sshkey_type_name(enum sshkey_type type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return kinds[i].name;
	return "none";
}

char *
sshkey_fingerprint(const struct sshkey *key, char buf[SSHKEY_FPR_MAX])
{
	static const char prefix[] = "SHA256:";

	memcpy(buf, prefix, sizeof(prefix) - 1);
	sodium_bin2base64(buf + sizeof(prefix) - 1,
	    SSHKEY_FPR_MAX - (sizeof(prefix) - 1), key->hash, sizeof(key->hash),
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	return buf;
}

int
sshkey_cmp(const struct sshkey *a, const struct sshkey *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return memcmp(a->hash, b->hash, sizeof(a->hash));
}
