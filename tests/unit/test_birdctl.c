#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/birdctl.h"

static const char shown[] =
    "2002-Name       Proto      Table      State  Since         Info\n"
    "1002-ebgp_as4242421344_v6 BGP        ---        up     06:30  "
    "Established\n"
    " ebgp_as4242421345_v6 BGP        ---        start  06:30  Active\n"
    "0000 \n";

static void
finds_the_end(void **state)
{
	static const struct {
		const char *text;
		long end;
		int code;
	} cases[] = {
		{ "0001 BIRD 2.0.12 ready.\n", 24, 1 },
		{ "0001 BIRD 2.0.12 ready.\nmore", 24, 1 },
		{ "0002-Reading configuration\n0003 Reconfigured\n", 45, 3 },
		{ "1006-\tx\n \ty\n+8000 not ours\n0000 \n", 33, 0 },
		{ "8002 /etc/bird/bird.conf:3:1 syntax error\n", 42, 8002 },
		{ "", 0, -1 },
		{ "0001", 0, -1 },
		{ "0001 BIRD", 0, -1 },
		{ "0002-Reading\n", 0, -1 },
		{ "HTTP/1.1 400 Bad Request\n", -EBADMSG, -1 },
		{ "12\n", -EBADMSG, -1 },
		{ "\n", -EBADMSG, -1 },
		{ "0001x\n", -EBADMSG, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int code = -1;

		assert_int_equal(
		    bird_reply_end(cases[i].text, strlen(cases[i].text), &code),
		    cases[i].end);
		assert_int_equal(code, cases[i].code);
	}
}

static void
every_beginning_waits(void **state)
{
	int code = -1;

	(void)state;
	for (size_t n = 0; n < sizeof(shown) - 1; n++)
		assert_int_equal(bird_reply_end(shown, n, &code), 0);
	assert_int_equal(code, -1);
	assert_int_equal(
	    bird_reply_end(shown, sizeof(shown) - 1, &code), sizeof(shown) - 1);
}

static void
has_an_end_at_all(void **state)
{
	char *text = malloc(BIRD_REPLY_MAX);
	int code;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', BIRD_REPLY_MAX);
	assert_int_equal(bird_reply_end(text, BIRD_REPLY_MAX, &code), -EBADMSG);
	free(text);
}

static void
gives_the_last_words(void **state)
{
	static const char refused[] =
	    "0002-Reading configuration from /etc/bird/bird.conf\n"
	    "8002 peers/as1.conf:3:1 syntax\terror\n";
	char buf[64];

	(void)state;
	bird_reply_words(buf, sizeof(buf), refused, sizeof(refused) - 1);
	assert_string_equal(buf, "peers/as1.conf:3:1 syntax?error");
	bird_reply_words(buf, 8, refused, sizeof(refused) - 1);
	assert_string_equal(buf, "peers/a");
	bird_reply_words(buf, sizeof(buf), "", 0);
	assert_string_equal(buf, "");
	bird_reply_words(buf, sizeof(buf), "0013 \n", 6);
	assert_string_equal(buf, "");
}

static void
names_whole_names(void **state)
{
	size_t len = sizeof(shown) - 1;

	(void)state;
	assert_true(bird_reply_names(shown, len, "ebgp_as4242421344_v6"));
	assert_true(bird_reply_names(shown, len, "ebgp_as4242421345_v6"));
	assert_false(bird_reply_names(shown, len, "ebgp_as4242421344_v"));
	assert_false(bird_reply_names(shown, len, "ebgp_as4242421344_v66"));
	assert_false(bird_reply_names(shown, len, "bgp_as4242421344_v6"));
	assert_false(bird_reply_names("", 0, "ebgp_as1_v6"));
	assert_true(bird_reply_names("1002-a", 6, "a"));
}

static void
sums_what_is_counted(void **state)
{
	static const char counted[] =
	    "1007-3 of 747 routes for 740 networks in table master4\n"
	    " 89000 of 89002 routes for 89000 networks in table master6\n"
	    "0014 Total: 89003 of 89749 routes for 89740 networks in 2 "
	    "tables\n";
	static const char other[] =
	    "1007-3 of 747 routes for 740 networks\n"
	    "1007-\n"
	    " of 5 routes for 5 networks in table master4\n"
	    "9001 syntax error\n";

	(void)state;
	assert_int_equal(bird_reply_sum(counted, sizeof(counted) - 1), 89003);
	assert_int_equal(bird_reply_sum(other, sizeof(other) - 1), 0);
	assert_int_equal(bird_reply_sum("", 0), 0);
}

/* BIRD greets. */
static FILE *
greet(int server)
{
	FILE *f = fdopen(accept(server, NULL, NULL), "r+");

	if (f == NULL)
		_exit(1);
	fputs("0001 BIRD ready.\n", f);
	fflush(f);
	return f;
}

/* It answers a question with so many lines: false if nobody takes them. */
static bool
answer(FILE *f, unsigned lines)
{
	char line[64];

	if (fgets(line, sizeof(line), f) == NULL)
		_exit(1);
	fseek(f, 0, SEEK_CUR);
	for (; lines > 0; lines--)
		fprintf(f, "1007-10.%u.%u.0/24 unreachable\n", lines >> 8 & 255,
		    lines & 255);
	fputs("0000 \n", f);
	return fflush(f) == 0 && !ferror(f);
}

/* The question with the long answer comes by a connection of its own. */
static void
be_bird(int server, unsigned lines)
{
	FILE *first = greet(server), *second = greet(server);
	bool taken;

	signal(SIGPIPE, SIG_IGN);
	taken = answer(second, lines);
	_exit(answer(first, 0) && taken ? 0 : 2);
}

struct dialog {
	struct event_base *base;
	struct birdctl *ctl;
	char *text; /* of the first answer */
	size_t len;
	int code, second;
	int status; /* of BIRD: 2 if not all was taken */
};

static void
on_second(void *arg, const struct bird_answer *a)
{
	struct dialog *d = arg;

	d->second = a->code;
	event_base_loopbreak(d->base);
}

static void
on_first(void *arg, const struct bird_answer *a)
{
	struct dialog *d = arg;

	d->code = a->code;
	d->text = malloc(a->len + 1);
	memcpy(d->text, a->text, a->len);
	d->text[a->len] = '\0';
	d->len = a->len;
	assert_int_equal(birdctl_ask(d->ctl, "second", on_second, d), 0);
}

static void
on_back(void *arg)
{
	struct dialog *d = arg;

	assert_int_equal(birdctl_ask_head(d->ctl, "first", on_first, d), 0);
}

static void
on_lost(void *arg)
{
	(void)arg;
	fail_msg("the connection is lost");
}

static void
talk(struct dialog *d, unsigned lines)
{
	char dir[] = "/tmp/birdctl.XXXXXX";
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct birdctl_args args = {
		.path = sun.sun_path, .back = on_back, .lost = on_lost, .arg = d
	};
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int status = -1;
	pid_t pid;

	assert_non_null(mkdtemp(dir));
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/ctl", dir);
	assert_int_equal(bind(server, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(server, 2), 0);
	pid = fork();
	if (pid == 0)
		be_bird(server, lines);
	*d = (struct dialog){
		.base = event_base_new(), .code = -1, .second = -1
	};
	args.base = d->base;
	assert_int_equal(birdctl_open(&d->ctl, &args), 0);
	event_base_dispatch(d->base);
	birdctl_close(d->ctl);
	event_base_free(d->base);
	waitpid(pid, &status, 0);
	d->status = WEXITSTATUS(status);
	close(server);
	unlink(sun.sun_path);
	rmdir(dir);
}

static void
keeps_the_head_of_a_long_reply(void **state)
{
	const char *line;
	struct dialog d;

	(void)state;
	talk(&d, 300000);
	assert_int_equal(d.code, 0);
	assert_int_equal(d.second, 0);
	assert_int_equal(d.status, 2);
	assert_true(d.len > BIRDCTL_HEAD / 2 && d.len <= BIRDCTL_HEAD);
	assert_memory_equal(d.text, "1007-10.147.224.0/24 unreachable\n", 33);
	for (line = d.text; strncmp(line, "1007-10.", 8) == 0;)
		line = strchr(line, '\n') + 1;
	assert_string_equal(line, "");
	free(d.text);
}

static void
keeps_all_of_a_short_reply(void **state)
{
	struct dialog d;

	(void)state;
	talk(&d, 3);
	assert_int_equal(d.status, 0);
	assert_int_equal(d.second, 0);
	assert_string_equal(d.text,
	    "1007-10.0.3.0/24 unreachable\n1007-10.0.2.0/24 unreachable\n"
	    "1007-10.0.1.0/24 unreachable\n0000 \n");
	free(d.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_end),
		cmocka_unit_test(every_beginning_waits),
		cmocka_unit_test(has_an_end_at_all),
		cmocka_unit_test(gives_the_last_words),
		cmocka_unit_test(names_whole_names),
		cmocka_unit_test(sums_what_is_counted),
		cmocka_unit_test(keeps_the_head_of_a_long_reply),
		cmocka_unit_test(keeps_all_of_a_short_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
