#include "render/bird2.h"

#include "base/ip.h"
#include "render/text.h"

/*
 * The IGP has our own networks, so they are not repeated here. The POP that
 * has a route of a peer has looked at its ROA.
 */
static const char filters[] =
    "filter meetme_ibgp_import {\n"
    "	include \"hook[s]/ibgp_import*.conf\";\n"
    "	if meetme_is_others() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n"
    "filter meetme_ibgp_export {\n"
    "	include \"hook[s]/ibgp_export*.conf\";\n"
    "	if source = RTS_BGP && meetme_is_others() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n";

/*
 * No IGP runs on a given link, so its session has our own networks as well:
 * what is on `lo` here and what other POPs have, but not the static routes of
 * our prefixes, which all have themselves.
 */
static const char direct_filters[] =
    "filter meetme_direct_import {\n"
    "	include \"hook[s]/ibgp_import*.conf\";\n"
    "	if meetme_is_own() || meetme_is_others() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n"
    "filter meetme_direct_export {\n"
    "	include \"hook[s]/ibgp_export*.conf\";\n"
    "	if meetme_is_own() && source != RTS_STATIC then accept;\n"
    "	if source = RTS_BGP && meetme_is_others() then accept;\n"
    "	reject;\n"
    "}\n"
    "\n";

/* Else the IGP's part of the file has it. */
static const char loopback[] =
    "protocol direct meetme_direct {\n"
    "	interface \"lo\";\n"
    "	ipv4 { import where meetme_is_own(); };\n"
    "}\n"
    "\n";

static const char direct[] = "	direct;\n"
			     "	ipv4 {\n"
			     "		import filter meetme_direct_import;\n"
			     "		export filter meetme_direct_export;\n"
			     "	};\n";

/*
 * A reflected route keeps its next hop (RFC 4456, 10). But an IPv4 session
 * cannot say the IPv6 next hops of others, so there it is always us.
 */
static void
render_template(FILE *f, unsigned family)
{
	fprintf(f,
	    "template bgp meetme_ibgp%s {\n"
	    "	local as MEETME_AS;\n"
	    "	graceful restart on;\n"
	    "	connect delay time 1;\n"
	    "	connect retry time 5;\n"
	    "	error wait time 1, 30;\n"
	    "	include \"hook[s]/ibgp_peer*.conf\";\n"
	    "	ipv4 {\n"
	    "		next hop self %s;\n"
	    "%s"
	    "		import filter meetme_ibgp_import;\n"
	    "		export filter meetme_ibgp_export;\n"
	    "	};\n",
	    family == 4 ? "4" : "", family == 4 ? "on" : "ebgp",
	    family == 4 ? "" : "\t\textended next hop on;\n");
	if (family == 6)
		fputs("	ipv6 {\n"
		      "		next hop self ebgp;\n"
		      "		import filter meetme_ibgp_import;\n"
		      "		export filter meetme_ibgp_export;\n"
		      "	};\n",
		    f);
	fputs("}\n\n", f);
}

static void
render_session(struct text *t, const struct plan_ibgp *s)
{
	text_add(t, "protocol bgp ibgp_");
	text_add_number(t, s->pop);
	text_add(t, " from meetme_ibgp");
	text_add(t, s->source.family == 4 ? "4 {\n" : " {\n");
	text_add(t, "	description \"");
	text_add(t, s->pop_name);
	text_add(t, "\";\n	neighbor ");
	text_add_ip(t, &s->neighbor);
	text_add(t, " as MEETME_AS;\n	source address ");
	text_add_ip(t, &s->source);
	text_add(t, ";\n");
	if (s->client)
		text_add(t, "	rr client;\n");
	if (s->direct)
		text_add(t, direct);
	text_add(t, "}\n\n");
}

static void
render_sessions(FILE *f, const struct plan *plan)
{
	struct text t;

	text_begin(&t, f);
	for (size_t i = 0; i < plan->n_ibgp; i++)
		render_session(&t, &plan->ibgp[i]);
	text_flush(&t);
}

static bool
has_family(const struct plan *plan, uint8_t family)
{
	for (size_t i = 0; i < plan->n_ibgp; i++)
		if (plan->ibgp[i].source.family == family)
			return true;
	return false;
}

static bool
has_direct(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_ibgp; i++)
		if (plan->ibgp[i].direct)
			return true;
	return false;
}

void
bird2_ibgp(FILE *f, const struct plan *plan)
{
	if (plan->n_ibgp == 0)
		return;
	fputs(filters, f);
	if (has_direct(plan)) {
		if (plan->igp == IGP_NONE)
			fputs(loopback, f);
		fputs(direct_filters, f);
	}
	if (has_family(plan, 6))
		render_template(f, 6);
	if (has_family(plan, 4))
		render_template(f, 4);
	render_sessions(f, plan);
}

bool
bird2_ibgp_is_good(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_ibgp; i++) {
		const struct plan_ibgp *s = &plan->ibgp[i];

		if (s->pop == 0 || !text_is_pop(s->pop_name) ||
		    s->source.family == 0 ||
		    s->neighbor.family != s->source.family)
			return false;
	}
	return true;
}
