#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <string.h>

#include "base/wgkey.h"

/* Does a secret come of it? What libcrypto says. */
static bool
gives_secret(const struct wgkey *key)
{
	struct wgkey private_key;
	EVP_PKEY *ours, *theirs;
	EVP_PKEY_CTX *ctx;
	uint8_t secret[32];
	size_t len = sizeof(secret);
	bool given;

	assert_int_equal(wgkey_generate(&private_key), 0);
	ours = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, private_key.byte, WGKEY_LEN);
	theirs = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_X25519, NULL, key->byte, WGKEY_LEN);
	ctx = EVP_PKEY_CTX_new(ours, NULL);
	assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
	assert_int_equal(EVP_PKEY_derive_set_peer(ctx, theirs), 1);
	given = EVP_PKEY_derive(ctx, secret, &len) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return given;
}

/* Those of https://cr.yp.to/ecdh.html, with the bit that does not count. */
static void
test_weak_keys(void **state)
{
	static const char *const texts[] = {
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA=",
		"X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc=",
		"7P///////////////////////////////////////38=",
		"7f///////////////////////////////////////38=",
		"7v///////////////////////////////////////38=",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct wgkey key;

		assert_int_equal(
		    wgkey_parse(&key, texts[i], strlen(texts[i])), 0);
		for (int bit = 0; bit < 2; bit++) {
			assert_false(gives_secret(&key));
			assert_true(wgkey_is_weak(&key));
			key.byte[31] |= 0x80;
		}
	}
}

static void
test_other_keys_are_not_weak(void **state)
{
	(void)state;
	for (uint8_t i = 2; i < 200; i++) {
		struct wgkey key = { { i } }, private_key;

		assert_true(gives_secret(&key));
		assert_false(wgkey_is_weak(&key));
		assert_int_equal(wgkey_generate(&private_key), 0);
		assert_int_equal(wgkey_public(&key, &private_key), 0);
		assert_true(gives_secret(&key));
		assert_false(wgkey_is_weak(&key));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weak_keys),
		cmocka_unit_test(test_other_keys_are_not_weak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
