#include "base/wgkey.h"

#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

#include "base/fault.h"

int
wgkey_parse(struct wgkey *out, const char *text, size_t len)
{
	uint8_t raw[33];
	char again[WGKEY_TEXT_MAX];
	struct wgkey key;
	int rc = FAULT_INVALID;

	if (len != WGKEY_TEXT_MAX - 1 || text[43] != '=' || text[42] == '=')
		goto out;
	if (EVP_DecodeBlock(raw, (const uint8_t *)text, 44) != sizeof(raw))
		goto out;
	memcpy(key.byte, raw, sizeof(key.byte));
	/* Only the canonical text: white space and stray bits change it. */
	if (memcmp(wgkey_text(&key, again), text, 44) != 0)
		goto out;
	*out = key;
	rc = 0;
out:
	explicit_bzero(raw, sizeof(raw));
	explicit_bzero(again, sizeof(again));
	wgkey_wipe(&key);
	return rc;
}

char *
wgkey_text(const struct wgkey *key, char buf[WGKEY_TEXT_MAX])
{
	EVP_EncodeBlock((uint8_t *)buf, key->byte, WGKEY_LEN);
	return buf;
}

bool
wgkey_is_zero(const struct wgkey *key)
{
	static const struct wgkey zero;

	return wgkey_equal(key, &zero);
}

bool
wgkey_equal(const struct wgkey *a, const struct wgkey *b)
{
	uint8_t differ = 0;

	for (size_t i = 0; i < WGKEY_LEN; i++)
		differ |= a->byte[i] ^ b->byte[i];
	return differ == 0;
}

bool
wgkey_is_weak(const struct wgkey *key)
{
	struct wgkey probe = { { [0] = 8, [31] = 0x40 } };
	EVP_PKEY *ours = NULL, *theirs = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t secret[32];
	size_t len = sizeof(secret);
	bool weak = true;

	ours = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, probe.byte, WGKEY_LEN);
	theirs = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_X25519, NULL, key->byte, WGKEY_LEN);
	if (ours == NULL || theirs == NULL)
		goto out;
	ctx = EVP_PKEY_CTX_new(ours, NULL);
	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, theirs) != 1)
		goto out;
	/* libcrypto refuses to derive the all-zero secret. */
	weak = EVP_PKEY_derive(ctx, secret, &len) != 1;
out:
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return weak;
}

int
wgkey_generate_psk(struct wgkey *psk)
{
	if (getrandom(psk->byte, WGKEY_LEN, 0) != WGKEY_LEN)
		return FAULT_SYSTEM;
	return 0;
}

int
wgkey_generate(struct wgkey *private_key)
{
	if (wgkey_generate_psk(private_key) != 0)
		return FAULT_SYSTEM;
	private_key->byte[0] &= 248;
	private_key->byte[31] = (private_key->byte[31] & 127) | 64;
	return 0;
}

int
wgkey_public(struct wgkey *public_key, const struct wgkey *private_key)
{
	EVP_PKEY *pkey;
	struct wgkey key;
	size_t len = WGKEY_LEN;
	int rc = FAULT_SYSTEM;

	pkey = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, private_key->byte, WGKEY_LEN);
	if (pkey == NULL ||
	    EVP_PKEY_get_raw_public_key(pkey, key.byte, &len) != 1)
		goto out;
	*public_key = key;
	rc = 0;
out:
	EVP_PKEY_free(pkey);
	return rc;
}

void
wgkey_wipe(struct wgkey *key)
{
	explicit_bzero(key, sizeof(*key));
}
