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
	char prefix[PREFIX_TEXT_MAX], max[TEXT_NUMBER_MAX],
	    asn[TEXT_NUMBER_MAX], changed[TIME_MAX];

	if (time_text(changed, set->changed) != 0)
		return -EINVAL;
	text_add(f, "{\n\t\"metadata\": { \"counts\": ",
	    text_number(max, (unsigned)set->n), ", \"buildtime\": \"", changed,
	    "\" },\n\t\"roas\": [", NULL);
	for (size_t i = 0; i < set->n; i++) {
		const struct roa *r = &set->roas[i];

		if (!roa_is_valid(r))
			return -EINVAL;
		text_add(f, i > 0 ? "," : "", "\n\t\t{ \"prefix\": \"",
		    prefix_text(&r->prefix, prefix),
		    "\", \"maxLength\": ", text_number(max, r->max),
		    ", \"asn\": \"AS", text_number(asn, r->asn), "\" }", NULL);
	}
	text_add(f, "\n\t]\n}\n", NULL);
	return text_end(f);
}
