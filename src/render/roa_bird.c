#include <errno.h>

#include "render/render.h"
#include "render/roa.h"
#include "render/text.h"

static int
write_lines(FILE *f, const char *keyword, const struct roa_set *set)
{
	char prefix[PREFIX_TEXT_MAX], max[TEXT_NUMBER_MAX],
	    asn[TEXT_NUMBER_MAX];

	text_add(f, RENDER_MARK ": ROAs of the registry, ",
	    text_number(max, (unsigned)set->n), "\n", NULL);
	for (size_t i = 0; i < set->n; i++) {
		const struct roa *r = &set->roas[i];

		if (!roa_is_valid(r))
			return -EINVAL;
		text_add(f, keyword, " ", prefix_text(&r->prefix, prefix),
		    " max ", text_number(max, r->max), " as ",
		    text_number(asn, r->asn), ";\n", NULL);
	}
	return text_end(f);
}

int
render_roa_bird2(FILE *f, const struct roa_set *set)
{
	return write_lines(f, "route", set);
}

int
render_roa_bird1(FILE *f, const struct roa_set *set)
{
	return write_lines(f, "roa", set);
}
