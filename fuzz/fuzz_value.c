#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "network/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 8192

/* What git is started with must be no option, and no transport of its own. */
static void
check_for_git(const char *field, const char *text)
{
	if (strcmp(field, "registry.url") != 0 &&
	    strcmp(field, "registry.branch") != 0)
		return;
	if (!text_is_plain(text, strlen(text)) ||
	    strpbrk(text, " '\"\\$`;&|<>(){}*?!#") != NULL || text[0] == '-' ||
	    strstr(text, "@-") != NULL || strstr(text, ":-") != NULL ||
	    strstr(text, "://-") != NULL || strncmp(text, "ext::", 5) == 0)
		abort();
}

/*
 * The first line names a field of the network file, the rest is its value:
 * taken, or refused in plain text.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[TEXT_MAX];
	struct fault f = { .text = "" };
	char *value;
	int rc;

	if (size >= sizeof(text) || memchr(data, '\0', size) != NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	value = strchr(text, '\n');
	if (value == NULL)
		return 0;
	*value++ = '\0';
	rc = network_check_value(text, value, &f);
	if (rc == 0)
		check_for_git(text, value);
	else if ((rc != FAULT_INVALID && rc != FAULT_SYSTEM) ||
		 f.text[0] == '\0' || !text_is_plain(f.text, strlen(f.text)))
		abort();
	return 0;
}
