#include <errno.h>

#include "plan/refusal.h"
#include "render/bird.h"
#include "render/render.h"
#include "render/text.h"

static bool
is_valid(const struct filter_rule *r)
{
	const struct prefix *p = &r->prefix;
	unsigned bits = p->ip.family == 4 ? 32 : 128;

	return (p->ip.family == 4 || p->ip.family == 6) && p->len <= bits &&
	       !prefix_has_host_bits(p) && r->min <= r->max && r->max <= bits;
}

/* Not BIRD's P{min,max}: it takes what contains P, too, where min is less. */
static void
render_rule(FILE *f, const struct filter_rule *r)
{
	char prefix[PREFIX_TEXT_MAX];

	fprintf(f, "if net ~ [ %s+ ] then ", prefix_text(&r->prefix, prefix));
	if (!r->permit) {
		fprintf(f, "return %d;\n", REFUSAL_NETWORK);
		return;
	}
	fprintf(f,
	    "{\n"
	    "	if net.len < %d || net.len > %d then return %d;\n"
	    "	return %d;\n"
	    "}\n",
	    r->min, r->max, REFUSAL_LENGTH, REFUSAL_NONE);
}

int
render_bird2_networks(FILE *f, const struct filter *filter)
{
	fprintf(f, RENDER_MARK ": networks of the registry, %zu rule%s\n",
	    filter->n, filter->n == 1 ? "" : "s");
	for (size_t i = 0; i < filter->n; i++) {
		if (!is_valid(&filter->rules[i]))
			return -EINVAL;
		render_rule(f, &filter->rules[i]);
	}
	fprintf(f, "return %d;\n", REFUSAL_NETWORK);
	return text_end(f);
}
