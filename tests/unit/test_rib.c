#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bsd/string.h>
#include <errno.h>
#include <string.h>

#include "engine/rib.h"

/* What was read last, and how many networks there were. */
struct seen {
	struct rib_network last;
	size_t n;
};

static void
keep(void *arg, const struct rib_network *net)
{
	struct seen *s = arg;

	s->last = *net;
	s->n++;
}

/* Feeds `text` in pieces of `each` bytes; what birdlines_feed gave last. */
static int
feed(struct seen *s, const char *text, size_t each)
{
	struct rib rib = { .take = keep, .arg = s };
	struct birdlines lines = { 0 };
	size_t len = strlen(text);
	int rc = 0;

	memset(s, 0, sizeof(*s));
	for (size_t at = 0; at < len && rc == 0; at += each)
		rc = birdlines_feed(&lines, text + at,
		    len - at < each ? len - at : each, rib_line, &rib);
	rib_end(&rib);
	return rc;
}

/* A network with one best route and another one, with these attributes. */
#define TWO(best, other)                                            \
	"0001 BIRD 2.0.12 ready.\n1007-Table master4:\n"            \
	" 172.20.0.53/32       unicast [ebgp_a 12:54:45.821 from "  \
	"fe80::1%wg0] * " best "1007-                     unicast " \
	"[ebgp_b 2026-11-22] " other "0000 \n"
#define BGP(head, path, attributes)                            \
	head "\n \tvia 172.20.229.116 on wg-as4242421080\n"    \
	     "1008-\tType: BGP univ\n1012-\tBGP.origin: IGP\n" \
	     " \tBGP.as_path: " path "\n" attributes

static void
reads_networks_in_any_pieces(void **state)
{
	static const char text[] =
	    TWO(BGP("(100/20) [AS4242420053i]", "4242421080 {1 2} 4242420053",
		    " \tBGP.local_pref: 120\n \tBGP.med: 7\n"),
		BGP("(100/?) [AS4242420053i]", "4242420053", ""));
	const struct rib_route *r;
	struct seen s;

	(void)state;
	for (size_t each = 1; each <= sizeof(text); each++) {
		assert_int_equal(feed(&s, text, each), 1);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.last.n, 2);
		assert_int_equal(s.last.prefix.len, 32);
		assert_true(s.last.routes[0].best);
		assert_false(s.last.routes[1].best);
	}
	r = &s.last.routes[0];
	assert_string_equal(r->proto, "ebgp_a");
	assert_string_equal(r->since, "12:54:45.821");
	assert_string_equal(r->type, "unicast");
	assert_string_equal(r->source, "BGP");
	assert_string_equal(r->ifname, "wg-as4242421080");
	assert_int_equal(r->via.family, 4);
	assert_int_equal(r->from.family, 6);
	assert_int_equal(r->preference, 100);
	assert_true(r->has_metric);
	assert_int_equal(r->metric, 20);
	assert_int_equal(r->local_pref, 120);
	assert_int_equal(r->med, 7);
	assert_int_equal(r->path_len, 3); /* a set counts once */
	assert_int_equal(r->first_asn, 4242421080);
	assert_false(s.last.routes[1].has_metric);
}

static void
reads_what_1_6_says(void **state)
{
	struct seen s;

	(void)state;
	assert_int_equal(feed(&s,
			     "0001 BIRD 1.6.8 ready.\n"
			     "1007-172.20.0.53/32     via 10.132.0.2 on wg0 "
			     "[ibgp_1 16:37:06] * (100) [AS4242420053i]\n"
			     "1008-\tType: BGP unicast univ\n0000 \n",
			     4096),
	    1);
	assert_int_equal(s.n, 1);
	assert_string_equal(s.last.routes[0].proto, "ibgp_1");
	assert_string_equal(s.last.routes[0].ifname, "wg0");
	assert_int_equal(s.last.routes[0].via.family, 4);
	assert_string_equal(s.last.routes[0].source, "BGP");
	assert_false(s.last.routes[0].external);
}

static void
says_why(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ TWO(BGP("(200)", "1", ""), BGP("(100)", "1", "")),
		    "preference 200 over 100" },
		{ TWO(BGP("(100)", "1 2", " \tBGP.local_pref: 120\n"),
		      BGP("(100)", "1", " \tBGP.local_pref: 100\n")),
		    "local preference 120 over 100" },
		{ TWO(BGP("(100)", "1 2", ""), BGP("(100)", "3 4 2", "")),
		    "AS path of 2 over 3" },
		{ TWO(BGP("(100)", "1 2", " \tBGP.origin: IGP\n"),
		      BGP("(100)", "3 2", " \tBGP.origin: Incomplete\n")),
		    "origin IGP over Incomplete" },
		{ TWO(BGP("(100)", "1 2", " \tBGP.med: 5\n"),
		      BGP("(100)", "1 2", " \tBGP.med: 9\n")),
		    "MED 5 over 9" },
		/* Of two neighbours MEDs do not compare. */
		{ TWO(BGP("(100/5)", "1 2", " \tBGP.med: 9\n"),
		      BGP("(100/8)", "3 2", " \tBGP.med: 5\n")),
		    "IGP metric 5 over 8" },
		{ TWO(BGP("(100)", "1 2", ""), BGP("(100)", "3 2", "")),
		    "router id or address of the neighbour" },
		{ "0001 x\n1007-10.0.0.0/8  unreachable [s 1] * (200)\n0000 \n",
		    "the only one" },
		{ "0001 x\n1007-10.0.0.0/8  unreachable [s 1] (200)\n0000 \n",
		    "" },
	};
	char why[RIB_WHY_MAX];
	struct seen s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(feed(&s, cases[i].text, 7), 1);
		assert_int_equal(s.n, 1);
		assert_string_equal(rib_why(why, &s.last), cases[i].why);
	}
}

static void
passes_over_what_it_does_not_know(void **state)
{
	struct seen s;

	(void)state;
	assert_int_equal(feed(&s,
			     "0001 BIRD ready.\n1007-Table r4:\n"
			     " 172.20.0.0/14-28 AS65001  [static1 1] * (200)\n"
			     "1008-\tType: static univ\n1007-\n"
			     " not/a/prefix   unicast [x 1] * (1)\n"
			     " 10.0.0.0/8    no bracket\n"
			     " 11.0.0.0/8    unicast [x 1] * no number\n"
			     "0000 \n",
			     4096),
	    1);
	assert_int_equal(s.n, 0);
	/* A refusal ends it too; what is no reply is said to be none. */
	assert_int_equal(feed(&s, "0001 x\n8001 Network not in table\n", 3), 1);
	assert_int_equal(feed(&s, "SSH-2.0-x\n", 4), -EBADMSG);
	assert_int_equal(feed(&s, "0001 x\n1007-10.0.0.0/8", 4), 0);
}

static void
bounds_what_it_keeps(void **state)
{
	char text[16384] = "0001 x\n1007-10.0.0.0/8  unicast [a 1] * (1)\n";
	struct seen s;

	(void)state;
	for (unsigned i = 0; i < 2 * RIB_ROUTES_MAX; i++)
		strlcat(text,
		    "1007-            unicast [b 1] (1)\n"
		    "1008-\tType: BGP univ\n",
		    sizeof(text));
	strlcat(text, "1012-\tBGP.as_path: ", sizeof(text));
	for (unsigned i = 0; i < 2 * BIRDLINES_MAX / 4; i++)
		strlcat(text, "123 ", sizeof(text));
	strlcat(text, "\n0000 \n", sizeof(text));
	assert_int_equal(feed(&s, text, 100), 1);
	assert_int_equal(s.last.n, RIB_ROUTES_MAX);
	assert_int_equal(s.last.all, 2 * RIB_ROUTES_MAX + 1);
	assert_int_equal(s.last.routes[RIB_ROUTES_MAX - 1].path_len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_networks_in_any_pieces),
		cmocka_unit_test(reads_what_1_6_says),
		cmocka_unit_test(says_why),
		cmocka_unit_test(passes_over_what_it_does_not_know),
		cmocka_unit_test(bounds_what_it_keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
