#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bsd/string.h>
#include <string.h>

#include "base/frame.h"
#include "ssh/wire.h"

static const struct ssh_shell_request good = {
	.terminal = true,
	.utf8 = true,
	.term = "xterm-256color",
	.columns = 132,
	.rows = 50,
	.command = "peer_list --json",
};

/* 0 if what is packed is also taken. */
static int
round_trip(const struct ssh_shell_request *in, struct ssh_shell_request *out)
{
	struct unpack u;
	struct pack p;
	int rc;

	pack_init(&p, PACKET_MAX - sizeof(uint32_t));
	ssh_shell_request_pack(&p, in);
	assert_false(p.failed);
	unpack_init(&u, p.data, p.len);
	ssh_shell_request_unpack(&u, out);
	rc = unpack_end(&u);
	pack_free(&p);
	return rc;
}

static void
request_comes_back(void **state)
{
	struct ssh_shell_request r = good, out;

	(void)state;
	assert_int_equal(round_trip(&r, &out), 0);
	assert_true(out.terminal && out.utf8 && !out.interactive);
	assert_string_equal(out.term, r.term);
	assert_string_equal(out.command, r.command);
	assert_int_equal(out.columns, 132);
	assert_int_equal(out.rows, 50);
}

static void
longest_command_fits_a_packet(void **state)
{
	struct ssh_shell_request r = good, out;

	(void)state;
	memset(r.term, 'x', SSH_TERM_MAX - 1);
	memset(r.command, 'x', SSH_COMMAND_MAX - 1);
	assert_int_equal(round_trip(&r, &out), 0);
	assert_string_equal(out.command, r.command);
}

static void
bad_requests_are_refused(void **state)
{
	struct ssh_shell_request r, out;

	(void)state;
	r = good;
	r.columns = 0;
	assert_int_not_equal(round_trip(&r, &out), 0);
	r.columns = SSH_WINDOW_MAX + 1;
	assert_int_not_equal(round_trip(&r, &out), 0);
	r = good;
	r.rows = SSH_WINDOW_MAX + 1;
	assert_int_not_equal(round_trip(&r, &out), 0);
	r = good;
	r.interactive = true;
	assert_int_not_equal(round_trip(&r, &out), 0);
	r = good;
	strlcpy(r.command, "a\nb", sizeof(r.command));
	assert_int_not_equal(round_trip(&r, &out), 0);
	r = good;
	strlcpy(r.term, "../x", sizeof(r.term));
	assert_int_not_equal(round_trip(&r, &out), 0);
}

static void
terms(void **state)
{
	(void)state;
	assert_true(ssh_term_is_valid("dumb"));
	assert_true(ssh_term_is_valid("screen.xterm-256color"));
	assert_true(ssh_term_is_valid("vt100+fnkeys_x"));
	assert_false(ssh_term_is_valid(""));
	assert_false(ssh_term_is_valid("-x"));
	assert_false(ssh_term_is_valid(".."));
	assert_false(ssh_term_is_valid("a/b"));
	assert_false(ssh_term_is_valid("a b"));
	assert_false(ssh_term_is_valid("x\033[0m"));
	assert_false(ssh_term_is_valid("xt\xc3\xa9rm"));
	assert_false(ssh_term_is_valid("123456789012345678901234567890123"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_comes_back),
		cmocka_unit_test(longest_command_fits_a_packet),
		cmocka_unit_test(bad_requests_are_refused),
		cmocka_unit_test(terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
