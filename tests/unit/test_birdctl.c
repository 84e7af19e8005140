#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_reply.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_end),
		cmocka_unit_test(every_beginning_waits),
		cmocka_unit_test(has_an_end_at_all),
		cmocka_unit_test(gives_the_last_words),
		cmocka_unit_test(names_whole_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
