/*
 * delay PID HOST_IF SWITCH_IF MS: a wire between two network namespaces, that
 * of PID and ours, which delivers each frame MS milliseconds later. For labs
 * on kernels without netem(8). A number on standard input changes the delay;
 * runs until it is killed.
 */
#include <errno.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

#define FRAME_BYTES  2048
#define QUEUE_FRAMES 4096

struct frame {
	int64_t due; /* monotonic us */
	size_t len;
	uint8_t data[FRAME_BYTES];
};

/* What goes from one end to the other, in order. */
struct queue {
	int from, to;
	size_t head, n;
	struct frame frames[QUEUE_FRAMES];
};

static struct queue queues[2];

static int
open_tap(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) != 0)
		err(1, "%s", name);
	return fd;
}

static void
enter(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		err(1, "%s", path);
	close(fd);
}

/* As a wire does, it drops what it has no room for. */
static void
take(struct queue *q, int64_t delay)
{
	uint8_t spare[FRAME_BYTES];
	ssize_t len;

	for (;;) {
		struct frame *f = &q->frames[(q->head + q->n) % QUEUE_FRAMES];
		bool has_room = q->n < QUEUE_FRAMES;

		len = read(q->from, has_room ? f->data : spare, FRAME_BYTES);
		if (len <= 0)
			return;
		if (!has_room)
			continue;
		f->len = (size_t)len;
		f->due = clock_mono_us() + delay;
		q->n++;
	}
}

/* Microseconds until the next frame is due, or -1. */
static int64_t
deliver(struct queue *q)
{
	while (q->n > 0) {
		struct frame *f = &q->frames[q->head];
		int64_t wait = f->due - clock_mono_us();

		if (wait > 0)
			return wait;
		if (write(q->to, f->data, f->len) < 0 && errno == EBADFD)
			exit(0); /* an end is gone */
		q->head = (q->head + 1) % QUEUE_FRAMES;
		q->n--;
	}
	return -1;
}

static void
wait_for(struct pollfd fds[3])
{
	int64_t a = deliver(&queues[0]), b = deliver(&queues[1]);
	int64_t us = a < 0 || (b >= 0 && b < a) ? b : a;
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	if (ppoll(fds, 3, us < 0 ? NULL : &ts, NULL) < 0 && errno != EINTR)
		err(1, "ppoll");
}

int
main(int argc, char **argv)
{
	struct pollfd fds[3] = { { 0, POLLIN, 0 }, { 0, POLLIN, 0 },
		{ STDIN_FILENO, POLLIN, 0 } };
	int64_t delay;
	char line[32];

	if (argc != 5)
		errx(64, "usage: delay PID HOST_IF SWITCH_IF MS");
	delay = (int64_t)(strtod(argv[4], NULL) * 1000);
	fds[0].fd = open_tap(argv[3]);
	enter(argv[1]);
	fds[1].fd = open_tap(argv[2]);
	queues[0].from = queues[1].to = fds[0].fd;
	queues[1].from = queues[0].to = fds[1].fd;
	for (;;) {
		wait_for(fds);
		take(&queues[0], delay);
		take(&queues[1], delay);
		if ((fds[2].revents & POLLIN) != 0 &&
		    fgets(line, sizeof(line), stdin) != NULL)
			delay = (int64_t)(strtod(line, NULL) * 1000);
		else if (fds[2].revents != 0)
			fds[2].fd = -1;
	}
}
