#include <sodium.h>
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
	sodium_bin2base64(line + n, sizeof(line) - (size_t)n, data, size,
	    sodium_base64_VARIANT_ORIGINAL);
	if (sshkey_parse(&again, line, strlen(line)) != 0 ||
	    sshkey_cmp(&key, &again) != 0)
		abort();
}

/* A comment, of any words, makes no other key of a line. */
static void
check_line(const struct sshkey *key, const char *line, size_t len)
{
	char fpr[SSHKEY_FPR_MAX], *longer = malloc(len + 3);
	struct sshkey again;

	if (longer == NULL)
		return;
	memcpy(longer, line, len);
	memcpy(longer + len, " x", 3);
	if (sshkey_parse(&again, longer, len + 2) != 0 ||
	    sshkey_cmp(key, &again) != 0 ||
	    strlen(sshkey_fingerprint(key, fpr)) != SSHKEY_FPR_MAX - 1)
		abort();
	free(longer);
}

/* The input is tried as a line, and as a blob. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sshkey key;

	if (sshkey_parse(&key, (const char *)data, size) == 0)
		check_line(&key, (const char *)data, size);
	check_blob(data, size);
	return 0;
}
