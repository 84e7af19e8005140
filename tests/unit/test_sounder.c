#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/sounder.h"
#include "base/clock.h"
#include "base/frame.h"

#define PEERS_MAX 1100 /* three groups */
#define NEVER	  PINGS_NONE

/*
 * The test is the resolver. It answers at once: peer n, whose interface has
 * the index n, takes times[n % 4] at its nth echo.
 */
struct fixture {
	struct event_base *base;
	struct prober *prober;
	struct sounder *sounder;
	struct event *readable;
	struct probe list[PEERS_MAX];
	uint32_t times[4][SOUNDER_ECHOES];
	unsigned got[PEERS_MAX + 1]; /* echoes, by index */
	uint32_t wait; /* of the last question */
	size_t asleep; /* addresses without an index in it */
	int done;
};

static void
on_gone(void *arg)
{
	(void)arg;
	fail();
}

static void
on_asked(evutil_socket_t fd, short what, void *arg)
{
	struct fixture *f = arg;
	uint8_t buf[PACKET_MAX];
	struct unpack in;
	struct pack out;
	uint32_t type, n;
	struct ip ip;
	int passed;

	(void)what;
	assert_int_equal(packet_recv(fd, buf, &type, &in, &passed), 1);
	pack_init(&out, PACKET_MAX);
	pack_u32(&out, unpack_u32(&in));
	assert_in_range(unpack_u32(&in), 1, PINGS_GAP_MAX);
	f->wait = unpack_u32(&in);
	f->asleep = 0;
	n = unpack_u32(&in);
	pack_u32(&out, n);
	while (n-- > 0) {
		uint32_t index = unpack_u32(&in);
		uint32_t rtt = NEVER;

		unpack_ip(&in, &ip);
		assert_in_range(index, 0, PEERS_MAX);
		if (index == 0)
			f->asleep++;
		else
			rtt = f->times[index % 4][f->got[index]++];
		pack_u32(&out, rtt);
	}
	assert_int_equal(unpack_end(&in), 0);
	assert_int_equal(packet_send(fd, PINGS_ANSWER, &out, -1), 0);
	pack_free(&out);
}

static void
on_done(void *arg)
{
	struct fixture *f = arg;

	f->done++;
	event_base_loopbreak(f->base);
}

static struct fixture f;

static int
open_it(void **state)
{
	struct prober_args args = { .gone = on_gone };
	int sv[2];

	(void)state;
	f = (struct fixture){ .base = event_base_new() };
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv), 0);
	args.base = f.base;
	args.fd = sv[0];
	assert_int_equal(prober_open(&f.prober, &args), 0);
	assert_int_equal(sounder_open(&f.sounder, f.base, f.prober), 0);
	f.readable =
	    event_new(f.base, sv[1], EV_READ | EV_PERSIST, on_asked, &f);
	event_add(f.readable, NULL);
	for (uint32_t i = 0; i < PEERS_MAX; i++)
		f.list[i] = (struct probe){ .index = i + 1,
			.ip = { 6, { 0xfe, 0x80 } } };
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < SOUNDER_ECHOES; j++)
			f.times[i][j] = 5000;
	return 0;
}

static int
close_it(void **state)
{
	(void)state;
	close(event_get_fd(f.readable));
	event_free(f.readable);
	sounder_close(f.sounder);
	prober_close(f.prober);
	event_base_free(f.base);
	return 0;
}

/* Microseconds that it took. */
static int64_t
sound(size_t n)
{
	int64_t begin = clock_mono_us();

	sounder_ask(f.sounder, f.list, n, on_done, &f);
	assert_true(sounder_is_busy(f.sounder));
	event_base_dispatch(f.base);
	assert_int_equal(f.done, 1);
	assert_false(sounder_is_busy(f.sounder));
	return clock_mono_us() - begin;
}

static void
keeps_the_least(void **state)
{
	(void)state;
	f.times[1][3] = 4000;
	f.times[2][0] = 900;
	f.times[3][4] = NEVER;
	f.times[3][1] = 4999;
	assert_true(sound(3) >= (SOUNDER_ECHOES - 1) * SOUNDER_SPACE_US);
	assert_int_equal(f.list[0].rtt, 4000);
	assert_int_equal(f.list[1].rtt, 900);
	assert_int_equal(f.list[2].rtt, 4999);
	assert_int_equal(f.got[1], SOUNDER_ECHOES);
	assert_int_equal(f.list[0].index, 1);
}

static void
asks_the_silent_once(void **state)
{
	(void)state;
	f.times[1][0] = NEVER;
	sound(2);
	assert_int_equal(f.list[0].rtt, NEVER);
	assert_int_equal(f.got[1], 1);
	assert_int_equal(f.asleep, 1);
	assert_int_equal(f.list[1].rtt, 5000);
	assert_int_equal(f.got[2], SOUNDER_ECHOES);
}

/* As long as the farthest may need, but not for ever. */
static void
waits_as_long_as_it_takes(void **state)
{
	(void)state;
	f.times[1][3] = 300000;
	sound(1);
	assert_int_equal(f.wait, 600000);
	f.done = 0;
	f.got[1] = 0;
	f.times[1][3] = 3000000;
	sound(1);
	assert_int_equal(f.wait, PINGS_US_MAX);
}

static void
sounds_three_groups(void **state)
{
	(void)state;
	/* The one in the middle is silent: it takes no time. */
	for (size_t i = SOUNDER_GROUP; i < 2 * SOUNDER_GROUP; i++)
		f.list[i].index = 0;
	f.times[0][2] = 7;
	assert_in_range(sound(PEERS_MAX),
	    2 * (SOUNDER_ECHOES - 1) * SOUNDER_SPACE_US,
	    3 * (SOUNDER_ECHOES - 1) * SOUNDER_SPACE_US + 3000000);
	for (size_t i = 0; i < PEERS_MAX; i++) {
		bool silent = i / SOUNDER_GROUP == 1;

		assert_int_equal(f.got[i + 1], silent ? 0 : SOUNDER_ECHOES);
		assert_int_equal(f.list[i].rtt, silent		   ? NEVER
						: (i + 1) % 4 == 0 ? 7
								   : 5000);
	}
}

static void
is_done_with_none(void **state)
{
	(void)state;
	sounder_ask(f.sounder, NULL, 0, on_done, &f);
	assert_int_equal(f.done, 1);
	assert_false(sounder_is_busy(f.sounder));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_it, close_it)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_the_least),
		TEST(asks_the_silent_once),
		TEST(waits_as_long_as_it_takes),
		TEST(sounds_three_groups),
		TEST(is_done_with_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
