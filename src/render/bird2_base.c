#include "render/bird.h"
#include "render/render.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "render/bird2.h"
#include "render/text.h"

static const char head[] =
    "# meetmed writes this file: what is changed here is lost. bird.conf has\n"
    "# include \"meetme/meetme.conf\"; and whatever else is yours. This file "
    "has\n"
    "# the router id, the device protocol, and the kernel protocols of the "
    "main\n"
    "# tables, so bird.conf must have none of these. All names here begin "
    "with\n"
    "# meetme_, MEETME_, ebgp_as or ibgp_. What is in hooks/ is yours, see\n"
    "# meetmed(8). The [s] is so that the folders need not be there.\n";

/*
 * The times are for a peer that comes and goes: the other side is tried again
 * within seconds, not after BIRD's two to five minutes. With an import table
 * a changed filter, or ROA, needs no route refresh from the peer.
 */
static const char template[] = "filter meetme_import {\n"
			       "	meetme_import_at(0);\n"
			       "}\n"
			       "\n"
			       "filter meetme_export {\n"
			       "	meetme_export_at(0);\n"
			       "}\n"
			       "\n"
			       "template bgp meetme_peer {\n"
			       "	local as MEETME_AS;\n"
			       "	enforce first as on;\n"
			       "	graceful restart on;\n"
			       "	connect delay time 1;\n"
			       "	connect retry time 5;\n"
			       "	error wait time 1, 30;\n"
			       "	include \"hook[s]/peer*.conf\";\n"
			       "	ipv4 {\n"
			       "		extended next hop on;\n"
			       "		import table on;\n"
			       "		import keep filtered on;\n"
			       "		import filter meetme_import;\n"
			       "		export filter meetme_export;\n"
			       "	};\n"
			       "	ipv6 {\n"
			       "		import table on;\n"
			       "		import keep filtered on;\n"
			       "		import filter meetme_import;\n"
			       "		export filter meetme_export;\n"
			       "	};\n"
			       "}\n"
			       "\n";

/*
 * Routes stay in the kernel while BIRD is away. Our own prefixes are there as
 * unreachable: else a less specific route of a peer would get what is meant
 * for a POP of ours that is down, iBGP's connections too.
 */
static void
render_kernel(FILE *f, uint8_t family, const struct ip *loopback)
{
	char text[IP_TEXT_MAX];

	fprintf(f,
	    "protocol kernel meetme_kernel%u {\n"
	    "	scan time 20;\n"
	    "	persist;\n"
	    "	graceful restart;\n"
	    "	ipv%u {\n"
	    "		import none;\n"
	    "		export filter {\n"
	    "			include \"hook[s]/kernel*.conf\";\n"
	    "			if proto = \"meetme_own%u\" then accept;\n"
	    "			if source = RTS_STATIC then reject;\n"
	    "			if source = RTS_DEVICE then reject;\n",
	    (unsigned)family, (unsigned)family, (unsigned)family);
	if (loopback->family == family)
		fprintf(
		    f, "\t\t\tkrt_prefsrc = %s;\n", ip_text(loopback, text));
	fputs("			accept;\n"
	      "		};\n"
	      "	};\n"
	      "}\n"
	      "\n",
	    f);
}

int
render_bird2_base(FILE *f, const struct plan *plan)
{
	char text[IP_TEXT_MAX];

	if (!text_is_plain(plan->name, strlen(plan->name)) ||
	    !text_is_pop(plan->pop_name) || plan->router_id.family != 4 ||
	    !bird2_ibgp_is_good(plan))
		return -EINVAL;
	fprintf(f, RENDER_MARK ": AS%u, %s, %s\n%s\n", plan->asn, plan->name,
	    plan->pop_name, head);
	fprintf(f, "router id %s;\n", ip_text(&plan->router_id, text));
	fprintf(f, "define MEETME_AS = %u;\n\n", plan->asn);
	fputs("protocol device meetme_device {\n\tscan time 10;\n}\n\n", f);
	bird2_own(f, plan);
	bird2_policy(f, plan);
	render_kernel(f, 4, &plan->loopback4);
	render_kernel(f, 6, &plan->loopback6);
	bird2_igp(f, plan->igp);
	bird2_ibgp(f, plan);
	fputs(template, f);
	fputs("include \"peer[s]/*.conf\";\n", f);
	return text_end(f);
}
