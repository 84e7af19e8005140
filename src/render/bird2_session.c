#include "render/render.h"

#include <errno.h>

#include "render/text.h"

int
render_bird2_session(FILE *f, const struct plan_session *s)
{
	char neighbor[IP_TEXT_MAX], source[IP_TEXT_MAX];

	if (!text_is_symbol(s->name) || !text_is_ifname(s->ifname) ||
	    !ip_is_link_local(&s->neighbor) || !ip_is_link_local(&s->source))
		return -EINVAL;
	fprintf(f,
	    RENDER_MARK ": the peering with AS%u\n"
			"protocol bgp %s from meetme_peer {\n"
			"	neighbor %s %% '%s' as %u;\n"
			"	source address %s;\n",
	    s->asn, s->name, ip_text(&s->neighbor, neighbor), s->ifname, s->asn,
	    ip_text(&s->source, source));
	for (unsigned family = 4; family <= 6; family += 2)
		fprintf(f, "\tipv%u { import limit %u action block; };\n",
		    family, s->import_limit);
	fputs("}\n", f);
	return text_end(f);
}
