#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "engine/birdstatus.h"

/* As BIRD 2.0.12 answers on its control socket. */
static const char up[] =
    "2002-Name       Proto      Table      State  Since         Info\n"
    "1002-ebgp_as4242421344_v6 BGP        ---        up     2026-11-22"
    "    Established   \n"
    "1006-  BGP state:          Established\n"
    "     Neighbor address: fe80:263::2:1%wg-as4242421344\n"
    "     Neighbor AS:      4242421344\n"
    "     Local AS:         4242420263\n"
    "     Neighbor ID:      172.22.130.225\n"
    "   Channel ipv4\n"
    "     State:          UP\n"
    "     Import limit:   9000\n"
    "       Action:       block\n"
    "     Routes:         747 imported, 2 filtered, 610 exported, "
    "144 preferred\n"
    "   Channel ipv6\n"
    "     State:          DOWN\n"
    "1006-\n"
    "0000 \n";

static json_t *
parse(const char *text)
{
	return birdstatus_json(text, strlen(text), "ebgp_as4242421344_v6");
}

static const char *
text_of(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
reads_a_session_with_its_channels(void **state)
{
	json_t *s = parse(up), *channels, *v4;

	(void)state;
	assert_non_null(s);
	assert_string_equal(text_of(s, "state"), "up");
	assert_string_equal(text_of(s, "since"), "2026-11-22");
	assert_string_equal(text_of(s, "info"), "Established");
	assert_string_equal(text_of(s, "neighbor_id"), "172.22.130.225");
	assert_int_equal(
	    json_integer_value(json_object_get(s, "neighbor_asn")), 4242421344);
	channels = json_object_get(s, "channels");
	assert_int_equal(json_array_size(channels), 2);
	v4 = json_array_get(channels, 0);
	assert_string_equal(text_of(v4, "family"), "ipv4");
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "imported")), 747);
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "filtered")), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "exported")), 610);
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "limit")), 9000);
	assert_string_equal(
	    text_of(json_array_get(channels, 1), "state"), "DOWN");
	json_decref(s);
}

/* As BIRD 1.6.8 answers: one family, without a channel. */
static const char up1[] =
    "1002-ibgp_1   BGP      master   up     13:23:28    Established   \n"
    "1006-  Description:    edgerouter\n"
    "   Preference:     100\n"
    "   Input filter:   meetme_ibgp_import\n"
    "   Output filter:  meetme_ibgp_export\n"
    "   Routes:         463 imported, 2 filtered, 1 exported, "
    "462 preferred\n"
    "   Route change stats:     received   rejected   filtered\n"
    "     Import updates:            466          0          0\n"
    "   BGP state:          Established\n"
    "     Neighbor address: 10.132.0.2\n"
    "     Neighbor AS:      4242421869\n"
    "     Hold timer:       147/180\n"
    "1006-\n"
    "0000 \n";

static void
reads_a_session_of_the_older_version(void **state)
{
	json_t *s = birdstatus_json(up1, strlen(up1), "ibgp_1"), *channels, *v4;

	(void)state;
	assert_non_null(s);
	assert_string_equal(text_of(s, "info"), "Established");
	assert_string_equal(text_of(s, "neighbor"), "10.132.0.2");
	assert_string_equal(text_of(s, "hold_timer"), "147/180");
	channels = json_object_get(s, "channels");
	assert_int_equal(json_array_size(channels), 1);
	v4 = json_array_get(channels, 0);
	assert_string_equal(text_of(v4, "family"), "ipv4");
	assert_string_equal(text_of(v4, "state"), "UP");
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "imported")), 463);
	assert_int_equal(
	    json_integer_value(json_object_get(v4, "preferred")), 462);
	json_decref(s);
}

static void
takes_a_time_of_day(void **state)
{
	json_t *s = parse("ebgp_as4242421344_v6 BGP --- start "
			  "2026-11-22 06:30:11.123 Active Socket: refused\n");

	(void)state;
	assert_string_equal(text_of(s, "since"), "2026-11-22 06:30:11.123");
	assert_string_equal(text_of(s, "info"), "Active Socket: refused");
	json_decref(s);
}

/* What a peer sends in a shutdown message (RFC 9003) ends up in "Last error".
 */
static void
cleans_what_a_peer_wrote(void **state)
{
	json_t *s = parse("ebgp_as4242421344_v6 BGP --- start 06:30 Idle\n"
			  "  Last error:       Received: \"\x1b[2J bye\"\n");

	(void)state;
	assert_string_equal(text_of(s, "error"), "Received: \"?[2J bye\"");
	json_decref(s);
}

static void
knows_when_there_is_no_such_session(void **state)
{
	(void)state;
	assert_null(parse(""));
	assert_null(parse("8003 No protocols match\n"));
	assert_null(parse("other BGP --- up 06:30 Established\n"));
	assert_null(parse("ebgp_as4242421344_v6 BGP\n"));
}

/* As BIRD 2.0.12 answers "show protocols" on its control socket. */
static const char table[] =
    "2002-Name       Proto      Table      State  Since         Info\n"
    "1002-device1    Device     ---        up     06:30:02.123  \n"
    " meetme_igp Babel      ---        up     06:30:02.123  \n"
    " ibgp_2     BGP        ---        up     06:31:40.001  Established   \n"
    " ibgp_3     BGP        ---        start  2026-11-22 06:30:02  Connect   "
    "    Socket: No route to host\x1b[2J\n"
    " short BGP\n"
    "0000 \n";

static void
lists_protocols(void **state)
{
	static const struct {
		const char *name, *proto, *state, *since, *info;
	} want[] = {
		{ "device1", "Device", "up", "06:30:02.123", "" },
		{ "meetme_igp", "Babel", "up", "06:30:02.123", "" },
		{ "ibgp_2", "BGP", "up", "06:31:40.001", "Established" },
		{ "ibgp_3", "BGP", "start", "2026-11-22 06:30:02",
		    "Connect Socket: No route to host?[2J" },
	};
	json_t *list = birdstatus_protocols(table, sizeof(table) - 1);

	(void)state;
	assert_int_equal(json_array_size(list), 4);
	for (size_t i = 0; i < 4; i++) {
		json_t *p = json_array_get(list, i);

		assert_string_equal(text_of(p, "name"), want[i].name);
		assert_string_equal(text_of(p, "proto"), want[i].proto);
		assert_string_equal(text_of(p, "state"), want[i].state);
		assert_string_equal(text_of(p, "since"), want[i].since);
		assert_string_equal(text_of(p, "info"), want[i].info);
	}
	json_decref(list);
	list = birdstatus_protocols("", 0);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
}

/* To "show route where ... filtered protocol X count", and without it. */
static const char counted[] =
    "1007-2 of 5 routes for 5 networks in table master4\n"
    " 1 of 9 routes for 8 networks in table master6\n"
    "0014 Total: 3 of 14 routes for 13 networks in 2 tables\n";
static const char listed[] =
    "1007-Table master4:\n"
    " 10.1.0.0/16          unreachable [x 12:36:49.091 from 127.0.0.2] * "
    "(100) [AS2i]\n"
    "                      unreachable [x 12:36:49.091 from 127.0.0.3] "
    "(100) [AS2i]\n"
    "1008-\tvia 172.20.0.1 on wg-as1\n"
    "1007-172.20.0.0/28        unicast [x 12:36:49.091] * (100) [AS2i]\n"
    "1008-\tvia fe80::1 on wg-as1\n"
    "1007-\n"
    " Table master6:\n"
    " fd00:abcd:1234:5678:1234:1234:aaaa:bbbb/128 unreachable [x] * [AS2i]\n"
    "0000 \n";

static json_t *
refused(const char *text)
{
	return birdstatus_refused(text, strlen(text));
}

static const char *
prefix_at(json_t *o, size_t i)
{
	return json_string_value(
	    json_array_get(json_object_get(o, "prefixes"), i));
}

static void
lists_what_is_refused(void **state)
{
	char text[sizeof(counted) + sizeof(listed)];
	json_t *o;

	(void)state;
	snprintf(text, sizeof(text), "%s%s", counted, listed);
	o = refused(text);
	assert_non_null(o);
	assert_int_equal(json_integer_value(json_object_get(o, "count")), 3);
	assert_int_equal(json_array_size(json_object_get(o, "prefixes")), 3);
	assert_string_equal(prefix_at(o, 0), "10.1.0.0/16");
	assert_string_equal(prefix_at(o, 1), "172.20.0.0/28");
	assert_string_equal(
	    prefix_at(o, 2), "fd00:abcd:1234:5678:1234:1234:aaaa:bbbb/128");
	json_decref(o);

	/* The list is cut: half a line would be another prefix. */
	strstr(text, "172.20.0.0/2")[strlen("172.20.0.0/2")] = '\0';
	o = refused(text);
	assert_int_equal(json_integer_value(json_object_get(o, "count")), 3);
	assert_int_equal(json_array_size(json_object_get(o, "prefixes")), 1);
	json_decref(o);
}

static void
knows_when_nothing_was_counted(void **state)
{
	static const char *const none[] = { "", "\n", listed,
		"9001 syntax error, unexpected CF_SYM_UNDEFINED\n",
		"x of 5 routes for 5 networks in table master4\n",
		"0014 Total: 3 of 14 routes for 13 networks in 2 tables\n" };
	json_t *o;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_null(refused(none[i]));
	o = refused("1007-0 of 5 routes for 5 networks in table master4\n");
	assert_int_equal(json_integer_value(json_object_get(o, "count")), 0);
	json_decref(o);
}

static void
takes_nothing_but_prefixes(void **state)
{
	char text[1024];
	json_t *o;

	(void)state;
	snprintf(text, sizeof(text),
	    "%s10.1.0.0/33 x\n10.1.0.0 x\nvia 10.1.0.0/16\n\x1b[2J/1 x\n"
	    "[10.1.0.0/16] x\n10.1.0.0/16,x\n::1/129 x\n10.2.0.0/16\n",
	    counted);
	o = refused(text);
	assert_int_equal(json_array_size(json_object_get(o, "prefixes")), 1);
	assert_string_equal(prefix_at(o, 0), "10.2.0.0/16");
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_session_with_its_channels),
		cmocka_unit_test(reads_a_session_of_the_older_version),
		cmocka_unit_test(takes_a_time_of_day),
		cmocka_unit_test(cleans_what_a_peer_wrote),
		cmocka_unit_test(lists_protocols),
		cmocka_unit_test(knows_when_there_is_no_such_session),
		cmocka_unit_test(lists_what_is_refused),
		cmocka_unit_test(knows_when_nothing_was_counted),
		cmocka_unit_test(takes_nothing_but_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
