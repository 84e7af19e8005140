#include <errno.h>

#include "render/render.h"
#include "render/roa.h"
#include "render/text.h"

static int
write_lines(FILE *f, const char *keyword, const struct roa_set *set)
{
	struct text t;

	text_begin(&t, f);
	text_add(&t, RENDER_MARK ": ROAs of the registry, ");
	text_add_number(&t, (unsigned)set->n);
	text_add(&t, "\n");
	for (size_t i = 0; i < set->n; i++) {
		const struct roa *r = &set->roas[i];

		if (!roa_is_valid(r))
			return -EINVAL;
		text_add(&t, keyword);
		text_add(&t, " ");
		text_add_prefix(&t, &r->prefix);
		text_add(&t, " max ");
		text_add_number(&t, r->max);
		text_add(&t, " as ");
		text_add_number(&t, r->asn);
		text_add(&t, ";\n");
	}
	text_flush(&t);
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
