#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "registry/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is told is printable, whatever the file holds. */
static void
count(void *arg, const char *where, const char *why)
{
	if (!text_is_plain(where, strlen(where)) ||
	    !text_is_plain(why, strlen(why)))
		abort();
	++*(size_t *)arg;
}

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
		for (size_t k = 0; k <= i; k++) {
			if (!prefix_covers(&r[k].prefix, &r[i].prefix))
				continue;
			if (filter_find(filter, &r[i].prefix) != &r[k])
				abort();
			break;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (unsigned family = 4; family <= 6; family += 2) {
		size_t told = 0;
		const struct report report = { .tell = count, .arg = &told };
		struct filter filter;

		if (filter_parse(&filter, family, (const char *)data, len,
			&report, NULL) != 0)
			continue;
		if (filter.skipped != told)
			abort();
		look_at(&filter, family);
		filter_free(&filter);
	}
	return 0;
}
