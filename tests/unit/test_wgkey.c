#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "base/wgkey.h"

/* Does a secret come of it? What libsodium says. */
static bool
gives_secret(const struct wgkey *key)
{
	uint8_t secret[crypto_scalarmult_BYTES];
	struct wgkey private_key;

	assert_int_equal(wgkey_generate(&private_key), 0);
	return crypto_scalarmult(secret, private_key.byte, key->byte) == 0;
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
