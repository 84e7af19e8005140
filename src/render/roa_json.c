#include <errno.h>
#include <time.h>

#include "render/roa.h"
#include "render/text.h"

#define TIME_MAX 32

/* RFC 3339, in UTC. */
static int
time_text(char buf[TIME_MAX], time_t t)
{
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(buf, TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return -EINVAL;
	return 0;
}

int
render_roa_json(FILE *f, const struct roa_set *set)
{
	char changed[TIME_MAX];
	struct text t;

	if (time_text(changed, set->changed) != 0)
		return -EINVAL;
	fprintf(f,
	    "{\n\t\"metadata\": { \"counts\": %zu, \"buildtime\": \"%s\" },\n"
	    "\t\"roas\": [",
	    set->n, changed);
	text_begin(&t, f);
	for (size_t i = 0; i < set->n; i++) {
		const struct roa *r = &set->roas[i];

		if (!roa_is_valid(r))
			return -EINVAL;
		text_add(&t, i > 0 ? ",\n" : "\n");
		text_add(&t, "\t\t{ \"prefix\": \"");
		text_add_prefix(&t, &r->prefix);
		text_add(&t, "\", \"maxLength\": ");
		text_add_number(&t, r->max);
		text_add(&t, ", \"asn\": \"AS");
		text_add_number(&t, r->asn);
		text_add(&t, "\" }");
	}
	text_add(&t, "\n\t]\n}\n");
	text_flush(&t);
	return text_end(f);
}
