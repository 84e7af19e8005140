#include <stdint.h>
#include <stdlib.h>

#include "registry/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Rules are in order and in range, and the first that covers decides. */
static void
look_at(const struct filter *filter, unsigned family)
{
	const struct filter_rule *r = filter->rules;

	for (size_t i = 0; i < filter->n; i++) {
		if (r[i].prefix.ip.family != family || r[i].min > r[i].max ||
		    r[i].max > ip_bits(&r[i].prefix.ip) ||
		    prefix_has_host_bits(&r[i].prefix))
			abort();
		if (i > 0 &&
		    (r[i].nr < r[i - 1].nr ||
			(r[i].nr == r[i - 1].nr && r[i].line <= r[i - 1].line)))
			abort();
		if (filter_find(filter, &r[i].prefix) > &r[i])
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (unsigned family = 4; family <= 6; family += 2) {
		struct filter filter;

		if (filter_parse(&filter, family, (const char *)data, len, NULL,
			NULL) != 0)
			continue;
		look_at(&filter, family);
		filter_free(&filter);
	}
	return 0;
}
