#include "base/ip.h"
#include "render/bird2.h"

static bool
has_prefix(const struct plan *plan, uint8_t family)
{
	for (size_t i = 0; i < plan->n_prefixes; i++)
		if (plan->prefixes[i].ip.family == family)
			return true;
	return false;
}

/* Ends a "return" with a test for our prefixes of one family, or any part. */
static void
render_own_test(FILE *f, const struct plan *plan, uint8_t family)
{
	const char *comma = "";
	char text[PREFIX_TEXT_MAX];

	if (!has_prefix(plan, family)) {
		fputs("false;\n", f);
		return;
	}
	fputs("net ~ [", f);
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		const struct prefix *p = &plan->prefixes[i];

		if (p->ip.family != family)
			continue;
		fprintf(f, "%s\n\t\t%s+", comma, prefix_text(p, text));
		comma = ",";
	}
	fputs("\n\t];\n", f);
}

static void
render_is_own(FILE *f, const struct plan *plan)
{
	fputs("function meetme_is_own() {\n"
	      "	if net.type = NET_IP4 then return ",
	    f);
	render_own_test(f, plan, 4);
	fputs("	return ", f);
	render_own_test(f, plan, 6);
	fputs("}\n"
	      "\n",
	    f);
}

/* What we announce: always, whatever stands in the kernel. */
static void
render_routes(FILE *f, const struct plan *plan, uint8_t family)
{
	char text[PREFIX_TEXT_MAX];

	if (!has_prefix(plan, family))
		return;
	fprintf(f, "protocol static meetme_own%u {\n\tipv%u;\n",
	    (unsigned)family, (unsigned)family);
	for (size_t i = 0; i < plan->n_prefixes; i++)
		if (plan->prefixes[i].ip.family == family)
			fprintf(f, "\troute %s unreachable;\n",
			    prefix_text(&plan->prefixes[i], text));
	fputs("}\n\n", f);
}

void
bird2_own(FILE *f, const struct plan *plan)
{
	render_is_own(f, plan);
	render_routes(f, plan, 4);
	render_routes(f, plan, 6);
}
