#include "agent/pings.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "agent/hop.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"

#define REPLIES_MAX 4096 /* looked at in a row: a flood may not hold us */

struct ping {
	struct hop_request request;
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
	int fd, raw[2];
	struct batch batches[PINGS_MAX];
};

int
pings_open(struct pings **out, int fd, const int raw[2])
{
	struct pings *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	p->fd = fd;
	p->raw[0] = raw[0];
	p->raw[1] = raw[1];
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
pings_wait(const struct pings *p, struct pollfd on[PINGS_FDS], int64_t *us)
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
	for (int i = 0; i < 2; i++)
		on[i + 1] = (struct pollfd){ .fd = is_busy(p) ? p->raw[i] : -1,
			.events = POLLIN };
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
		ping->waits = hop_send(p->raw[ping->request.to.family == 6],
				  &ping->request, 0, 0) == 0;
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
		ping->waits = index != 0 &&
			      (to.family == 4 || ip_is_link_local(&to)) &&
			      hop_request_make(&ping->request, &to, index) == 0;
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

/* True if it is the batch's. */
static bool
take_reply(struct batch *b, const struct icmp_packet *r)
{
	struct hop_answer a;

	for (size_t i = 0; i < b->n; i++) {
		struct ping *ping = &b->list[i];
		int64_t rtt = r->at - ping->sent;

		if (!ping->waits || !hop_answers(&a, &ping->request, 1, r))
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
read_replies(struct pings *p, unsigned family)
{
	const int raw = p->raw[family == 6];
	struct icmp_packet r;

	for (size_t n = 0; n < REPLIES_MAX && icmp_read(raw, family, &r); n++)
		for (size_t i = 0; i < PINGS_MAX; i++)
			if (take_reply(&p->batches[i], &r))
				break;
}

static void
read_all(struct pings *p)
{
	read_replies(p, 4);
	read_replies(p, 6);
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
			read_all(p);
		if (take_question(b, &body) != 0)
			return FAULT_AWAY;
	}
	return 0;
}

int
pings_run(struct pings *p)
{
	if (is_busy(p))
		read_all(p);
	work(p);
	return read_questions(p);
}
