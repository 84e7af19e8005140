#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/prober.h"
#include "base/fault.h"
#include "base/frame.h"

#define GAP  3 /* of all questions */
#define WAIT 7

/* The test is the resolver, at the other end of `fd`. */
struct fixture {
	struct event_base *base;
	struct prober *prober;
	int fd;
	int done, gone; /* how often they were called */
};

static void
on_gone(void *arg)
{
	struct fixture *f = arg;

	f->gone++;
}

static void
open_it(struct fixture *f)
{
	struct prober_args args = { .gone = on_gone, .arg = f };
	int sv[2];

	*f = (struct fixture){ .base = event_base_new() };
	assert_non_null(f->base);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv), 0);
	f->fd = sv[0];
	args.base = f->base;
	args.fd = sv[1];
	assert_int_equal(prober_open(&f->prober, &args), 0);
}

static void
close_it(struct fixture *f)
{
	prober_close(f->prober);
	event_base_free(f->base);
	close(f->fd);
}

static void
on_done(void *arg)
{
	struct fixture *f = arg;

	f->done++;
}

static struct probing
question(struct fixture *f, struct probe *list, size_t n)
{
	return (struct probing){ .list = list,
		.n = n,
		.gap = GAP,
		.wait = WAIT,
		.done = on_done,
		.arg = f };
}

/* Takes a question: its token, how many it asks for, the first's index. */
static uint32_t
take(struct fixture *f, uint32_t *n, uint32_t *index)
{
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type, token;
	int fd;

	assert_int_equal(packet_recv(f->fd, buf, &type, &body, &fd), 1);
	assert_int_equal(type, PINGS_ASK);
	token = unpack_u32(&body);
	assert_int_equal(unpack_u32(&body), GAP);
	assert_int_equal(unpack_u32(&body), WAIT);
	*n = unpack_u32(&body);
	*index = unpack_u32(&body);
	return token;
}

/* Answers: `first`, and one more for each that follows. */
static void
answer(struct fixture *f, uint32_t token, uint32_t n, uint32_t first)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, n);
	for (uint32_t i = 0; i < n; i++)
		pack_u32(&body, first + i);
	assert_int_equal(packet_send(f->fd, PINGS_ANSWER, &body, -1), 0);
	pack_free(&body);
	event_base_loop(f->base, EVLOOP_NONBLOCK);
}

static void
probes_999_in_any_order(void **state)
{
	struct probe list[999] = { 0 };
	uint32_t token[8], n[8], index[8];
	struct probing q;
	struct fixture f;

	(void)state;
	for (uint32_t i = 0; i < 999; i++)
		list[i] = (struct probe){ .index = i + 1,
			.ip = { 6, { 0xfe, 0x80 } } };
	open_it(&f);
	q = question(&f, list, 999);
	assert_int_equal(prober_ask(f.prober, &q), 0);
	for (size_t i = 0; i < 8; i++) {
		token[i] = take(&f, &n[i], &index[i]);
		assert_int_equal(index[i], i * PINGS_EACH_MAX + 1);
		assert_int_equal(n[i], i < 7 ? PINGS_EACH_MAX : 999 % 128);
	}
	assert_int_equal(list[998].rtt, PINGS_NONE);
	for (size_t i = 8; i-- > 0;) {
		assert_int_equal(f.done, 0);
		answer(&f, token[i], n[i], 1000 + index[i]);
	}
	assert_int_equal(f.done, 1);
	for (uint32_t i = 0; i < 999; i++)
		assert_int_equal(list[i].rtt, 1001 + i);
	close_it(&f);
}

static void
forgets(void **state)
{
	struct probe old = { .index = 1 }, new = { .index = 2 };
	uint32_t token, n, index;
	struct probing q;
	struct fixture f;

	(void)state;
	open_it(&f);
	q = question(&f, &old, 1);
	assert_int_equal(prober_ask(f.prober, &q), 0);
	token = take(&f, &n, &index);
	prober_forget(&q);
	answer(&f, token, 1, 5);
	assert_int_equal(f.done, 0);
	assert_int_equal(old.rtt, PINGS_NONE);
	q = question(&f, &new, 1);
	assert_int_equal(prober_ask(f.prober, &q), 0);
	answer(&f, token, 1, 5); /* once more: it is not the new one's */
	assert_int_equal(f.done, 0);
	token = take(&f, &n, &index);
	assert_int_equal(index, 2);
	answer(&f, token, 1, 6);
	assert_int_equal(f.done, 1);
	assert_int_equal(new.rtt, 6);
	close_it(&f);
}

/* Of two that ask at a time each gets its own. */
static void
serves_two(void **state)
{
	struct probe a[200] = { { .index = 1 } }, b = { .index = 1000 };
	uint32_t token[3], n[3], index[3];
	struct fixture f, other = { 0 };
	struct probing first, second;

	(void)state;
	open_it(&f);
	first = question(&f, a, 200);
	second = question(&other, &b, 1);
	assert_int_equal(prober_ask(f.prober, &first), 0);
	assert_int_equal(prober_ask(f.prober, &second), 0);
	for (size_t i = 0; i < 3; i++)
		token[i] = take(&f, &n[i], &index[i]);
	assert_int_equal(index[2], 1000);
	answer(&f, token[1], n[1], 500);
	answer(&f, token[2], n[2], 9);
	assert_int_equal(other.done, 1);
	assert_int_equal(b.rtt, 9);
	assert_int_equal(f.done, 0);
	/* It is not the other's when this one is forgotten. */
	prober_forget(&second);
	answer(&f, token[2], n[2], 8);
	assert_int_equal(b.rtt, 9);
	answer(&f, token[0], n[0], 100);
	assert_int_equal(f.done, 1);
	assert_int_equal(other.done, 1);
	assert_int_equal(a[0].rtt, 100);
	assert_int_equal(a[199].rtt, 500 + 199 - PINGS_EACH_MAX);
	assert_int_equal(f.gone, 0);
	close_it(&f);
}

static void
refuses_odd_answers(void **state)
{
	struct probe list[2] = { { .index = 1 }, { .index = 2 } };
	struct probe none;
	uint32_t token, n, index;
	struct probing q;
	struct fixture f;

	(void)state;
	open_it(&f);
	q = question(&f, &none, 0);
	assert_int_equal(prober_ask(f.prober, &q), FAULT_LIMIT);
	q = question(&f, list, 2);
	assert_int_equal(prober_ask(f.prober, &q), 0);
	token = take(&f, &n, &index);
	answer(&f, token, 1, 5); /* one of two: it is listened to no more */
	answer(&f, token, 2, 5);
	assert_int_equal(f.gone, 1);
	assert_int_equal(f.done, 0);
	assert_int_equal(list[1].rtt, PINGS_NONE);
	close_it(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probes_999_in_any_order),
		cmocka_unit_test(forgets),
		cmocka_unit_test(serves_two),
		cmocka_unit_test(refuses_odd_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
