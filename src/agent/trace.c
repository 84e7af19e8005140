#include "agent/trace.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "agent/hop.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"

#define ANSWERS_MAX 4096 /* looked at in a row: a flood may not hold us */
#define PING_US	    1000000 /* between the requests of a ping */
#define BURST	    16 /* of a trace, at once: few paths are longer */
#define BURST_US    250000 /* then the rest, if the target has not answered */
#define SLOW_FACTOR 3 /* a hop may take longer than the target: it is busy */
#define SLOW_US_MIN 300000

/* One trace, or one ping. */
struct trace {
	uint32_t token; /* 0: it is none */
	struct hop_request request;
	bool is_ping;
	unsigned n; /* requests in all */
	unsigned sent;
	unsigned end; /* those from here on tell nothing new */
	int64_t next; /* when it sends again */
	int64_t deadline; /* once all are sent */
	struct {
		int64_t at; /* monotonic microseconds */
		bool answered;
	} list[TRACE_PROBES_MAX];
};

struct traces {
	int fd, raw[2];
	struct trace list[TRACES_MAX];
};

int
traces_open(struct traces **out, int fd, const int raw[2])
{
	struct traces *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -ENOMEM;
	t->fd = fd;
	t->raw[0] = raw[0];
	t->raw[1] = raw[1];
	*out = t;
	return 0;
}

void
traces_close(struct traces *t)
{
	free(t);
}

static int
raw_of(const struct traces *t, const struct trace *x)
{
	return t->raw[x->request.to.family == 6];
}

/* When something is to be done for it by itself. */
static int64_t
due(const struct trace *x)
{
	return x->sent < x->n ? x->next : x->deadline;
}

void
traces_wait(const struct traces *t, struct pollfd on[TRACES_FDS], int64_t *us)
{
	int64_t now = clock_mono_us();

	on[0] = (struct pollfd){ .fd = t->fd, .events = POLLIN };
	on[1] = on[2] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (size_t i = 0; i < TRACES_MAX; i++) {
		const struct trace *x = &t->list[i];
		int64_t left = due(x) > now ? due(x) - now : 0;

		if (x->token == 0)
			continue;
		on[x->request.to.family == 6 ? 2 : 1].fd = raw_of(t, x);
		if (*us < 0 || left < *us)
			*us = left;
	}
}

static void
send_end(const struct traces *t, uint32_t token, unsigned sent, int error)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u8(&body, (uint8_t)sent);
	pack_u32(&body, (uint32_t)error);
	packet_send(t->fd, TRACE_END, &body, -1);
	pack_free(&body);
}

static void
finish(const struct traces *t, struct trace *x, int error)
{
	send_end(t, x->token, x->sent, error);
	x->token = 0;
}

static void
send_got(const struct traces *t, const struct trace *x,
    const struct hop_answer *a, const struct icmp_packet *p)
{
	int64_t us = p->at - x->list[a->nth].at;
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, x->token);
	pack_u8(&body, (uint8_t)a->nth);
	pack_u8(&body, (uint8_t)a->kind);
	pack_u8(&body, a->code);
	pack_u8(&body, a->hops);
	pack_ip(&body, &p->from);
	pack_u32(&body, us > 0 ? (uint32_t)us : 0);
	packet_send(t->fd, TRACE_GOT, &body, -1);
	pack_free(&body);
}

/* 0 or the errno with which it ended at once. */
static int
send_requests(const struct traces *t, struct trace *x)
{
	/* What is left, the second time. */
	const unsigned burst = x->is_ping ? 1 : x->sent == 0 ? BURST : x->n;
	int64_t now = clock_mono_us();

	for (unsigned i = 0; i < burst && x->sent < x->n; i++) {
		unsigned nth = x->sent;
		int rc;

		x->list[nth].at = clock_mono_us();
		rc = hop_send(
		    raw_of(t, x), &x->request, nth, x->is_ping ? 0 : nth + 1);
		if (rc != 0 && rc != -ENOBUFS) /* that one is just lost */
			return -rc;
		x->sent++;
	}
	x->next = now + (x->is_ping ? PING_US : BURST_US);
	x->deadline = now + TRACE_WAIT_US;
	return 0;
}

/* With token 0: a free place. */
static struct trace *
find(struct traces *t, uint32_t token)
{
	for (size_t i = 0; i < TRACES_MAX; i++)
		if (t->list[i].token == token)
			return &t->list[i];
	return NULL;
}

static int
take_ask(struct traces *t, struct unpack *u)
{
	uint32_t token = unpack_u32(u), index = unpack_u32(u);
	struct trace *x = find(t, 0);
	unsigned hops, count, n;
	struct ip to;
	int error;

	unpack_ip(u, &to);
	hops = unpack_u8(u);
	count = unpack_u8(u);
	n = hops > 0 ? hops : count;
	if (unpack_end(u) != 0 || token == 0 || to.family == 0 || n == 0 ||
	    n > TRACE_PROBES_MAX)
		return FAULT_INVALID;
	if (x == NULL) {
		send_end(t, token, 0, EBUSY);
		return 0;
	}
	*x = (struct trace){
		.token = token, .is_ping = hops == 0, .end = n, .n = n
	};
	error = -hop_request_make(&x->request, &to, index);
	if (error == 0)
		error = send_requests(t, x);
	if (error != 0)
		finish(t, x, error);
	return 0;
}

static int
take_stop(struct traces *t, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	struct trace *x = find(t, token);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	if (x != NULL && token != 0)
		finish(t, x, 0);
	return 0;
}

/* The path ends there: what was sent further tells nothing. */
static void
take_end(
    struct trace *x, const struct hop_answer *a, const struct icmp_packet *p)
{
	int64_t us = p->at - x->list[a->nth].at, wait;

	if (x->is_ping || a->kind == HOP_EXPIRED || a->nth + 1 > x->end)
		return;
	x->end = a->nth + 1;
	x->n = x->sent;
	wait = SLOW_FACTOR * us > SLOW_US_MIN ? SLOW_FACTOR * us : SLOW_US_MIN;
	if (x->list[0].at + wait < x->deadline)
		x->deadline = x->list[0].at + wait;
}

static void
take_packet(struct traces *t, const struct icmp_packet *p)
{
	struct hop_answer a;

	for (size_t i = 0; i < TRACES_MAX; i++) {
		struct trace *x = &t->list[i];

		if (x->token == 0 || !hop_answers(&a, &x->request, x->sent, p))
			continue;
		if (x->list[a.nth].answered || a.nth >= x->end)
			return;
		x->list[a.nth].answered = true;
		take_end(x, &a, p);
		send_got(t, x, &a, p);
		return;
	}
}

static void
read_packets(struct traces *t, unsigned family)
{
	int raw = t->raw[family == 6];
	struct icmp_packet p;

	for (size_t n = 0; n < ANSWERS_MAX && icmp_read(raw, family, &p); n++)
		take_packet(t, &p);
}

static bool
is_done(const struct trace *x, int64_t now)
{
	if (x->sent < x->n)
		return false;
	if (now >= x->deadline)
		return true;
	for (unsigned i = 0; i < x->end; i++)
		if (!x->list[i].answered)
			return false;
	return true;
}

/* Sends what is due, and ends what is over. */
static void
go_on(struct traces *t)
{
	int64_t now = clock_mono_us();

	for (size_t i = 0; i < TRACES_MAX; i++) {
		struct trace *x = &t->list[i];
		int error = 0;

		if (x->token == 0)
			continue;
		if (x->sent < x->n && now >= x->next)
			error = send_requests(t, x);
		if (error != 0 || is_done(x, now))
			finish(t, x, error);
	}
}

static int
read_questions(struct traces *t)
{
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int passed, rc;

	while ((rc = packet_recv(t->fd, buf, &type, &body, &passed)) == 1) {
		if (passed >= 0)
			return FAULT_AWAY;
		if (type == TRACE_ASK)
			rc = take_ask(t, &body);
		else if (type == TRACE_STOP)
			rc = take_stop(t, &body);
		else
			rc = FAULT_INVALID;
		if (rc != 0)
			return FAULT_AWAY;
	}
	return rc == 0 ? 0 : FAULT_AWAY;
}

int
traces_run(struct traces *t)
{
	read_packets(t, 4);
	read_packets(t, 6);
	go_on(t);
	return read_questions(t);
}
