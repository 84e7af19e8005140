#include <stddef.h>
#include <stdint.h>

#include "engine/args.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A request's arguments, as request_run takes them off the wire. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *args =
	    json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	struct peering draft = { 0 };
	struct fault f;

	if (json_is_object(args))
		args_apply(&draft, args, &f);
	json_decref(args);
	return 0;
}
