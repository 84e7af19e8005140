#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "engine/birdstatus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a peer announces: prefixes as we write them, and no more. */
static void
check_refused(const char *text, size_t len)
{
	json_t *o = birdstatus_refused(text, len), *v;
	char buf[PREFIX_TEXT_MAX];
	struct prefix p;
	const char *s;
	size_t i;

	if (o != NULL && json_integer_value(json_object_get(o, "count")) < 0)
		abort();
	json_array_foreach(json_object_get(o, "prefixes"), i, v)
	{
		s = json_string_value(v);
		if (s == NULL || prefix_parse(&p, s, strlen(s)) != 0 ||
		    strcmp(prefix_text(&p, buf), s) != 0)
			abort();
	}
	json_decref(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_refused((const char *)data, size);
	json_decref(
	    birdstatus_json((const char *)data, size, "ebgp_as4242421344_v6"));
	json_decref(birdstatus_protocols((const char *)data, size));
	return 0;
}
