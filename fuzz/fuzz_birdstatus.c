#include <stddef.h>
#include <stdint.h>

#include "engine/birdstatus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_decref(
	    birdstatus_json((const char *)data, size, "ebgp_as4242421344_v6"));
	json_decref(birdstatus_protocols((const char *)data, size));
	return 0;
}
