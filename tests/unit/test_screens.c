#include <time.h>

#include "screen.h"

#define KEY "RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A="
#define PEERING                                                           \
	"{\"asn\":4242421344,\"mntner\":\"FOO-MNT\",\"key\":\"" KEY "\"," \
	"\"psk\":false,\"endpoint\":\"2001:db8::7\",\"port\":51820,"      \
	"\"link_local\":\"fe80:263::2:1\",\"mtu\":1420,\"created\":1,"    \
	"\"changed\":1,\"state\":\"waiting\",\"reason\":\"BIRD is away\"}"

static void
lists(void **state)
{
	const struct said none[] = {
		{ "peer_list", "{\"ok\":{\"peerings\":[]}}" }, { 0 }
	};
	const struct said one[] = {
		{ "peer_list", "{\"ok\":{\"peerings\":[" PEERING "]}}" }, { 0 }
	};

	(void)state;
	assert_int_equal(run(none, false, "peer_list"), SHELL_OK);
	assert_non_null(strstr(screen, "no peering session yet"));
	assert_int_equal(run(one, false, "peer_list"), SHELL_OK);
	assert_non_null(strstr(screen,
	    "| 4242421344 | " KEY " | 2001:db8::7      | 51820         | "
	    "waiting |\n"));
	assert_non_null(
	    strstr(screen, "AS4242421344 is waiting: BIRD is away\n"));
	assert_null(strstr(screen, "FOO-MNT"));
	assert_int_equal(run(one, true, "peer_list"), SHELL_OK);
	assert_non_null(strstr(screen, "FOO-MNT"));
	assert_int_equal(run(one, false, "peer_list --json"), SHELL_OK);
	assert_non_null(strstr(screen, "\"key\": \"" KEY "\""));
}

static void
picks_the_only_peering(void **state)
{
	const struct said none[] = {
		{ "peer_list", "{\"ok\":{\"peerings\":[]}}" }, { 0 }
	};
	const struct said two[] = { { "peer_list",
					"{\"ok\":{\"peerings\":[{\"asn\":1},"
					"{\"asn\":2}]}}" },
		{ 0 } };
	const struct said one[] = {
		{ "peer_list", "{\"ok\":{\"peerings\":[{\"asn\":7}]}}" },
		{ "peer_remove", "{\"ok\":{\"seconds\":0.25}}" }, { 0 }
	};

	(void)state;
	assert_int_equal(run(none, false, "peer_config"), SHELL_REFUSED);
	assert_non_null(strstr(complaints, "peer_create makes one"));
	assert_int_equal(run(two, false, "peer_config"), SHELL_REFUSED);
	assert_non_null(strstr(complaints, "say which one: 1, 2"));
	assert_int_equal(
	    run(two, false, "peer_remove --yes --json"), SHELL_REFUSED);
	assert_non_null(strstr(screen, "\"field\": \"asn\""));
	assert_int_equal(run(one, false, "peer_remove --yes"), SHELL_OK);
	assert_string_equal(screen, "Removed in 0.25 s.\n");
	assert_int_equal(run(one, false, "peer_remove"), SHELL_USAGE);
	assert_string_equal(screen, "");
}

static void
shows_status(void **state)
{
	const struct said all[] = {
		{ "peer_list", "{\"ok\":{\"peerings\":[" PEERING "]}}" },
		{ "peer_status",
		    "{\"ok\":{\"peering\":" PEERING ",\"tunnel\":{\"ifname\":"
		    "\"wg-as1\",\"key\":\"OURS\",\"listen_port\":52001,"
		    "\"peer\":\"" KEY "\",\"endpoint\":\"[2001:db8::7]:9\","
		    "\"handshake\":1,\"rx\":2048,\"tx\":5,\"keepalive\":30,"
		    "\"allowed\":[\"10.0.0.0/8\",\"fd00::/8\"]},\"session\":{"
		    "\"name\":\"ebgp_as1_v6\",\"state\":\"start\",\"info\":"
		    "\"Active\",\"since\":\"10:00\",\"neighbor\":\"fe80::1\","
		    "\"neighbor_asn\":1,\"error\":\"Socket: \\u001b[31mX\","
		    "\"channels\":[{\"family\":\"ipv4\",\"state\":\"DOWN\"},"
		    "{\"family\":\"ipv6\",\"state\":\"UP\",\"imported\":3,"
		    "\"filtered\":1,\"exported\":2,\"preferred\":0,\"limit\":"
		    "9000}]}}}" },
		{ 0 },
	};

	(void)state;
	assert_int_equal(run(all, false, "peer_status"), SHELL_OK);
	assert_non_null(strstr(screen, " state:   waiting (BIRD is away)\n"));
	assert_non_null(strstr(screen, " $ wg show wg-as1\n"));
	assert_null(strstr(screen, KEY));
	assert_non_null(strstr(screen, "   endpoint: [2001:******]:9\n"));
	assert_non_null(
	    strstr(screen, "   allowed ips: 10.0.0.0/8, fd00::/8\n"));
	assert_non_null(
	    strstr(screen, "   transfer: 2.00 KiB received, 5 B sent\n"));
	assert_non_null(strstr(screen, "Last error:       Socket: ?[31mX\n"));
	assert_non_null(strstr(screen,
	    "     Routes:         3 imported, 1 filtered, 2 exported, 0 "
	    "preferred\n"));
}

/*
 * A POP with a link that is up, one that is not, one that waits and one that
 * could not be asked; handshakes are NOW - seconds.
 */
static const char mesh[] =
    "{\"ok\":{\"pop\":\"fr-par1\",\"asn\":4242420263,\"peerings\":{"
    "\"applied\":3,\"waiting\":1,\"refused\":0},\"sessions\":2,"
    "\"registry\":{\"mntners\":2100,\"aut_nums\":2500,\"keys\":1700,"
    "\"skipped\":4},\"parts\":[{\"name\":\"lo\",\"state\":\"applied\","
    "\"reason\":\"\"},{\"name\":\"sysctl\",\"state\":\"refused\","
    "\"reason\":\"read-only /proc/sys\"}],\"links\":["
    "{\"pop\":\"nl-ams1\",\"ifname\":\"wg-int-1\",\"state\":\"applied\","
    "\"reason\":\"\",\"endpoint\":\"[2001:db8::1]:51803\",\"handshake\":%lld,"
    "\"rtt\":11342,\"rx\":276761149,\"tx\":271730000},"
    "{\"pop\":\"nl-ams2\",\"ifname\":\"wg-int-2\",\"state\":\"applied\","
    "\"reason\":\"\",\"endpoint\":null,\"handshake\":%lld,"
    "\"rtt\":null,\"rx\":2048,\"tx\":5},"
    "{\"pop\":\"pl-waw1\",\"ifname\":\"wg-int-4\",\"state\":\"waiting\","
    "\"reason\":\"pl-waw1.flap42.eu: no address\",\"endpoint\":null,"
    "\"handshake\":null,\"rtt\":null,\"rx\":0,\"tx\":0},"
    "{\"pop\":\"twelve-chars\",\"ifname\":\"wg-int-999\",\"state\":null,"
    "\"reason\":\"\",\"endpoint\":null,\"handshake\":null,\"rtt\":null,"
    "\"rx\":null,\"tx\":null}],\"protocols\":["
    "{\"name\":\"ebgp_as4242421344_v6\",\"proto\":\"BGP\",\"state\":\"up\","
    "\"since\":\"2025-05-28\",\"info\":\"Established\",\"asn\":4242421344},"
    "{\"name\":\"ibgp_2\",\"proto\":\"BGP\",\"state\":\"start\","
    "\"since\":\"2026-11-22 06:30:11.123\",\"info\":\"Active        Socket: "
    "No route to host \\u001b[2J\",\"pop\":\"nl-ams2\"},"
    "{\"name\":\"meetme_igp\",\"proto\":\"Babel\",\"state\":\"up\","
    "\"since\":\"06:30:11.123\",\"info\":\"\"}]}}";

static const struct said *
mesh_said(void)
{
	static struct said said[] = { { "status", NULL }, { 0 } };
	static char answer[sizeof(mesh) + 64];
	long long now = (long long)time(NULL);

	snprintf(answer, sizeof(answer), mesh, now - 15, now - 181);
	said[0].answer = answer;
	return said;
}

static void
shows_the_mesh(void **state)
{
	(void)state;
	run_on_terminal(mesh_said(), "status", "dumb", 200);
	assert_non_null(strstr(screen, "| POP      | fr-par1  "));
	assert_non_null(
	    strstr(screen, "| Peerings | 3 applied, 1 waiting, 0 refused"));
	assert_non_null(strstr(screen, "| Links    | 1 of 4 up "));
	assert_non_null(strstr(screen, "| Sessions | 2 of 3 up "));
	assert_non_null(
	    strstr(screen, "sysctl is refused: read-only /proc/sys\n"));
	assert_non_null(strstr(screen,
	    "| nl-ams1      | wg-int-1   | up      | 15 seconds ago          "
	    "| 11.3 ms | 263.94 MiB / 259.14 MiB |\n"));
	assert_non_null(strstr(screen,
	    "| nl-ams2      | wg-int-2   | down    | 3 minutes, 1 second ago "
	    "| -       | 2.00 KiB / 5 B          |\n"));
	assert_non_null(strstr(screen,
	    "| pl-waw1      | wg-int-4   | waiting | never                   "
	    "| -       | 0 B / 0 B               |\n"));
	assert_non_null(strstr(screen,
	    "| twelve-chars | wg-int-999 | unknown | -                       "
	    "| -       | -                       |\n"));
	assert_non_null(strstr(
	    screen, "wg-int-4 is waiting: pl-waw1.flap42.eu: no address\n"));
	assert_non_null(
	    strstr(screen, "| ebgp_as4242421344_v6 | AS4242421344 | up    |"));
	assert_non_null(strstr(screen, "Socket: No route to host ?[2J |\n"));
	assert_non_null(strstr(screen, "| meetme_igp           | -       "));
}

static void
fits_the_window(void **state)
{
	(void)state;
	run_on_terminal(mesh_said(), "status", "dumb", 80);
	for (const char *p = screen; *p != '\0'; p += strcspn(p, "\n") + 1)
		assert_true(strcspn(p, "\n") <= 80);
	/* Still tables, with a row for each: no list of records. */
	assert_non_null(strstr(screen,
	    "| nl-ams1      | wg-int-1   | up      | 15 seconds   | 11.3 ms "
	    "| 263.94 MiB /  |\n"
	    "|              |            |         | ago          |         "
	    "| 259.14 MiB    |\n"));
	assert_non_null(strstr(screen,
	    "| ebgp_as4242421344_v6 | AS4242421344 | up    | 2025-05-28"));
	run_on_terminal(mesh_said(), "status", "xterm", 80);
	assert_non_null(strstr(screen, "\033[32mup\033[0m"));
	assert_non_null(strstr(screen, "\033[31mdown\033[0m"));
	assert_non_null(strstr(screen, "\033[33mwaiting\033[0m"));
	assert_int_equal(run(mesh_said(), true, "status --json"), SHELL_OK);
	assert_non_null(strstr(screen, "\"rtt\": 11342,"));
}

static void
shows_a_pop_by_itself(void **state)
{
	const struct said alone[] = {
		{ "status",
		    "{\"ok\":{\"pop\":\"one\",\"asn\":1,\"peerings\":{},"
		    "\"sessions\":0,\"registry\":null,\"parts\":[],"
		    "\"links\":[],\"protocols\":[]}}" },
		{ 0 },
	};
	const struct said birdless[] = {
		{ "status", "{\"ok\":{\"pop\":\"one\",\"protocols\":null}}" },
		{ 0 },
	};

	(void)state;
	assert_int_equal(run(alone, true, "status"), SHELL_OK);
	assert_string_equal(screen,
	    "+----------+---------------------------------+\n"
	    "| POP      | one                             |\n"
	    "+----------+---------------------------------+\n"
	    "| Network  | AS1                             |\n"
	    "| Visitors | 0 logged in                     |\n"
	    "| Registry | could not be read               |\n"
	    "| Peerings | 0 applied, 0 waiting, 0 refused |\n"
	    "+----------+---------------------------------+\n");
	assert_int_equal(run(birdless, true, "status"), SHELL_OK);
	assert_non_null(strstr(screen, "| Sessions | BIRD does not answer "));
}

static void
prints_files(void **state)
{
	const struct said all[] = {
		{ "peer_config",
		    "{\"ok\":{\"peering\":" PEERING ",\"ours\":{\"asn\":1,"
		    "\"key\":\"OURS\",\"endpoint\":\"pop.lab\",\"port\":52001,"
		    "\"link_local\":\"fe80:263::1:1\"},\"wg_quick\":\"[Peer]\\n"
		    "\\nX = \\u001b\\n\",\"bird2\":\"protocol bgp x {\\n\\t}"
		    "\\n\"}}" },
		{ 0 },
	};

	(void)state;
	assert_int_equal(run(all, false, "peer_config 1 --wg-quick"), SHELL_OK);
	assert_string_equal(screen, "[Peer]\n\nX = ?\n");
	assert_int_equal(run(all, false, "peer_config 1 --bird"), SHELL_OK);
	assert_string_equal(screen, "protocol bgp x {\n\t}\n");
	assert_int_equal(run(all, false, "peer_config 1"), SHELL_OK);
	assert_non_null(strstr(screen, "| Wg pub key         | " KEY " |\n"));
	assert_non_null(strstr(screen, "\n [Peer]\n\n X = ?\n"));
}

/* An answer of another shape is no crash, whatever it looks like. */
static void
survives_odd_answers(void **state)
{
	static const char *const odd[] = {
		"{\"ok\":{}}",
		"{\"ok\":{\"peerings\":1,\"peering\":[],\"ours\":\"x\","
		"\"tunnel\":[1],\"session\":\"s\",\"seconds\":\"x\","
		"\"events\":{},\"asns\":5,\"wg_quick\":5,\"pop\":[],"
		"\"links\":5,\"parts\":\"x\",\"protocols\":{}}}",
		"{\"ok\":{\"peerings\":[1,null,\"x\",{}],\"peering\":null,"
		"\"tunnel\":{},\"session\":{\"channels\":[1,{}],\"since\":1e9},"
		"\"events\":[1,{}],\"asns\":[\"x\",-1],\"links\":[1,{},{"
		"\"handshake\":-5,\"rtt\":-1,\"rx\":-1,\"tx\":\"x\"}],"
		"\"parts\":[null,{}],\"protocols\":[1,{\"asn\":\"x\","
		"\"pop\":5,\"info\":[]}]}}",
	};
	static const char *const lines[] = { "peer_list", "peer_status",
		"peer_status 1", "peer_config 1", "peer_remove 1 --yes",
		"peer_edit 1 --mtu 1400", "peer_create --key " KEY, "intro",
		"status", "events", "reload" };

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const struct said said[] = { { "peer_list", odd[i] },
			{ "peer_status", odd[i] }, { "peer_config", odd[i] },
			{ "peer_remove", odd[i] }, { "peer_edit", odd[i] },
			{ "peer_create", odd[i] }, { "hello", odd[i] },
			{ "status", odd[i] }, { "events", odd[i] },
			{ "reload", odd[i] }, { 0 } };

		for (size_t l = 0; l < sizeof(lines) / sizeof(lines[0]); l++)
			assert_int_equal(run(said,
					     strchr(lines[l], '_') == NULL &&
						 strcmp(lines[l], "intro") != 0,
					     lines[l]),
			    SHELL_OK);
	}
}

static void
says_what_was_refused(void **state)
{
	const struct said nothing[] = { { 0 } };

	(void)state;
	assert_int_equal(
	    run(nothing, false, "peer_create --key " KEY), SHELL_REFUSED);
	assert_string_equal(complaints, "no\n");
	assert_int_equal(
	    run(nothing, false, "peer_create --key " KEY " --json"),
	    SHELL_REFUSED);
	assert_non_null(strstr(screen, "\"code\": \"denied\""));
	assert_string_equal(complaints, "");
	assert_int_equal(run(nothing, false, "reload"), SHELL_USAGE);
	assert_int_equal(run(nothing, true, "reload"), SHELL_REFUSED);
	assert_int_equal(run(nothing, false, ""), SHELL_OK);
}

static void
explains_every_command(void **state)
{
	const struct said nothing[] = { { 0 } };
	char line[64];

	(void)state;
	assert_int_equal(run(nothing, false, "?"), SHELL_OK);
	assert_string_equal(screen,
	    "Documented commands (type help <topic>):\n"
	    "========================================\n"
	    "bye   intro        peer_create  peer_list    peer_status  routes\n"
	    "help  peer_config  peer_edit    peer_remove  ping         "
	    "trace\n");
	for (const struct command *c = commands; c->name != NULL; c++) {
		bool operator= c->who == COMMAND_OPERATOR;

		snprintf(line, sizeof(line), "?%s", c->name);
		assert_int_equal(run(nothing, operator, line), SHELL_OK);
		assert_non_null(strstr(screen, c->brief));
	}
	assert_int_equal(run(nothing, false, "help nonsense"), SHELL_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(picks_the_only_peering),
		cmocka_unit_test(shows_status),
		cmocka_unit_test(shows_the_mesh),
		cmocka_unit_test(fits_the_window),
		cmocka_unit_test(shows_a_pop_by_itself),
		cmocka_unit_test(prints_files),
		cmocka_unit_test(survives_odd_answers),
		cmocka_unit_test(says_what_was_refused),
		cmocka_unit_test(explains_every_command),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(screen);
	free(complaints);
	return failed;
}
