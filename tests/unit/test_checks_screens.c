#include "screen.h"

#define HOP(nth, address, rtt, whose)                                    \
	"{\"part\":{\"nth\":" nth                                        \
	",\"kind\":\"expired\",\"address\":\"" address "\",\"rtt\":" rtt \
	"," whose "}}\n"
#define NOBODY                                                     \
	"\"pop\":null,\"peer\":null,\"asn\":null,\"mntner\":null," \
	"\"network\":null"
#define HIGHDEF                                                         \
	"\"pop\":null,\"peer\":\"highdef\",\"asn\":4242421080,"         \
	"\"mntner\":\"HIGHDEF-MNT\",\"network\":\"HIGHDEF-NETWORK-FOR-" \
	"TRANSIT\""

static const struct said traced[] = {
	{ "trace",
	    "{\"part\":{\"target\":\"172.23.0.80\",\"asked\":30," HIGHDEF
	    "}}\n" HOP("1", "10.132.0.2", "33135",
		"\"pop\":\"er-x\",\"asn\":1") HOP("2",
		"fd42:1111:2222:3333:4444:5555:6666:7777", "52967",
		HIGHDEF) "{\"part\":{\"nth\":3,\"kind\":null}}\n" HOP("4",
		"172.20.129.169", "410",
		NOBODY) "{\"part\":{\"nth\":5,\"kind\":\"reply\",\"address\":"
			"\"172.23.0.80\",\"rtt\":78097," NOBODY "}}\n"
			"{\"ok\":{\"reached\":true,\"hops\":5,\"asked\":30}}" },
	{ 0 },
};

static void
shows_hops_at_any_width(void **state)
{
	(void)state;
	assert_int_equal(run(traced, true, "trace 172.23.0.80"), SHELL_OK);
	assert_non_null(
	    strstr(screen, " 1  10.132.0.2                  33.1 ms  er-x\n"));
	assert_non_null(strstr(screen, "\n 3  *\n"));
	assert_non_null(
	    strstr(screen, " 4  172.20.129.169              0.41 ms\n"));
	assert_non_null(strstr(screen,
	    "highdef AS4242421080 HIGHDEF-MNT (HIGHDEF-NETWORK-FOR-TRANSIT)"));
	for (unsigned short columns = 40; columns <= 200; columns += 40) {
		run_on_terminal(traced, "trace 172.23.0.80", "dumb", columns);
		for (const char *p = strstr(screen, " 1  ");
		     p != NULL && *p != '\0'; p += strcspn(p, "\n") + 1) {
			/* The longest address takes 43, with its number. */
			assert_true(strcspn(p, "\n") <= columns ||
				    strncmp(p, " 2  fd42:", 9) == 0);
			if (p[strcspn(p, "\n")] == '\0')
				break;
		}
		assert_null(strchr(screen, '\033'));
		assert_non_null(strstr(screen, "HIGHDEF-MNT"));
	}
	run_on_terminal(traced, "trace 172.23.0.80", "xterm", 80);
	assert_non_null(strstr(screen, "\033[32m172.23.0.80"));
	assert_int_equal(
	    run(traced, true, "trace 172.23.0.80 --json"), SHELL_OK);
	assert_non_null(strstr(screen, "\"reached\": true"));
	assert_non_null(strstr(screen, "\"rtt\": 52967"));
}

static void
says_what_does_not_answer(void **state)
{
	const struct said lost[] = {
		{ "ping", "{\"ok\":{\"sent\":2,\"received\":0,\"min\":null,"
			  "\"avg\":null,\"max\":null}}" },
		{ "trace",
		    "{\"ok\":{\"reached\":false,\"hops\":0,\"asked\":30}}" },
		{ 0 },
	};
	const struct said cut[] = {
		{ "trace",
		    "{\"part\":{\"nth\":1,\"kind\":\"unreachable\",\"code\":0,"
		    "\"address\":\"10.132.0.2\",\"rtt\":410,\"asn\":1}}\n"
		    "{\"ok\":{\"reached\":false,\"hops\":1,\"asked\":30}}" },
		{ 0 },
	};

	(void)state;
	assert_int_equal(run(cut, true, "trace pop"), SHELL_REFUSED);
	assert_non_null(
	    strstr(screen, "0.41 ms  no route to the network, says AS1\n"
			   "The target cannot be reached.\n"));
	assert_int_equal(run(lost, true, "ping pop"), SHELL_REFUSED);
	assert_string_equal(screen, "2 sent, 0 received\n");
	assert_int_equal(run(lost, true, "trace pop"), SHELL_REFUSED);
	assert_non_null(strstr(screen, "does not answer"));
	assert_int_equal(run(lost, false, "ping -f"), SHELL_USAGE);
	assert_non_null(strstr(complaints, "ping has no option -f."));
	assert_int_equal(run(lost, false, "ping"), SHELL_USAGE);
	assert_non_null(strstr(complaints, "ping needs a TARGET."));
	assert_int_equal(run(lost, false, "ping fe80::1%eth0"), SHELL_REFUSED);
	assert_int_equal(run(lost, false, "ping a --ipv4 --ipv6"), SHELL_USAGE);
	assert_int_equal(run(lost, false, "ping a --count 0"), SHELL_REFUSED);
	assert_int_equal(run(lost, false, "routes"), SHELL_USAGE);
}

static void
shows_routes_as_they_come(void **state)
{
#define ROUTE                                                             \
	"{\"proto\":\"ibgp_1\",\"since\":\"16:37\",\"best\":true,"        \
	"\"type\":\"unicast\",\"via\":\"10.132.0.2\",\"ifname\":\"wg0\"," \
	"\"preference\":100}"
	const struct said routes[] = {
		{ "routes",
		    "{\"part\":{\"networks\":[{\"network\":\"172.20.0.53/32\","
		    "\"why\":\"the only one\",\"count\":1,\"routes\":[" ROUTE
		    "],\"kernel\":[{\"network\":\"172.20.0.53/32\",\"via\":"
		    "\"10.132.0.2\",\"ifname\":\"wg0\",\"metric\":0}]},"
		    "{\"network\":\"172.20.1.0/24\",\"why\":\"MED 1 over 2\","
		    "\"count\":2,\"routes\":[" ROUTE "],\"kernel\":[]}]}}\n"
		    "{\"ok\":{\"count\":2,\"kernel_count\":7,\"kernel\":[]}}" },
		{ 0 },
	};

	(void)state;
	assert_int_equal(run(routes, true, "routes"), SHELL_OK);
	assert_non_null(
	    strstr(screen, "172.20.0.53/32       via 10.132.0.2 on wg0"));
	assert_non_null(strstr(screen, "Next hop"));
	assert_non_null(strstr(screen, "ibgp_1\n"));
	assert_non_null(
	    strstr(screen, "ibgp_1  (MED 1 over 2)  not in the kernel\n"));
	assert_non_null(strstr(screen, "2 networks; the kernel's main table "
				       "has 7 routes\n"));
	assert_int_equal(run(routes, true, "routes 172.20.0.53"), SHELL_OK);
	assert_non_null(strstr(screen, "  chosen: ibgp_1, the only one\n"));
	assert_int_equal(run(routes, true, "routes --json"), SHELL_OK);
	assert_non_null(strstr(screen, "\"count\": 2\n}\n"));
	json_decref(json_loads(screen, 0, NULL));
	run_on_terminal(routes, "routes", "dumb", 40);
	assert_non_null(strstr(screen, "172.20.0.53/32\n    via 10.132.0.2"));
	assert_null(strstr(screen, " \n"));
	for (unsigned short columns = 40; columns <= 120; columns += 40) {
		run_on_terminal(routes, "routes 172.20.0.53", "dumb", columns);
		for (const char *p = screen; *p != '\0';
		     p += strcspn(p, "\n") + 1)
			assert_true(strcspn(p, "\n") <= columns);
	}
}

/* What can be spared is left out before each row is a table of its own. */
static void
shows_tables_in_eighty_columns(void **state)
{
	const struct said links[] = {
		{ "links",
		    "{\"ok\":{\"links\":[{\"pop\":null,\"asn\":4242421001,"
		    "\"mntner\":\"HIGHDEF-MNT\",\"ifname\":"
		    "\"wg-as4242421001\",\"endpoint\":"
		    "\"[2001:db8:1111:2222::1]:51820\",\"handshake\":7,"
		    "\"rtt\":204000,\"rx\":99999999,\"tx\":99999999}]}}" },
		{ 0 },
	};
	const struct said neighbors[] = {
		{ "neighbors",
		    "{\"part\":{\"session\":{\"name\":"
		    "\"ebgp_as4242421001_v6\",\"pop\":null,\"asn\":"
		    "4242421001,\"mntner\":\"HIGHDEF-MNT\",\"state\":\"up\","
		    "\"info\":\"Established\",\"since\":\"16:37:01.123\","
		    "\"channels\":[{\"imported\":1463,\"filtered\":0,"
		    "\"preferred\":1463,\"exported\":12}]}}}\n"
		    "{\"ok\":{\"count\":1}}" },
		{ 0 },
	};

	(void)state;
	run_on_terminal(links, "links", "dumb", 80);
	assert_non_null(strstr(screen, "| wg-as4242421001 | AS4242421001"));
	assert_null(strstr(screen, "2001:db8"));
	run_on_terminal(links, "links", "dumb", 200);
	assert_non_null(strstr(screen, "| [2001:db8:1111:2222::1]:51820 |"));
	run_on_terminal(links, "links", "dumb", 40);
	assert_non_null(strstr(screen, "| Endpoint "));
	run_on_terminal(neighbors, "neighbors", "dumb", 80);
	assert_non_null(strstr(screen, "| Established | 1463 / 0 / 1463 / 12"));
	run_on_terminal(neighbors, "neighbors", "dumb", 200);
	assert_non_null(strstr(screen, "| Established | 16:37:01 | 1463 / 0"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_hops_at_any_width),
		cmocka_unit_test(says_what_does_not_answer),
		cmocka_unit_test(shows_routes_as_they_come),
		cmocka_unit_test(shows_tables_in_eighty_columns),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(screen);
	free(complaints);
	return failed;
}
