#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/trace.h"
#include "base/fault.h"
#include "base/frame.h"
#include "base/ip.h"

/* The test is the agent, at the other end of `fd`. No request can be sent. */
struct fixture {
	struct traces *traces;
	int fd, theirs;
};

static void
open_it(struct fixture *f)
{
	static const int no_socket[] = { -1, -1 };
	int sv[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv), 0);
	assert_int_equal(traces_open(&f->traces, sv[1], no_socket), 0);
	f->fd = sv[0];
	f->theirs = sv[1];
}

static void
close_it(struct fixture *f)
{
	traces_close(f->traces);
	close(f->fd);
	close(f->theirs);
}

static void
ask(const struct fixture *f, uint32_t token, uint8_t hops, uint8_t count)
{
	static const struct ip to = { 4, { 172, 20, 5, 1 } };
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, 0);
	pack_ip(&body, &to);
	pack_u8(&body, hops);
	pack_u8(&body, count);
	assert_int_equal(packet_send(f->fd, TRACE_ASK, &body, -1), 0);
	pack_free(&body);
}

static void
stop(const struct fixture *f, uint32_t token)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	assert_int_equal(packet_send(f->fd, TRACE_STOP, &body, -1), 0);
	pack_free(&body);
}

/* The end of that one is next, with nothing sent. */
static void
ends(const struct fixture *f, uint32_t token)
{
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int fd;

	assert_int_equal(packet_recv(f->fd, buf, &type, &body, &fd), 1);
	assert_int_equal(type, TRACE_END);
	assert_int_equal(unpack_u32(&body), token);
	assert_int_equal(unpack_u8(&body), 0);
	assert_int_equal(unpack_u32(&body), EBADF);
	assert_int_equal(unpack_end(&body), 0);
}

static void
ends_what_it_cannot_send(void **state)
{
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	struct fixture f;
	uint32_t type;
	int fd;

	(void)state;
	open_it(&f);
	/* Each one's place is free again. */
	for (uint32_t token = 1; token <= TRACES_MAX + 2; token++) {
		ask(&f, token, token % 2 ? 30 : 0, 5);
		stop(&f, token);
		assert_int_equal(traces_run(f.traces), 0);
		ends(&f, token);
	}
	/* What is over, or never was, is not ended again. */
	stop(&f, 1);
	stop(&f, 0);
	assert_int_equal(traces_run(f.traces), 0);
	assert_int_equal(packet_recv(f.fd, buf, &type, &body, &fd), 0);
	close_it(&f);
}

static void
ends_when_the_question_is_odd(void **state)
{
	static const struct {
		uint32_t token;
		uint8_t hops, count;
	} odd[] = {
		{ 0, 30, 0 },
		{ 1, 0, 0 },
		{ 1, TRACE_PROBES_MAX + 1, 0 },
		{ 1, 0, TRACE_PROBES_MAX + 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct fixture f;

		open_it(&f);
		ask(&f, odd[i].token, odd[i].hops, odd[i].count);
		assert_int_equal(traces_run(f.traces), FAULT_AWAY);
		close_it(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_what_it_cannot_send),
		cmocka_unit_test(ends_when_the_question_is_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
