#include "base/wgkey.h"

#include <sodium.h>
#include <string.h>
#include <sys/random.h>

#include "base/fault.h"

int
wgkey_parse(struct wgkey *out, const char *text, size_t len)
{
	struct wgkey key;
	size_t n = 0;
	int rc = FAULT_INVALID;

	if (len == WGKEY_TEXT_MAX - 1 &&
	    sodium_base642bin(key.byte, WGKEY_LEN, text, len, NULL, &n, NULL,
		sodium_base64_VARIANT_ORIGINAL) == 0 &&
	    n == WGKEY_LEN) {
		*out = key;
		rc = 0;
	}
	wgkey_wipe(&key);
	return rc;
}

char *
wgkey_text(const struct wgkey *key, char buf[WGKEY_TEXT_MAX])
{
	return sodium_bin2base64(buf, WGKEY_TEXT_MAX, key->byte, WGKEY_LEN,
	    sodium_base64_VARIANT_ORIGINAL);
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

/*
 * All u-coordinates of points whose order divides 8, on the curve and on its
 * twist: 0, 1, -1, the two of order 8, and p, p + 1, which are 0 and 1 again.
 */
static const struct wgkey small_order[] = {
	{ { 0 } },
	{ { 1 } },
	{ { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
	    0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
	    0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 } },
	{ { 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
	    0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
	    0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 } },
	{ { 0xec, [1 ... 30] = 0xff, 0x7f } },
	{ { 0xed, [1 ... 30] = 0xff, 0x7f } },
	{ { 0xee, [1 ... 30] = 0xff, 0x7f } },
};

bool
wgkey_is_weak(const struct wgkey *key)
{
	struct wgkey u = *key;

	u.byte[31] &= 0x7f; /* RFC 7748, 5: the highest bit is no part of u */
	for (size_t i = 0; i < sizeof(small_order) / sizeof(u); i++)
		if (wgkey_equal(&u, &small_order[i]))
			return true;
	return false;
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
	/* It chooses the code for this processor, once. */
	if (sodium_init() < 0 ||
	    crypto_scalarmult_base(public_key->byte, private_key->byte) != 0)
		return FAULT_SYSTEM;
	return 0;
}

void
wgkey_wipe(struct wgkey *key)
{
	explicit_bzero(key, sizeof(*key));
}
