#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/pings.h"
#include "base/fault.h"
#include "base/frame.h"

static const struct ip other = { 6, { 0xfe, 0x80, 2, 0x63, [13] = 3, 0, 2 } };
static const int no_socket[] = { -1, -1 };

static void
ask_for(int fd, uint32_t token, uint32_t gap, uint32_t wait, uint32_t n,
    uint32_t index)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, gap);
	pack_u32(&body, wait);
	pack_u32(&body, n);
	for (uint32_t i = 0; i < n; i++) {
		pack_u32(&body, index);
		pack_ip(&body, &other);
	}
	assert_int_equal(packet_send(fd, PINGS_ASK, &body, -1), 0);
	pack_free(&body);
}

static void
ask(int fd, uint32_t token, uint32_t n, uint32_t index)
{
	ask_for(fd, token, PINGS_GAP_MAX, PINGS_US_MAX, n, index);
}

/* Without a socket that could send, each question still has its answer. */
static void
answers_what_it_cannot_send(void **state)
{
	uint8_t buf[PACKET_MAX];
	struct pollfd on[PINGS_FDS];
	struct unpack body;
	struct pings *p;
	uint32_t type;
	int sv[2], fd;
	int64_t us = -1;

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv), 0);
	assert_int_equal(pings_open(&p, sv[1], no_socket), 0);
	pings_wait(p, on, &us);
	assert_int_equal(on[0].fd, sv[1]);
	assert_int_equal(on[1].fd, -1);
	assert_int_equal(on[2].fd, -1);
	assert_int_equal(us, -1);
	for (uint32_t token = 1; token <= PINGS_MAX + 2; token++)
		ask(sv[0], token, token % 2 ? 1 : PINGS_EACH_MAX, token);
	assert_int_equal(pings_run(p), 0); /* as many as it works on */
	assert_int_equal(pings_run(p), 0);
	assert_int_equal(pings_run(p), 0);
	for (uint32_t token = 1; token <= PINGS_MAX + 2; token++) {
		uint32_t n = token % 2 ? 1 : PINGS_EACH_MAX;

		assert_int_equal(packet_recv(sv[0], buf, &type, &body, &fd), 1);
		assert_int_equal(type, PINGS_ANSWER);
		assert_int_equal(unpack_u32(&body), token);
		assert_int_equal(unpack_u32(&body), n);
		while (n-- > 0)
			assert_int_equal(unpack_u32(&body), PINGS_NONE);
		assert_int_equal(unpack_end(&body), 0);
	}
	close(sv[0]);
	assert_int_equal(pings_run(p), FAULT_AWAY);
	pings_close(p);
	close(sv[1]);
}

static void
ends_when_the_question_is_odd(void **state)
{
	static const struct {
		uint32_t gap, wait, n;
	} odd[] = {
		{ 0, 1, 0 },
		{ 0, 1, PINGS_EACH_MAX + 1 },
		{ PINGS_GAP_MAX + 1, 1, 1 },
		{ 0, PINGS_US_MAX + 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct pings *p;
		int sv[2];

		assert_int_equal(
		    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv),
		    0);
		assert_int_equal(pings_open(&p, sv[1], no_socket), 0);
		ask_for(sv[0], 1, odd[i].gap, odd[i].wait, odd[i].n, 7);
		assert_int_equal(pings_run(p), FAULT_AWAY);
		pings_close(p);
		close(sv[0]);
		close(sv[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_what_it_cannot_send),
		cmocka_unit_test(ends_when_the_question_is_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
