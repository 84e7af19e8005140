#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/run.h"

#define KEY "RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A="
#define PEERING                                                           \
	"{\"asn\":4242421344,\"mntner\":\"FOO-MNT\",\"key\":\"" KEY "\"," \
	"\"psk\":false,\"endpoint\":\"2001:db8::7\",\"port\":51820,"      \
	"\"link_local\":\"fe80:263::2:1\",\"mtu\":1420,\"created\":1,"    \
	"\"changed\":1,\"state\":\"waiting\",\"reason\":\"BIRD is away\"}"

/* What the engine is made to say, operation by operation. */
struct said {
	const char *op, *answer;
};

/* An engine in a process of its own; ends when the shell does. */
static _Noreturn void
engine(int fd, const struct said *said)
{
	FILE *f = fdopen(fd, "r+");
	char line[4096], op[64];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		const char *answer = "{\"error\":{\"code\":\"denied\","
				     "\"field\":\"\",\"text\":\"no\"}}";

		for (const struct said *s = said; s->op != NULL; s++) {
			snprintf(op, sizeof(op), "{\"op\":\"%s\"", s->op);
			if (strncmp(line, op, strlen(op)) == 0)
				answer = s->answer;
		}
		fseek(f, 0, SEEK_CUR);
		fprintf(f, "%s\n", answer);
		fflush(f);
	}
	_exit(0);
}

static char *screen, *complaints;

/* Runs a line; what it printed is in `screen` and `complaints`. */
static int
run(const struct said *said, bool operator, const char * line)
{
	struct shell sh = { .operator= operator};
	size_t n_out, n_err;
	int sv[2], status;
	pid_t pid;
	FILE *out, *err;

	free(screen);
	free(complaints);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(sv[0]);
		engine(sv[1], said);
	}
	close(sv[1]);
	out = open_memstream(&screen, &n_out);
	err = open_memstream(&complaints, &n_err);
	assert_true(out != NULL && err != NULL);
	out_init(&sh.out, out, NULL);
	out_init(&sh.err, err, NULL);
	sh.api = api_client_new(sv[0]);
	status = shell_line(&sh, line, strlen(line));
	shell_release(&sh);
	fclose(out);
	fclose(err);
	waitpid(pid, NULL, 0);
	return status;
}

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
		"\"events\":{},\"asns\":5,\"wg_quick\":5,\"pop\":[]}}",
		"{\"ok\":{\"peerings\":[1,null,\"x\",{}],\"peering\":null,"
		"\"tunnel\":{},\"session\":{\"channels\":[1,{}],\"since\":1e9},"
		"\"events\":[1,{}],\"asns\":[\"x\",-1]}}",
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
	    "bye   intro        peer_create  peer_list    peer_status\n"
	    "help  peer_config  peer_edit    peer_remove\n");
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
