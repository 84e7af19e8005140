#include <stddef.h>
#include <stdint.h>

#include "agent/bird_reply.h"
#include "agent/uapi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte picks who answers: a device or BIRD. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct wg_device device;
	char words[64];
	int code;

	if (size == 0)
		return 0;
	size--;
	if (data[0] == 'w') {
		uapi_parse(&device, text, size);
		return 0;
	}
	if (bird_reply_end(text, size, &code) > 0) {
		bird_reply_words(words, sizeof(words), text, size);
		bird_reply_names(text, size, "ebgp_as4242421344_v6");
	}
	return 0;
}
