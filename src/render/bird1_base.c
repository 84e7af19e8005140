#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "render/bird.h"
#include "render/render.h"
#include "render/text.h"

static const char head[] =
    "# meetmed writes this file: what is changed here is lost. bird.conf has\n"
    "# include \"meetme/meetme.conf\"; and whatever else is yours. This file "
    "has\n"
    "# the router id, the device and direct protocols, and the kernel "
    "protocol\n"
    "# of the main table, so bird.conf must have none of these. All names "
    "here\n"
    "# begin with meetme_, MEETME_ or ibgp_. What is in hooks/ is yours, see\n"
    "# meetmed(8). The [s] is so that the folders need not be there.\n";

/* This version knows no attributes of ours: a refused route has no reason. */
static const char filters[] =
    "roa table meetme_roa {\n"
    "	include \"registr[y]/roa4.conf\";\n"
    "}\n"
    "\n"
    "function meetme_network() {\n"
    "	include \"registr[y]/networks4.conf\";\n"
    "	return 2;\n"
    "}\n"
    "\n"
    "# The router at the other end may know no ROA, so they are looked at "
    "here.\n"
    "filter meetme_ibgp_import {\n"
    "	include \"hook[s]/ibgp_import*.conf\";\n"
    "	if meetme_is_own() then accept;\n"
    "	if meetme_network() != 0 then reject;\n"
    "	if roa_check(meetme_roa) = ROA_VALID then accept;\n"
    "	reject;\n"
    "}\n"
    "\n"
    "# Nothing runs here but this: what is ours, so that it can be reached.\n"
    "filter meetme_ibgp_export {\n"
    "	include \"hook[s]/ibgp_export*.conf\";\n"
    "	if proto = \"meetme_loopback\" then accept;\n"
    "	if source = RTS_DEVICE && meetme_is_own() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n";

static void
render_is_own(FILE *f, const struct plan *plan)
{
	const char *comma = "";
	char text[PREFIX_TEXT_MAX];

	fputs("function meetme_is_own() {\n	return net ~ [", f);
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		const struct prefix *p = &plan->prefixes[i];

		if (p->ip.family != 4)
			continue;
		fprintf(f, "%s %s+", comma, prefix_text(p, text));
		comma = ",";
	}
	fputs(" ];\n}\n\n", f);
}

/* This version does not look at `lo`, so its direct protocol has no address. */
static void
render_loopback(FILE *f, const struct ip *loopback)
{
	char text[IP_TEXT_MAX];

	if (loopback->family == 4)
		fprintf(f,
		    "protocol static meetme_loopback {\n"
		    "	route %s/32 unreachable;\n"
		    "}\n"
		    "\n",
		    ip_text(loopback, text));
}

/* As in BIRD 2, routes stay in the kernel while BIRD is away. */
static void
render_kernel(FILE *f, const struct ip *loopback)
{
	char text[IP_TEXT_MAX];

	fputs("protocol kernel meetme_kernel4 {\n"
	      "	scan time 20;\n"
	      "	persist;\n"
	      "	graceful restart;\n"
	      "	import none;\n"
	      "	export filter {\n"
	      "		include \"hook[s]/kernel*.conf\";\n"
	      "		if source = RTS_STATIC then reject;\n"
	      "		if source = RTS_DEVICE then reject;\n",
	    f);
	if (loopback->family == 4)
		fprintf(f, "\t\tkrt_prefsrc = %s;\n", ip_text(loopback, text));
	fputs("		accept;\n"
	      "	};\n"
	      "}\n"
	      "\n",
	    f);
}

static void
render_session(FILE *f, const struct plan_ibgp *s)
{
	char neighbor[IP_TEXT_MAX], source[IP_TEXT_MAX];

	fprintf(f,
	    "protocol bgp ibgp_%u {\n"
	    "	description \"%s\";\n"
	    "	local as MEETME_AS;\n"
	    "	neighbor %s as MEETME_AS;\n"
	    "	source address %s;\n"
	    "	direct;\n"
	    "	graceful restart;\n"
	    "	connect delay time 1;\n"
	    "	connect retry time 5;\n"
	    "	error wait time 1, 30;\n"
	    "	include \"hook[s]/ibgp_peer*.conf\";\n"
	    "	next hop self;\n"
	    "	import keep filtered;\n"
	    "	import filter meetme_ibgp_import;\n"
	    "	export filter meetme_ibgp_export;\n"
	    "}\n"
	    "\n",
	    s->pop, s->pop_name, ip_text(&s->neighbor, neighbor),
	    ip_text(&s->source, source));
}

/* What this version cannot do is no plan for it (rules of network files). */
static bool
is_good(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_ibgp; i++) {
		const struct plan_ibgp *s = &plan->ibgp[i];

		if (!s->direct || s->pop == 0 || s->source.family != 4 ||
		    s->neighbor.family != 4 || !text_is_pop(s->pop_name))
			return false;
	}
	return text_is_plain(plan->name, strlen(plan->name)) &&
	       text_is_pop(plan->pop_name) && plan->router_id.family == 4 &&
	       plan->igp == IGP_NONE && plan->n_sessions == 0;
}

int
render_bird1_base(FILE *f, const struct plan *plan)
{
	char text[IP_TEXT_MAX];

	if (!is_good(plan))
		return -EINVAL;
	fprintf(f, RENDER_MARK ": AS%u, %s, %s\n%s\n", plan->asn, plan->name,
	    plan->pop_name, head);
	fprintf(f, "router id %s;\n", ip_text(&plan->router_id, text));
	fprintf(f, "define MEETME_AS = %u;\n\n", plan->asn);
	fputs("protocol device meetme_device {\n\tscan time 10;\n}\n\n", f);
	fputs("protocol direct meetme_direct {\n\tinterface \"*\";\n}\n\n", f);
	render_loopback(f, &plan->loopback4);
	render_is_own(f, plan);
	fputs(filters, f);
	render_kernel(f, &plan->loopback4);
	for (size_t i = 0; i < plan->n_ibgp; i++)
		render_session(f, &plan->ibgp[i]);
	return text_end(f);
}
