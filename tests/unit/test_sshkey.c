#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/pack.h"
#include "base/sshkey.h"

/* Made by ssh-keygen; the sk- ones are such keys with an application. */
static const struct known {
	enum sshkey_type type;
	const char *line;
	const char *fingerprint; /* as ssh-keygen -l says */
} known[] = {
	{ SSHKEY_ED25519,
	    "ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAINrwg8Ms6jitv9Sup/1Oxa9PY9"
	    "HKi6SNvrJQBrtG4VqG",
	    "SHA256:E1Tb4ipuas9g6tdn3nBDGITFTJfWX+09jcn4Ljicwhs" },
	{ SSHKEY_RSA,
	    "ssh-rsa "
	    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQC+a53g+7uvxuv+gqL16W"
	    "b8R/xbGgtTEyt3OicKAGGfT6HS+1kyWRQ+DoxT/R4aG6YctzgP"
	    "VbR8nDitL2Ju5oiYAyl+8cgTJHBaErpUfKe45VPjm8a/poH5m2"
	    "DSs3lCY9vBgheF1RFNS8Dgb4FzMm9nOGOF0oTtuG+tkoI3ObAr"
	    "Pw==",
	    "SHA256:/iuWyf2nuEinHe9PFaALt0+DbsGfYINfn51jVpc/8+U" },
	{ SSHKEY_ECDSA_256,
	    "ecdsa-sha2-nistp256 "
	    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAA"
	    "BBBE5gCm12Wqp0X9YYMfA5o18aIi/GmDkTNVwP4mWPy1mLFZuu"
	    "KgLTgjo3/6Dlo13UYx9+gH6iq5I64CRd/a5YK7I=",
	    "SHA256:W867a5AY8BR7amEJZ3MJMYzNC8qZVD39a0rckU7D0sA" },
	{ SSHKEY_ECDSA_384,
	    "ecdsa-sha2-nistp384 "
	    "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAA"
	    "BhBMMhJuLojngNnn4FRrxo9LRrxdoc7SKi4OJCIof0ydIpJ6d9"
	    "6cxLa+sMckczrqDsVnGC3tXo7WvdrsSeEKM/CA5/RRAj2qdRLT"
	    "wPetLaU0RXlREZ2dWzx3/peARzgYX6dA==",
	    "SHA256:8Tn0EpVbTuG4r3RIursYFtLLO4LR4wmsn7mnuljDsPI" },
	{ SSHKEY_ECDSA_521,
	    "ecdsa-sha2-nistp521 "
	    "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAA"
	    "CFBAFyiuv2eZS1wTZj6fqFdoVglR/lpvC3cr8A8k5/EfdaDV9a"
	    "aYVPrft5FRVwqucD4QcETdjBKisGPKGXgOBE+bthvwHID24YGG"
	    "KAk/MyKw0Dk4bi31kzvkN55m/WFNRsbXs2kYG4+Cv5B8nTp6VQ"
	    "d6iDH2VyLkajyY8nAdOVDY2vNxND2Q==",
	    "SHA256:T2J5Yxmd/0/yJD8hJkjOW+c9KKiHB2Axv21Sw+ZN41s" },
	{ SSHKEY_SK_ED25519,
	    "sk-ssh-ed25519@openssh.com "
	    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIDkMjH"
	    "1yRzQs2BAPL293DWXWcOWOA1HYro5Pbqw0L8IxAAAABHNzaDo=",
	    "SHA256:9QDoRtcBT9Eol0HyvA9Rz9vGNvuphgniO4T7TvOEf8w" },
	{ SSHKEY_SK_ECDSA_256,
	    "sk-ecdsa-sha2-nistp256@openssh.com "
	    "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb2"
	    "0AAAAIbmlzdHAyNTYAAABBBE5gCm12Wqp0X9YYMfA5o18aIi/G"
	    "mDkTNVwP4mWPy1mLFZuuKgLTgjo3/6Dlo13UYx9+gH6iq5I64C"
	    "Rd/a5YK7IAAAAIc3NoOmRuNDI=",
	    "SHA256:r0sGx8SuthRjSNutwu+lWmgTMnJlief0eyYta0Z4ZRs" },
};

#define N_KNOWN (sizeof(known) / sizeof(known[0]))

static int
parse(struct sshkey *key, const char *line)
{
	return sshkey_parse(key, line, strlen(line));
}

static void
knows_all_types(void **state)
{
	char fpr[SSHKEY_FPR_MAX];
	struct sshkey key;

	(void)state;
	for (size_t i = 0; i < N_KNOWN; i++) {
		const char *name = sshkey_type_name(known[i].type);

		assert_int_equal(parse(&key, known[i].line), 0);
		assert_int_equal(key.type, known[i].type);
		assert_string_equal(
		    sshkey_fingerprint(&key, fpr), known[i].fingerprint);
		assert_memory_equal(known[i].line, name, strlen(name));
	}
	assert_string_equal(sshkey_type_name(SSHKEY_NONE), "none");
}

static void
takes_spaces_and_comments(void **state)
{
	static const struct {
		const char *before, *between, *after;
	} forms[] = { { " ", " ", "" }, { "", "  ", "" }, { "", "\t", "\t" },
		{ "", " ", " a comment of words" }, { "", " ", " \x1b[2J\n" } };
	const char *base64 = strchr(known[0].line, ' ') + 1;
	struct sshkey want, key;
	char line[512];

	(void)state;
	assert_int_equal(parse(&want, known[0].line), 0);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(line, sizeof(line), "%sssh-ed25519%s%s%s",
		    forms[i].before, forms[i].between, base64, forms[i].after);
		assert_int_equal(parse(&key, line), 0);
		assert_int_equal(sshkey_cmp(&key, &want), 0);
	}
}

/* Every shorter and every longer form of a key is refused. */
static void
takes_whole_keys_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_KNOWN; i++) {
		size_t len = strlen(known[i].line);
		struct sshkey key = { .type = SSHKEY_NONE };
		char line[1024];

		for (size_t n = 0; n < len; n++)
			assert_int_equal(sshkey_parse(&key, known[i].line, n),
			    FAULT_INVALID);
		for (const char *p = "A=-_\n\r/"; *p != '\0'; p++) {
			snprintf(line, sizeof(line), "%s%c", known[i].line, *p);
			assert_int_equal(parse(&key, line), FAULT_INVALID);
		}
		snprintf(line, sizeof(line), "%sAAAA", known[i].line);
		assert_int_equal(parse(&key, line), FAULT_INVALID);
		/* Untouched on failure. */
		assert_int_equal(key.type, SSHKEY_NONE);
	}
}

/* The last digit before the padding must not carry stray bits. */
static void
refuses_stray_bits(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t padded = 0;

	(void)state;
	for (size_t i = 0; i < N_KNOWN; i++) {
		struct sshkey key;
		char line[1024];
		char *last;

		snprintf(line, sizeof(line), "%s", known[i].line);
		last = line + strlen(line) - 1;
		if (*last != '=')
			continue;
		while (*last == '=')
			last--;
		*last = strchr(digits, *last)[1];
		assert_int_equal(parse(&key, line), FAULT_INVALID);
		padded++;
	}
	assert_true(padded > 0);
}

static void
refuses_what_is_no_key(void **state)
{
	static const char base64[] = "AAAAC3NzaC1lZDI1NTE5AAAAI"
				     "HDIDpt3BsfM1BTB8TCKEFyON80AeVJ8ZHMai3Hn"
				     "zmFj";
	static const char *const types[] = { "", "ssh-ed5519", "SSH-ED25519",
		"ssh-rsa", "ssh-ed25519,", "ssh-ed25519 x", "from=\"*\"",
		"ssh-ed25519-cert-v01@openssh.com", "pgp-fingerprint",
		"sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256",
		"\x1b[2Jssh-ed25519", "ssh-dss", "none" };
	struct sshkey key;
	char line[256];

	(void)state;
	snprintf(line, sizeof(line), "ssh-ed25519 %s", base64);
	assert_int_equal(parse(&key, line), 0);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(line, sizeof(line), "%s %s", types[i], base64);
		assert_int_equal(parse(&key, line), FAULT_INVALID);
	}
	assert_int_equal(parse(&key, ""), FAULT_INVALID);
	assert_int_equal(parse(&key, "   "), FAULT_INVALID);
	assert_int_equal(parse(&key, "ssh-ed25519"), FAULT_INVALID);
	assert_int_equal(parse(&key, "ssh-ed25519 ===="), FAULT_INVALID);
	assert_int_equal(parse(&key, "ssh-ed25519 AAAA===="), FAULT_INVALID);
	assert_int_equal(parse(&key, "ssh-rsa /////w=="), FAULT_INVALID);
}

/* A blob of texts and bytes, checked as the wire would bring it. */
struct part {
	const char *text; /* NULL: `len` bytes, `first` and then 0xab */
	size_t len;
	uint8_t first;
};

static int
check_blob(const struct part *parts, size_t n)
{
	uint8_t bytes[SSHKEY_BLOB_MAX];
	struct sshkey key;
	struct pack p;
	int rc;

	pack_init(&p, 2 * SSHKEY_BLOB_MAX);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].text != NULL) {
			pack_text(&p, parts[i].text);
			continue;
		}
		memset(bytes, 0xab, sizeof(bytes));
		bytes[0] = parts[i].first;
		pack_blob(&p, bytes, parts[i].len);
	}
	assert_false(p.failed);
	rc = sshkey_from_blob(&key, p.data, p.len);
	pack_free(&p);
	return rc;
}

#define BLOB(...)                                          \
	check_blob((const struct part[]){ __VA_ARGS__ },   \
	    sizeof((const struct part[]){ __VA_ARGS__ }) / \
		sizeof(struct part))
#define TEXT(t)         \
	{               \
		t, 0, 0 \
	}
#define BYTES(f, l)        \
	{                  \
		NULL, l, f \
	}

static void
checks_ed25519(void **state)
{
	(void)state;
	assert_int_equal(BLOB(TEXT("ssh-ed25519"), BYTES(1, 32)), 0);
	assert_int_not_equal(BLOB(TEXT("ssh-ed25519"), BYTES(1, 31)), 0);
	assert_int_not_equal(BLOB(TEXT("ssh-ed25519"), BYTES(1, 33)), 0);
	assert_int_not_equal(BLOB(TEXT("ssh-ed25519")), 0);
	assert_int_not_equal(
	    BLOB(TEXT("ssh-ed25519"), BYTES(1, 32), TEXT("")), 0);
	assert_int_not_equal(BLOB(TEXT("ssh-ed448"), BYTES(1, 57)), 0);
	assert_int_not_equal(BLOB(TEXT("")), 0);
}

/* Bits of a modulus: 0x00 before a byte with its top bit set. */
static void
checks_rsa(void **state)
{
	static const struct {
		uint8_t e_first, n_first;
		size_t e_len, n_len;
		int good;
	} all[] = {
		{ 3, 0, 1, 129, 1 }, /* 1024 bits */
		{ 1, 0, 3, 2049, 1 }, /* 16384 bits */
		{ 3, 1, 1, 129, 1 }, /* 1025 bits */
		{ 3, 0x7f, 1, 128, 0 }, /* 1023 bits */
		{ 3, 1, 1, 2049, 0 }, /* 16385 bits */
		{ 3, 0, 1, 65, 0 }, /* 512 bits */
		{ 3, 0x80, 1, 129, 0 }, /* negative */
		{ 1, 0, 1, 129, 0 }, /* any number is a signature */
		{ 2, 0, 1, 129, 0 }, /* even */
		{ 0, 0, 1, 129, 0 }, /* zero, with a byte too many */
		{ 0, 0, 0, 129, 0 }, /* zero */
		{ 0x81, 0, 1, 129, 0 }, /* negative */
		{ 3, 0, 1, 0, 0 },
	};
	uint8_t padded[260] = { 0, 0 };
	struct sshkey key;
	struct pack p;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int rc =
		    BLOB(TEXT("ssh-rsa"), BYTES(all[i].e_first, all[i].e_len),
			BYTES(all[i].n_first, all[i].n_len));

		assert_int_equal(rc, all[i].good ? 0 : FAULT_INVALID);
	}
	assert_int_not_equal(BLOB(TEXT("ssh-rsa"), BYTES(3, 1)), 0);
	assert_int_not_equal(
	    BLOB(TEXT("ssh-rsa"), BYTES(3, 1), BYTES(0, 129), TEXT("")), 0);
	/* Two zeros before the modulus: the same number, another blob. */
	memset(padded + 2, 0xab, sizeof(padded) - 2);
	for (size_t skip = 0; skip < 2; skip++) {
		pack_init(&p, SSHKEY_BLOB_MAX);
		pack_text(&p, "ssh-rsa");
		pack_blob(&p, "\3", 1);
		pack_blob(&p, padded + skip, sizeof(padded) - skip);
		assert_int_equal(sshkey_from_blob(&key, p.data, p.len),
		    skip == 0 ? FAULT_INVALID : 0);
		pack_free(&p);
	}
}

static void
checks_ecdsa(void **state)
{
	static const struct {
		const char *type, *curve;
		uint8_t first;
		size_t len;
		int good;
	} all[] = {
		{ "ecdsa-sha2-nistp256", "nistp256", 4, 65, 1 },
		{ "ecdsa-sha2-nistp384", "nistp384", 4, 97, 1 },
		{ "ecdsa-sha2-nistp521", "nistp521", 4, 133, 1 },
		{ "ecdsa-sha2-nistp256", "nistp384", 4, 65, 0 },
		{ "ecdsa-sha2-nistp256", "nistp384", 4, 97, 0 },
		{ "ecdsa-sha2-nistp384", "nistp384", 4, 65, 0 },
		{ "ecdsa-sha2-nistp256", "nistp256", 2, 33, 0 },
		{ "ecdsa-sha2-nistp256", "nistp256", 2, 65, 0 },
		{ "ecdsa-sha2-nistp256", "nistp256", 4, 64, 0 },
		{ "ecdsa-sha2-nistp256", "nistp256", 0, 1, 0 },
		{ "ecdsa-sha2-nistp256", "nistp256", 0, 0, 0 },
		{ "ecdsa-sha2-nistp256", "", 4, 65, 0 },
		{ "ecdsa-sha2-nistp224", "nistp224", 4, 57, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int rc = BLOB(TEXT(all[i].type), TEXT(all[i].curve),
		    BYTES(all[i].first, all[i].len));

		assert_int_equal(rc, all[i].good ? 0 : FAULT_INVALID);
	}
}

static void
checks_application(void **state)
{
	static const struct {
		const char *text;
		int good;
	} all[] = { { "ssh:", 1 }, { "ssh:dn42", 1 }, { "", 0 }, { "ssh", 0 },
		{ "https://example.org", 0 }, { "SSH:", 0 },
		{ "ssh:\x1b[2J", 0 }, { "ssh:\n", 0 } };
	static const char ed[] = "sk-ssh-ed25519@openssh.com";
	static const char ec[] = "sk-ecdsa-sha2-nistp256@openssh.com";

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int want = all[i].good ? 0 : FAULT_INVALID;

		assert_int_equal(
		    BLOB(TEXT(ed), BYTES(1, 32), TEXT(all[i].text)), want);
		assert_int_equal(BLOB(TEXT(ec), TEXT("nistp256"), BYTES(4, 65),
				     TEXT(all[i].text)),
		    want);
	}
	assert_int_not_equal(BLOB(TEXT(ed), BYTES(1, 32)), 0);
	assert_int_not_equal(
	    BLOB(TEXT(ed), BYTES(1, 32), TEXT("ssh:"), TEXT("")), 0);
}

static void
refuses_a_blob_that_is_too_long(void **state)
{
	static uint8_t blob[SSHKEY_BLOB_MAX + 1];
	static char line[64 + (SSHKEY_BLOB_MAX + 64) / 3 * 4];
	struct sshkey key;
	size_t len;

	(void)state;
	assert_int_not_equal(sshkey_from_blob(&key, blob, sizeof(blob)), 0);
	assert_int_not_equal(sshkey_from_blob(&key, blob, 0), 0);
	/* A length inside that leads beyond the end. */
	memset(blob, 0xff, sizeof(blob));
	assert_int_not_equal(sshkey_from_blob(&key, blob, 4), 0);
	assert_int_not_equal(sshkey_from_blob(&key, blob, 100), 0);
	len = (size_t)snprintf(line, sizeof(line), "ssh-rsa ");
	memset(line + len, 'A', sizeof(line) - len);
	assert_int_not_equal(sshkey_parse(&key, line, sizeof(line)), 0);
}

static void
orders_keys(void **state)
{
	struct sshkey all[N_KNOWN];

	(void)state;
	for (size_t i = 0; i < N_KNOWN; i++)
		assert_int_equal(parse(&all[i], known[i].line), 0);
	for (size_t i = 0; i < N_KNOWN; i++) {
		struct sshkey other = all[i];

		for (size_t j = 0; j < N_KNOWN; j++)
			assert_int_equal(
			    sshkey_cmp(&all[i], &all[j]) == 0, i == j);
		other.hash[31] ^= 1;
		assert_int_not_equal(sshkey_cmp(&all[i], &other), 0);
		assert_true((sshkey_cmp(&all[i], &other) < 0) !=
			    (sshkey_cmp(&other, &all[i]) < 0));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_all_types),
		cmocka_unit_test(takes_spaces_and_comments),
		cmocka_unit_test(takes_whole_keys_only),
		cmocka_unit_test(refuses_stray_bits),
		cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(checks_ed25519),
		cmocka_unit_test(checks_rsa),
		cmocka_unit_test(checks_ecdsa),
		cmocka_unit_test(checks_application),
		cmocka_unit_test(refuses_a_blob_that_is_too_long),
		cmocka_unit_test(orders_keys),
	};

	return cmocka_run_group_tests_name("sshkey", tests, NULL, NULL);
}
