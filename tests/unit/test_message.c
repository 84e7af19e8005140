/* pack and frame: what our processes say to each other. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/frame.h"
#include "base/pack.h"

static void
test_round(void **state)
{
	struct pack p;
	struct unpack u;
	char text[8];
	uint8_t bytes[3];
	size_t len;

	(void)state;
	pack_init(&p, 4096);
	pack_u8(&p, 0xab);
	pack_u8(&p, 1);
	pack_u16(&p, 0xabcd);
	pack_u32(&p, 0xdeadbeef);
	pack_u64(&p, UINT64_C(0x0123456789abcdef));
	pack_bytes(&p, "xyz", 3);
	pack_text(&p, "hello");
	pack_blob(&p, "a\0b", 3);
	pack_blob(&p, NULL, 0);
	assert_false(p.failed);
	/* Network order. */
	assert_memory_equal(p.data + 2, "\xab\xcd\xde\xad\xbe\xef", 6);
	unpack_init(&u, p.data, p.len);
	assert_int_equal(unpack_u8(&u), 0xab);
	assert_true(unpack_bool(&u));
	assert_int_equal(unpack_u16(&u), 0xabcd);
	assert_int_equal(unpack_u32(&u), 0xdeadbeef);
	assert_int_equal(unpack_u64(&u), UINT64_C(0x0123456789abcdef));
	unpack_bytes(&u, bytes, 3);
	assert_memory_equal(bytes, "xyz", 3);
	unpack_text(&u, text, sizeof(text));
	assert_string_equal(text, "hello");
	assert_memory_equal(unpack_blob(&u, &len), "a\0b", 3);
	assert_int_equal(len, 3);
	assert_non_null(unpack_blob(&u, &len));
	assert_int_equal(len, 0);
	assert_int_equal(unpack_end(&u), 0);
	pack_free(&p);
}

static void
test_pack_bounds(void **state)
{
	struct pack p;

	(void)state;
	pack_init(&p, 1000);
	for (int i = 0; i < 250; i++)
		pack_u32(&p, (uint32_t)i);
	assert_false(p.failed);
	assert_int_equal(p.len, 1000);
	pack_u8(&p, 0);
	assert_true(p.failed);
	assert_int_equal(p.len, 1000);
	pack_bytes(&p, "", 0);
	assert_true(p.failed);
	pack_free(&p);
	assert_null(p.data);
}

static int
unpack_text_of(const char *data, size_t len, size_t size)
{
	struct unpack u;
	char text[8] = "before";

	unpack_init(&u, data, len);
	unpack_text(&u, text, size);
	return unpack_end(&u) == 0 ? (int)strlen(text) : -1;
}

static void
test_unpack_bounds(void **state)
{
	struct unpack u;
	uint8_t bytes[4] = { 1, 2, 3, 4 };
	size_t len = 9;

	(void)state;
	assert_int_equal(unpack_text_of("\0\0\0\3abc", 7, 8), 3);
	assert_int_equal(unpack_text_of("\0\0\0\3abc", 7, 4), 3);
	assert_int_equal(unpack_text_of("\0\0\0\3abc", 7, 3), -1);
	assert_int_equal(unpack_text_of("\0\0\0\3a\nc", 7, 8), -1);
	assert_int_equal(unpack_text_of("\0\0\0\3a\0c", 7, 8), -1);
	assert_int_equal(unpack_text_of("\0\0\0\4abc", 7, 8), -1);
	assert_int_equal(unpack_text_of("\xff\xff\xff\xff", 4, 8), -1);
	unpack_init(&u, "\2", 1);
	unpack_bool(&u);
	assert_true(u.failed);
	unpack_init(&u, "\1\2", 2);
	assert_int_equal(unpack_u32(&u), 0);
	assert_true(u.failed);
	/* What follows a failure stays empty, even if it would fit. */
	assert_int_equal(unpack_u8(&u), 0);
	unpack_bytes(&u, bytes, sizeof(bytes));
	assert_memory_equal(bytes, "\0\0\0\0", 4);
	assert_null(unpack_blob(&u, &len));
	assert_int_equal(len, 0);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
	unpack_init(&u, "x", 1);
	assert_int_equal(unpack_end(&u), FAULT_INVALID);
}

static void
test_unpack_count(void **state)
{
	struct unpack u;

	(void)state;
	unpack_init(&u, "\0\0\0\2abcd", 8);
	assert_int_equal(unpack_count(&u, 2, 2), 2);
	unpack_init(&u, "\0\0\0\2abcd", 8);
	assert_int_equal(unpack_count(&u, 3, 2), 0);
	assert_true(u.failed);
	unpack_init(&u, "\0\0\0\2abcd", 8);
	assert_int_equal(unpack_count(&u, 1, 1), 0);
	assert_true(u.failed);
}

static void
test_frames(void **state)
{
	struct bufferevent *pair[2];
	struct event_base *base = event_base_new();
	struct evbuffer *in;
	struct pack body;
	struct unpack u;
	uint32_t type = 0;

	(void)state;
	assert_int_equal(bufferevent_pair_new(base, 0, pair), 0);
	bufferevent_enable(pair[1], EV_READ);
	in = bufferevent_get_input(pair[1]);
	pack_init(&body, 100);
	pack_u32(&body, 42);
	assert_int_equal(frame_send(pair[0], 7, &body), 0);
	assert_int_equal(frame_send(pair[0], 8, NULL), 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(frame_peek(in, &type, &u), 1);
	assert_int_equal(type, 7);
	assert_int_equal(unpack_u32(&u), 42);
	assert_int_equal(unpack_end(&u), 0);
	frame_drop(in);
	assert_int_equal(frame_peek(in, &type, &u), 1);
	assert_int_equal(type, 8);
	assert_int_equal(unpack_end(&u), 0);
	frame_drop(in);
	assert_int_equal(frame_peek(in, &type, &u), 0);
	body.failed = true;
	assert_int_equal(frame_send(pair[0], 7, &body), FAULT_SYSTEM);
	pack_free(&body);
	bufferevent_free(pair[0]);
	bufferevent_free(pair[1]);
	event_base_free(base);
}

static void
test_frame_pieces(void **state)
{
	struct evbuffer *in = evbuffer_new();
	struct unpack u;
	uint32_t type;

	(void)state;
	assert_non_null(in);
	for (size_t i = 0; i < 11; i++) {
		assert_int_equal(frame_peek(in, &type, &u), 0);
		evbuffer_add(in, "\0\0\0\5\0\0\0\3abc" + i, 1);
	}
	assert_int_equal(frame_peek(in, &type, &u), 1);
	assert_int_equal(type, 5);
	assert_int_equal(u.left, 3);
	frame_drop(in);
	evbuffer_add(in, "\0\0\0\5\xff\xff\xff\xff", 8);
	assert_int_equal(frame_peek(in, &type, &u), FAULT_INVALID);
	evbuffer_free(in);
}

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Sends raw bytes and `n` copies of `fd`, as a hostile process could. */
static void
send_raw(int sock, const void *data, size_t len, int fd, size_t n)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(4 * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	for (size_t i = 0; i < n; i++)
		memcpy(CMSG_DATA(c) + i * sizeof(int), &fd, sizeof(int));
	assert_int_equal(sendmsg(sock, &msg, 0), (int)len);
}

static void
test_packets(void **state)
{
	int pair[2], fd = -1;
	uint8_t buf[PACKET_MAX];
	struct unpack u;
	struct pack body;
	uint32_t type = 0;

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(packet_recv(pair[1], buf, &type, &u, &fd), 0);
	pack_init(&body, 100);
	pack_text(&body, "hello");
	assert_int_equal(packet_send(pair[0], 9, &body, pair[0]), 0);
	assert_int_equal(packet_recv(pair[1], buf, &type, &u, &fd), 1);
	assert_int_equal(type, 9);
	assert_int_equal(u.left, 9);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	assert_int_equal(packet_send(pair[0], 10, NULL, -1), 0);
	assert_int_equal(packet_recv(pair[1], buf, &type, &u, &fd), 1);
	assert_int_equal(fd, -1);
	assert_int_equal(unpack_end(&u), 0);
	pack_free(&body);
	body.failed = true; /* no memory for its first byte */
	assert_int_equal(packet_send(pair[0], 11, &body, -1), FAULT_SYSTEM);
	assert_int_equal(packet_recv(pair[1], buf, &type, &u, &fd), 0);
	assert_int_equal(send(pair[0], "abc", 3, 0), 3);
	assert_int_equal(
	    packet_recv(pair[1], buf, &type, &u, &fd), FAULT_INVALID);
	pack_free(&body);
	close(pair[0]);
	assert_int_equal(packet_recv(pair[1], buf, &type, &u, &fd), FAULT_AWAY);
	assert_int_equal(packet_send(pair[1], 1, NULL, -1), FAULT_AWAY);
	close(pair[1]);
}

/* Whatever arrives, no descriptor stays open that the caller does not get. */
static void
test_packet_descriptors(void **state)
{
	static const char big[PACKET_MAX + 1];
	static const struct {
		size_t len, n;
	} cases[] = { { 4, 2 }, { 4, 4 }, { 2, 1 }, { 0, 1 },
		{ sizeof(big), 1 } };
	uint8_t buf[PACKET_MAX];
	struct unpack u;
	uint32_t type;
	int pair[2], fd, before;

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	before = open_descriptors();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		send_raw(pair[0], big, cases[i].len, pair[0], cases[i].n);
		assert_int_equal(
		    packet_recv(pair[1], buf, &type, &u, &fd), FAULT_INVALID);
		assert_int_equal(fd, -1);
		assert_int_equal(open_descriptors(), before);
	}
	close(pair[0]);
	close(pair[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_pack_bounds),
		cmocka_unit_test(test_unpack_bounds),
		cmocka_unit_test(test_unpack_count),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_frame_pieces),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_packet_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
