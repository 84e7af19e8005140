#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sshkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LINE_MAX_BYTES (64 + SSHKEY_BLOB_MAX / 3 * 4 + 8)

/* What is good as a blob must be good as a line, and the same key. */
static void
check_blob(const uint8_t *data, size_t size)
{
	char line[LINE_MAX_BYTES];
	struct sshkey key, again;
	int n;

	if (sshkey_from_blob(&key, data, size) != 0)
		return;
	n = snprintf(line, 64, "%s ", sshkey_type_name(key.type));
	n += EVP_EncodeBlock((uint8_t *)line + n, data, (int)size);
	if (sshkey_parse(&again, line, (size_t)n) != 0 ||
	    sshkey_cmp(&key, &again) != 0)
		abort();
}

/* The input is tried as a line, and as a blob. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char fpr[SSHKEY_FPR_MAX];
	struct sshkey key;

	if (sshkey_parse(&key, (const char *)data, size) == 0 &&
	    strlen(sshkey_fingerprint(&key, fpr)) != SSHKEY_FPR_MAX - 1)
		abort();
	check_blob(data, size);
	return 0;
}
