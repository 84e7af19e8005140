#include "plan/refusal.h"
#include "render/bird2.h"

/*
 * dn42's communities (64511, n), dn42 wiki, howto/BGP-communities. WireGuard
 * is the best class of crypto: safe, with perfect forward secrecy.
 */
enum {
	LATENCY_FIRST = 1,
	BANDWIDTH_FIRST = 21,
	BANDWIDTH_LAST = 29,
	CRYPTO_FIRST = 31,
	CRYPTO_LAST = 34,
};

/*
 * A route's tables and files are those of its family. Where there is no file,
 * there is no registry yet, and no network of others.
 */
static const char registry[] =
    "attribute int meetme_refused;\n"
    "roa4 table meetme_roa4;\n"
    "roa6 table meetme_roa6;\n"
    "\n"
    "protocol static meetme_registry4 {\n"
    "	roa4 { table meetme_roa4; };\n"
    "	include \"registr[y]/roa4.conf\";\n"
    "}\n"
    "\n"
    "protocol static meetme_registry6 {\n"
    "	roa6 { table meetme_roa6; };\n"
    "	include \"registr[y]/roa6.conf\";\n"
    "}\n"
    "\n"
    "function meetme_network() {\n"
    "	if net.type = NET_IP4 then {\n"
    "		include \"registr[y]/networks4.conf\";\n"
    "	} else {\n"
    "		include \"registr[y]/networks6.conf\";\n"
    "	}\n";

static void
render_network(FILE *f)
{
	fputs(registry, f);
	fprintf(f,
	    "	return %d;\n"
	    "}\n"
	    "\n"
	    "function meetme_is_others() {\n"
	    "	return !meetme_is_own() && meetme_network() = %d;\n"
	    "}\n"
	    "\n",
	    REFUSAL_NETWORK, REFUSAL_NONE);
}

static void
render_blocked(FILE *f, const struct plan *plan)
{
	if (plan->n_blocked == 0)
		return;
	fputs("	if bgp_path ~ [ ", f);
	for (size_t i = 0; i < plan->n_blocked; i++)
		fprintf(f, "%s%u", i > 0 ? ", " : "", plan->blocked[i]);
	fprintf(f, " ] then return %d;\n", REFUSAL_BLOCKED);
}

static void
render_roa(FILE *f, unsigned family)
{
	fprintf(f,
	    "		case roa_check(meetme_roa%u, net, bgp_path.last) {\n"
	    "			ROA_UNKNOWN: return %d;\n"
	    "			ROA_INVALID: return %d;\n"
	    "		}\n",
	    family, REFUSAL_NO_ROA, REFUSAL_ORIGIN);
}

/* Why a peer's route is refused, with a key to the numbers. */
static void
render_refusal(FILE *f, const struct plan *plan)
{
	for (int i = REFUSAL_NONE + 1; i < REFUSAL_N; i++)
		fprintf(f, "# meetme_refused = %d: %s\n", i, refusal_text(i));
	fprintf(f,
	    "function meetme_refusal() {\n"
	    "	if meetme_is_own() then return %d;\n",
	    REFUSAL_OWN);
	render_blocked(f, plan);
	fprintf(f,
	    "	int meetme_why = meetme_network();\n"
	    "	if meetme_why != %d then return meetme_why;\n"
	    "	if net.type = NET_IP4 then\n",
	    REFUSAL_NONE);
	render_roa(f, 4);
	fputs("	else\n", f);
	render_roa(f, 6);
	fprintf(f,
	    "	return %d;\n"
	    "}\n"
	    "\n",
	    REFUSAL_NONE);
}

/* Of the classes n and first to last, only n stays on a route that has it. */
static void
render_only(FILE *f, int n, int first, int last)
{
	fprintf(f,
	    "	if (64511, %d) ~ bgp_community then\n"
	    "		bgp_community.delete([(64511, %d..%d)]);\n",
	    n, first, last);
}

static void
render_add(FILE *f, const char *indent, int community)
{
	if (community != 0)
		fprintf(f, "%sbgp_community.add((64511, %d));\n", indent,
		    community);
}

/* A route over one more tunnel: the worst on its way is what counts. */
static void
render_link(FILE *f, const struct plan *plan)
{
	fputs("function meetme_link(int meetme_latency) {\n"
	      "	if meetme_latency > 0 then\n"
	      "		bgp_community.add((64511, meetme_latency));\n",
	    f);
	render_add(f, "\t", plan->bandwidth);
	render_add(f, "\t", CRYPTO_LAST);
	for (int n = LATENCY_MAX; n > LATENCY_FIRST; n--)
		render_only(f, n, LATENCY_FIRST, n - 1);
	for (int n = BANDWIDTH_FIRST; n < BANDWIDTH_LAST; n++)
		render_only(f, n, n + 1, BANDWIDTH_LAST);
	for (int n = CRYPTO_FIRST; n < CRYPTO_LAST; n++)
		render_only(f, n, n + 1, CRYPTO_LAST);
	fputs("}\n"
	      "\n",
	    f);
}

static void
render_import(FILE *f)
{
	fprintf(f,
	    "function meetme_import_at(int meetme_latency) {\n"
	    "	include \"hook[s]/import*.conf\";\n"
	    "	int meetme_why = meetme_refusal();\n"
	    "	if meetme_why != %d then {\n"
	    "		meetme_refused = meetme_why;\n"
	    "		reject;\n"
	    "	}\n"
	    "	meetme_link(meetme_latency);\n"
	    "	accept;\n"
	    "}\n"
	    "\n",
	    REFUSAL_NONE);
}

/*
 * Our prefixes as a whole, and what others announce to us: nothing that an
 * operator's own protocols know. A route of a POP that cannot be reached is
 * kept from our peers: they may have another way.
 */
static void
render_export(FILE *f, const struct plan *plan)
{
	fputs("function meetme_export_at(int meetme_latency) {\n"
	      "	include \"hook[s]/export*.conf\";\n"
	      "	if proto = \"meetme_own4\" || proto = \"meetme_own6\" then {\n",
	    f);
	render_add(f, "\t\t", plan->region);
	render_add(f, "\t\t", plan->country);
	fputs("		meetme_link(meetme_latency);\n"
	      "		accept;\n"
	      "	}\n"
	      "	if dest = RTD_UNREACHABLE then reject;\n"
	      "	if source != RTS_BGP || !meetme_is_others() then reject;\n"
	      "	meetme_link(meetme_latency);\n"
	      "	accept;\n"
	      "}\n"
	      "\n",
	    f);
}

void
bird2_policy(FILE *f, const struct plan *plan)
{
	render_network(f);
	render_refusal(f, plan);
	render_link(f, plan);
	render_import(f);
	render_export(f, plan);
}
