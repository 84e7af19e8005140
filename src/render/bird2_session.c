#include "render/bird.h"
#include "render/render.h"

#include <errno.h>

#include "render/text.h"

/*
 * What is refused is kept, too, to be shown: a peer's flood ends at some
 * number, so that it cannot fill the memory.
 */
#define RECEIVE_TIMES 10

static void
render_channel(FILE *f, const struct plan_session *s, unsigned family)
{
	fprintf(f,
	    "	ipv%u {\n"
	    "		import limit %u action block;\n"
	    "		receive limit %u action block;\n"
	    "		import filter { meetme_import_at(%d); };\n"
	    "		export filter { meetme_export_at(%d); };\n"
	    "	};\n",
	    family, s->import_limit, s->import_limit * RECEIVE_TIMES,
	    s->latency, s->latency);
}

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
	if (s->paused)
		fputs("	disabled yes;\n", f);
	render_channel(f, s, 4);
	render_channel(f, s, 6);
	fputs("}\n", f);
	return text_end(f);
}
