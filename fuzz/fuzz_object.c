#include <stdint.h>
#include <stdlib.h>

#include "registry/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Each attribute begins a line, and its parts lie in order in the text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *last = text;
	struct object_reader r;
	struct object_attr attr;

	object_open(&r, text, size);
	while (object_next(&r, &attr)) {
		if (attr.key < last || attr.key_len == 0 ||
		    attr.value <= attr.key + attr.key_len - 1 ||
		    attr.value + attr.value_len > text + size)
			abort();
		if (attr.key != text && attr.key[-1] != '\n')
			abort();
		if (attr.key[attr.key_len] != ':')
			abort();
		last = attr.value + attr.value_len;
		object_is(&attr, "auth");
	}
	return 0;
}
