#include "agent/names.h"

#include <bsd/string.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"

#define NAMES_MAX 8192
#define UNUSED_US (600LL * 1000000) /* then a name is forgotten */

struct names {
	struct names_args args;
	struct event *readable;
	struct name **list;
	size_t n;
	uint32_t token; /* of the last question */
	unsigned asked; /* questions that the resolver has */
};

static struct name *
find(const struct names *n, const char *host)
{
	for (size_t i = 0; i < n->n; i++)
		if (strcmp(n->list[i]->host, host) == 0)
			return n->list[i];
	return NULL;
}

static void
forget_unused(struct names *n)
{
	int64_t now = clock_mono_us();

	for (size_t i = n->n; i-- > 0;) {
		struct name *x = n->list[i];

		if (x->state != NAME_IDLE || now - x->used < UNUSED_US)
			continue;
		free(x);
		n->list[i] = n->list[--n->n];
	}
}

static struct name *
add(struct names *n, const char *host)
{
	struct name **more, *x;

	forget_unused(n);
	if (n->n >= NAMES_MAX)
		return NULL;
	more = reallocarray(n->list, n->n + 1, sizeof(*more));
	if (more == NULL)
		return NULL;
	n->list = more;
	x = calloc(1, sizeof(*x));
	if (x == NULL)
		return NULL;
	strlcpy(x->host, host, sizeof(x->host));
	n->list[n->n++] = x;
	return x;
}

/* Hands on as many questions as the resolver works on at a time. */
static void
send_queued(struct names *n)
{
	for (size_t i = 0; i < n->n; i++) {
		struct name *x = n->list[i];
		struct pack body;

		if (n->asked >= RESOLVER_CHILDREN_MAX)
			return;
		if (x->state != NAME_QUEUED)
			continue;
		x->token = ++n->token;
		pack_init(&body, PACKET_MAX);
		pack_u32(&body, x->token);
		pack_text(&body, x->host);
		if (packet_send(n->args.fd, RESOLVER_ASK, &body, -1) == 0) {
			x->state = NAME_ASKED;
			n->asked++;
		}
		pack_free(&body);
	}
}

int
names_ask(struct names *n, const char *host)
{
	struct name *x = find(n, host);

	if (x == NULL)
		x = add(n, host);
	if (x == NULL)
		return FAULT_LIMIT;
	x->used = clock_mono_us();
	if (x->state == NAME_IDLE)
		x->state = NAME_QUEUED;
	send_queued(n);
	return 0;
}

const struct name *
names_get(struct names *n, const char *host)
{
	struct name *x = find(n, host);

	if (x != NULL)
		x->used = clock_mono_us();
	return x != NULL && x->known ? x : NULL;
}

static struct name *
find_asked(const struct names *n, uint32_t token)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->list[i]->state == NAME_ASKED &&
		    n->list[i]->token == token)
			return n->list[i];
	return NULL;
}

/* IPv6 before IPv4, else in the order of the answer. */
static void
take_addresses(struct name *x, const struct ip *ips, size_t n)
{
	x->n = 0;
	for (int family = 6; family >= 4; family -= 2)
		for (size_t i = 0; i < n; i++)
			if (ips[i].family == family)
				x->ips[x->n++] = ips[i];
}

static int
take_answer(struct names *n, struct unpack *u)
{
	struct ip ips[RESOLVER_ADDRESSES_MAX] = { 0 };
	char error[sizeof(((struct name *)0)->error)];
	uint32_t token = unpack_u32(u);
	size_t count = unpack_count(u, PACK_IP_LEN, RESOLVER_ADDRESSES_MAX);
	struct name *x;

	for (size_t i = 0; i < count; i++)
		unpack_ip(u, &ips[i]);
	unpack_text(u, error, sizeof(error));
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	x = find_asked(n, token);
	if (x == NULL)
		return 0; /* a second one: the child was ended after its own */
	take_addresses(x, ips, count);
	memcpy(x->error, error, sizeof(x->error));
	x->known = true;
	x->state = NAME_IDLE;
	n->asked--;
	n->args.answered(n->args.arg, x);
	return 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	uint8_t buf[PACKET_MAX];
	struct names *n = arg;
	struct unpack body;
	uint32_t type;
	int passed, rc;

	(void)what;
	while ((rc = packet_recv(fd, buf, &type, &body, &passed)) == 1) {
		if (type != RESOLVER_ANSWER || passed >= 0)
			rc = FAULT_INVALID;
		else
			rc = take_answer(n, &body);
		if (rc != 0)
			break;
	}
	if (rc != 0) {
		event_del(n->readable);
		n->args.gone(n->args.arg);
		return;
	}
	send_queued(n);
}

int
names_open(struct names **out, const struct names_args *args)
{
	struct names *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return FAULT_SYSTEM;
	n->args = *args;
	evutil_make_socket_nonblocking(args->fd);
	n->readable = event_new(
	    args->base, args->fd, EV_READ | EV_PERSIST, on_readable, n);
	if (n->readable == NULL || event_add(n->readable, NULL) != 0) {
		names_close(n);
		return FAULT_SYSTEM;
	}
	*out = n;
	return 0;
}

void
names_close(struct names *n)
{
	if (n == NULL)
		return;
	if (n->readable != NULL)
		event_free(n->readable);
	for (size_t i = 0; i < n->n; i++)
		free(n->list[i]);
	free(n->list);
	free(n);
}
