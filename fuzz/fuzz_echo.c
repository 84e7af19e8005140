#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/echo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing but the request's own bytes, sent back, answers it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct echo e = { .index = 7,
		.to = { 6, { 0xfe, 0x80, 2, 0x63, [15] = 1 } },
		.message = "\x80xxxIDNRtwenty-bytes-al" };
	bool is_echo = size == ECHO_LEN && data[0] == 129 && data[1] == 0 &&
		       memcmp(data + 4, e.message + 4, ECHO_LEN - 4) == 0;

	if (echo_answers(&e, 7, &e.to, data, size) != is_echo)
		abort();
	return 0;
}
