#include "render/bird2.h"

/* What is on `lo`, an operator's anycast addresses too. */
static const char own_networks[] =
    "protocol direct meetme_direct {\n"
    "	interface \"lo\";\n"
    "	ipv4 { import where meetme_is_own(); };\n"
    "	ipv6 { import where meetme_is_own(); };\n"
    "}\n"
    "\n"
    "# Between our POPs: their own networks and nothing else.\n"
    "filter meetme_igp_import {\n"
    "	include \"hook[s]/igp_import*.conf\";\n"
    "	if meetme_is_own() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n";

/*
 * With a hello a second a link counts as lost after five (limit: 12 of the
 * last 16). A changed route is sent at once, so the whole table may go
 * seldom: a POP of 1,000 says 2,000 routes on 999 links.
 */
static const char babel[] =
    "filter meetme_igp_export {\n"
    "	include \"hook[s]/igp_export*.conf\";\n"
    "	if !meetme_is_own() then reject;\n"
    "	if source = RTS_DEVICE || source = RTS_BABEL then accept;\n"
    "	reject;\n"
    "}\n"
    "\n"
    "protocol babel meetme_igp {\n"
    "	randomize router id on;\n"
    "	ipv4 {\n"
    "		import filter meetme_igp_import;\n"
    "		export filter meetme_igp_export;\n"
    "	};\n"
    "	ipv6 {\n"
    "		import filter meetme_igp_import;\n"
    "		export filter meetme_igp_export;\n"
    "	};\n"
    "	interface \"wg-int-*\" {\n"
    "		type wired;\n"
    "		hello interval 1 s;\n"
    "		update interval 16 s;\n"
    "	};\n"
    "	include \"hook[s]/igp_interface*.conf\";\n"
    "}\n"
    "\n";

/* An external metric of type 1 counts the way there too (RFC 2328, 2.3). */
static const char ospf_export[] =
    "filter meetme_igp_export {\n"
    "	include \"hook[s]/igp_export*.conf\";\n"
    "	if !meetme_is_own() || source != RTS_DEVICE then reject;\n"
    "	ospf_metric1 = 10;\n"
    "	accept;\n"
    "}\n"
    "\n";

/* Version 3 for both (RFC 5838): its packets go between link-local IPv6. */
static void
render_ospf(FILE *f, unsigned family)
{
	fprintf(f,
	    "protocol ospf v3 meetme_igp%u {\n"
	    "	ipv%u {\n"
	    "		import filter meetme_igp_import;\n"
	    "		export filter meetme_igp_export;\n"
	    "	};\n"
	    "	area 0 {\n"
	    "		interface \"wg-int-*\" {\n"
	    "			type ptp;\n"
	    "			hello 1;\n"
	    "			dead count 4;\n"
	    "		};\n"
	    "		include \"hook[s]/igp_interface*.conf\";\n"
	    "	};\n"
	    "}\n"
	    "\n",
	    family, family);
}

void
bird2_igp(FILE *f, enum network_igp igp)
{
	if (igp == IGP_NONE)
		return;
	fputs(own_networks, f);
	if (igp == IGP_BABEL) {
		fputs(babel, f);
		return;
	}
	fputs(ospf_export, f);
	render_ospf(f, 4);
	render_ospf(f, 6);
}
