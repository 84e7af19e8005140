#include "agent/pings.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/echo.h"
#include "agent/stamp.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"

#define REPLIES_MAX 4096 /* looked at in a row: a flood may not hold us */

struct ping {
	struct echo echo;
	int64_t sent; /* monotonic microseconds */
	uint32_t rtt; /* PINGS_NONE until it is known */
	bool waits; /* to be sent, or for the reply */
};

/* A packet of the agent's that is being worked on. n 0: none. */
struct batch {
	uint32_t token, gap, wait;
	int64_t due; /* when to send the next */
	int64_t deadline; /* when all are sent */
	size_t n;
	size_t done; /* of those: sent, or not to be */
	size_t waiting;
	struct ping list[PINGS_EACH_MAX];
};

struct pings {
	int fd, raw;
	struct batch batches[PINGS_MAX];
};

/* A reply as it came, and when. */
struct reply {
	uint8_t message[ECHO_LEN + 1]; /* a longer one is told from ours */
	size_t len;
	struct ip from;
	uint32_t index;
	int64_t at; /* monotonic microseconds */
};

int
pings_open(struct pings **out, int fd, int raw)
{
	struct pings *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	p->fd = fd;
	p->raw = raw;
	*out = p;
	return 0;
}

void
pings_close(struct pings *p)
{
	free(p);
}

static struct batch *
free_batch(struct pings *p)
{
	for (size_t i = 0; i < PINGS_MAX; i++)
		if (p->batches[i].n == 0)
			return &p->batches[i];
	return NULL;
}

static bool
is_busy(const struct pings *p)
{
	for (size_t i = 0; i < PINGS_MAX; i++)
		if (p->batches[i].n > 0)
			return true;
	return false;
}

void
pings_wait(const struct pings *p, struct pollfd on[2], int64_t *us)
{
	int64_t now = clock_mono_us();
	bool room = false;

	for (size_t i = 0; i < PINGS_MAX; i++) {
		const struct batch *b = &p->batches[i];
		int64_t left = (b->done < b->n ? b->due : b->deadline) - now;

		if (b->n == 0)
			room = true;
		else if (*us < 0 || left < *us)
			*us = left > 0 ? left : 0;
	}
	on[0] = (struct pollfd){ .fd = p->fd, .events = room ? POLLIN : 0 };
	/* Others' replies are not worth waking up for. */
	on[1] =
	    (struct pollfd){ .fd = is_busy(p) ? p->raw : -1, .events = POLLIN };
}

/* Those whose time has come. */
static void
send_requests(const struct pings *p, struct batch *b)
{
	while (b->done < b->n) {
		struct ping *ping = &b->list[b->done];
		int64_t now = clock_mono_us();

		if (ping->waits && now < b->due)
			return;
		b->done++;
		if (!ping->waits)
			continue;
		ping->sent = now;
		ping->waits = echo_send(p->raw, &ping->echo) == 0;
		if (!ping->waits) {
			b->waiting--;
			continue;
		}
		b->due += b->gap;
		b->deadline = now + b->wait;
	}
}

static int
take_question(struct batch *b, struct unpack *u)
{
	uint32_t token = unpack_u32(u), gap = unpack_u32(u);
	uint32_t wait = unpack_u32(u);
	size_t n = unpack_count(u, 4 + PACK_IP_LEN, PINGS_EACH_MAX);

	*b = (struct batch){ .token = token, .gap = gap, .wait = wait };
	for (size_t i = 0; i < n; i++) {
		struct ping *ping = &b->list[i];
		uint32_t index = unpack_u32(u);
		struct ip to;

		unpack_ip(u, &to);
		ping->rtt = PINGS_NONE;
		ping->waits = echo_make(&ping->echo, index, &to) == 0;
	}
	if (unpack_end(u) != 0 || n == 0 || gap > PINGS_GAP_MAX ||
	    wait > PINGS_US_MAX)
		return FAULT_INVALID;
	for (size_t i = 0; i < n; i++)
		b->waiting += b->list[i].waits;
	b->n = n;
	b->due = clock_mono_us();
	return 0;
}

/* 1: got one, 0: none waits. */
static int
read_reply(int raw, struct reply *r)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	struct sockaddr_in6 from = { 0 };
	struct iovec iov = { r->message, sizeof(r->message) };
	struct msghdr msg = { .msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.room) };
	ssize_t n = recvmsg(raw, &msg, MSG_DONTWAIT);

	if (n < 0)
		return 0;
	r->at = stamp_of(&msg, PINGS_US_MAX);
	r->len = (size_t)n;
	r->index = from.sin6_scope_id; /* of what came from a link-local one */
	r->from = (struct ip){ .family = 6 };
	memcpy(r->from.byte, &from.sin6_addr, sizeof(from.sin6_addr));
	return 1;
}

/* True if it is the batch's. */
static bool
take_reply(struct batch *b, const struct reply *r)
{
	for (size_t i = 0; i < b->n; i++) {
		struct ping *ping = &b->list[i];
		int64_t rtt = r->at - ping->sent;

		if (!ping->waits || !echo_answers(&ping->echo, r->index,
					&r->from, r->message, r->len))
			continue;
		ping->waits = false;
		b->waiting--;
		if (rtt >= 0 && rtt <= b->wait)
			ping->rtt = (uint32_t)rtt;
		return true;
	}
	return false;
}

static void
read_replies(struct pings *p)
{
	struct reply r;

	for (size_t n = 0; n < REPLIES_MAX && read_reply(p->raw, &r) == 1; n++)
		for (size_t i = 0; i < PINGS_MAX; i++)
			if (take_reply(&p->batches[i], &r))
				break;
}

/* The whole answer is one packet, and at most PINGS_MAX are on their way. */
static void
send_answer(const struct pings *p, const struct batch *b)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, b->token);
	pack_u32(&body, (uint32_t)b->n);
	for (size_t i = 0; i < b->n; i++)
		pack_u32(&body, b->list[i].rtt);
	packet_send(p->fd, PINGS_ANSWER, &body, -1);
	pack_free(&body);
}

/* What is due of each batch: requests, and the answer. */
static void
work(struct pings *p)
{
	int64_t now = clock_mono_us();

	for (size_t i = 0; i < PINGS_MAX; i++) {
		struct batch *b = &p->batches[i];

		if (b->n > 0)
			send_requests(p, b);
		if (b->n == 0 ||
		    (b->waiting > 0 && (b->done < b->n || now < b->deadline)))
			continue;
		send_answer(p, b);
		b->n = 0;
	}
}

static int
read_questions(struct pings *p)
{
	uint8_t buf[PACKET_MAX];
	struct batch *b;

	while ((b = free_batch(p)) != NULL) {
		struct unpack body;
		uint32_t type;
		int passed, rc;

		rc = packet_recv(p->fd, buf, &type, &body, &passed);
		if (rc == 0)
			return 0;
		if (rc != 1 || type != PINGS_ASK || passed >= 0)
			return FAULT_AWAY;
		if (!is_busy(p)) /* what lies there is nobody's */
			read_replies(p);
		if (take_question(b, &body) != 0)
			return FAULT_AWAY;
	}
	return 0;
}

int
pings_run(struct pings *p)
{
	if (is_busy(p))
		read_replies(p);
	work(p);
	return read_questions(p);
}
