#include "agent/prober.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/frame.h"

struct prober {
	struct prober_args args;
	struct event *readable;
	/* What is asked, in packets with tokens from `first` to `next` - 1. */
	struct probe *list;
	size_t n;
	uint32_t first, next;
	size_t left; /* packets without an answer */
	void (*done)(void *arg);
	void *arg;
};

/* What the packet of that token asks for, in list[*from..*to). */
static bool
part_of(const struct prober *p, uint32_t token, size_t *from, size_t *to)
{
	uint32_t part = token - p->first;

	if (p->left == 0 || part >= p->next - p->first)
		return false;
	*from = (size_t)part * PINGS_EACH_MAX;
	*to = p->n - *from > PINGS_EACH_MAX ? *from + PINGS_EACH_MAX : p->n;
	return true;
}

static int
take_answer(struct prober *p, struct unpack *u)
{
	uint32_t token = unpack_u32(u), rtt[PINGS_EACH_MAX];
	size_t n = unpack_count(u, 4, PINGS_EACH_MAX), from, to;

	for (size_t i = 0; i < n; i++)
		rtt[i] = unpack_u32(u);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	if (!part_of(p, token, &from, &to))
		return 0; /* of what nobody waits for any more */
	if (n != to - from)
		return FAULT_INVALID;
	for (size_t i = 0; i < n; i++)
		p->list[from + i].rtt = rtt[i];
	if (--p->left == 0)
		p->done(p->arg);
	return 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	uint8_t buf[PACKET_MAX];
	struct prober *p = arg;
	struct unpack body;
	uint32_t type;
	int passed, rc;

	(void)what;
	while ((rc = packet_recv(fd, buf, &type, &body, &passed)) == 1)
		if (type != PINGS_ANSWER || passed >= 0 ||
		    take_answer(p, &body) != 0)
			break;
	if (rc != 0) {
		event_del(p->readable);
		p->args.gone(p->args.arg);
	}
}

int
prober_open(struct prober **out, const struct prober_args *args)
{
	struct prober *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return FAULT_SYSTEM;
	p->args = *args;
	evutil_make_socket_nonblocking(args->fd);
	p->readable = event_new(
	    args->base, args->fd, EV_READ | EV_PERSIST, on_readable, p);
	if (p->readable == NULL || event_add(p->readable, NULL) != 0) {
		prober_close(p);
		return FAULT_SYSTEM;
	}
	*out = p;
	return 0;
}

void
prober_close(struct prober *p)
{
	if (p == NULL)
		return;
	if (p->readable != NULL)
		event_free(p->readable);
	close(p->args.fd);
	free(p);
}

static int
send_part(
    const struct prober *p, uint32_t token, const struct probe *list, size_t n)
{
	struct pack body;
	int rc;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		pack_u32(&body, list[i].index);
		pack_ip(&body, &list[i].ip);
	}
	rc = packet_send(p->args.fd, PINGS_ASK, &body, -1);
	pack_free(&body);
	return rc;
}

int
prober_ask(struct prober *p, struct probe *list, size_t n,
    void (*done)(void *arg), void *arg)
{
	int rc;

	if (n == 0 || n > PROBES_MAX)
		return FAULT_LIMIT;
	prober_forget(p);
	p->list = list;
	p->n = n;
	p->first = p->next;
	p->done = done;
	p->arg = arg;
	for (size_t i = 0; i < n; i++)
		list[i].rtt = PINGS_NONE;
	for (size_t at = 0; at < n; at += PINGS_EACH_MAX) {
		size_t most = n - at;

		if (most > PINGS_EACH_MAX)
			most = PINGS_EACH_MAX;
		rc = send_part(p, p->next++, list + at, most);
		if (rc != 0) {
			prober_forget(p);
			return rc;
		}
		p->left++;
	}
	return 0;
}

void
prober_forget(struct prober *p)
{
	p->left = 0;
}
