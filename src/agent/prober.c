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
	LIST_HEAD(, probing) asked;
	uint32_t next; /* token */
};

/* Who asked the packet of that token: of *n in list[*from..]. */
static struct probing *
whose(const struct prober *p, uint32_t token, size_t *from, size_t *n)
{
	struct probing *q;

	LIST_FOREACH (q, &p->asked, entry) {
		size_t at = (size_t)(token - q->first) * PINGS_EACH_MAX;

		if (at >= q->n)
			continue;
		*from = at;
		*n = q->n - at > PINGS_EACH_MAX ? PINGS_EACH_MAX : q->n - at;
		return q;
	}
	return NULL;
}

static int
take_answer(struct prober *p, struct unpack *u)
{
	uint32_t token = unpack_u32(u), rtt[PINGS_EACH_MAX];
	size_t n = unpack_count(u, 4, PINGS_EACH_MAX), from, wanted;
	struct probing *q;

	for (size_t i = 0; i < n; i++)
		rtt[i] = unpack_u32(u);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	q = whose(p, token, &from, &wanted);
	if (q == NULL)
		return 0; /* nobody waits for it any more */
	if (n != wanted)
		return FAULT_INVALID;
	for (size_t i = 0; i < n; i++)
		q->list[from + i].rtt = rtt[i];
	if (q->left > 1) {
		q->left--;
	} else {
		prober_forget(q);
		q->done(q->arg);
	}
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
send_part(const struct prober *p, uint32_t token, const struct probing *q,
    const struct probe *list, size_t n)
{
	struct pack body;
	int rc;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, q->gap);
	pack_u32(&body, q->wait);
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
prober_ask(struct prober *p, struct probing *q)
{
	int rc;

	if (q->n == 0 || q->n > PROBES_MAX)
		return FAULT_LIMIT;
	prober_forget(q);
	for (size_t i = 0; i < q->n; i++)
		q->list[i].rtt = PINGS_NONE;
	q->first = p->next;
	LIST_INSERT_HEAD(&p->asked, q, entry);
	for (size_t at = 0; at < q->n; at += PINGS_EACH_MAX) {
		size_t most = q->n - at;

		if (most > PINGS_EACH_MAX)
			most = PINGS_EACH_MAX;
		q->left++;
		rc = send_part(p, p->next++, q, q->list + at, most);
		if (rc != 0) {
			prober_forget(q);
			return rc;
		}
	}
	return 0;
}

void
prober_forget(struct probing *q)
{
	if (q->left > 0)
		LIST_REMOVE(q, entry);
	q->left = 0;
}
