#include "agent/tracer.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/hop.h"
#include "agent/trace.h"
#include "agent/way.h"
#include "base/fault.h"
#include "base/frame.h"

struct tracer {
	struct tracer_args args;
	struct event *readable;
};

/* The resolver reads what strangers send: its words are checked as theirs. */
static int
take_got(struct tracer *t, struct unpack *u)
{
	struct wire_probed w = { .token = unpack_u32(u) };
	uint8_t kind;

	w.nth = unpack_u8(u);
	kind = unpack_u8(u);
	w.code = unpack_u8(u);
	w.hops = unpack_u8(u);
	unpack_ip(u, &w.from);
	w.us = unpack_u32(u);
	if (unpack_end(u) != 0 || w.nth >= WIRE_PROBES_MAX ||
	    w.from.family == 0)
		return FAULT_INVALID;
	if (kind == HOP_REPLY)
		w.kind = WIRE_PROBED_REPLY;
	else if (kind == HOP_EXPIRED)
		w.kind = WIRE_PROBED_EXPIRED;
	else if (kind == HOP_UNREACHABLE)
		w.kind = WIRE_PROBED_UNREACHABLE;
	else
		return FAULT_INVALID;
	t->args.probed(t->args.arg, &w);
	return 0;
}

static int
take_end(struct tracer *t, struct unpack *u)
{
	struct wire_probed w = { .kind = WIRE_PROBED_END };

	w.token = unpack_u32(u);
	w.nth = unpack_u8(u);
	w.error = unpack_u32(u);
	if (unpack_end(u) != 0 || w.nth > WIRE_PROBES_MAX)
		return FAULT_INVALID;
	t->args.probed(t->args.arg, &w);
	return 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	uint8_t buf[PACKET_MAX];
	struct tracer *t = arg;
	struct unpack body;
	uint32_t type;
	int passed, rc;

	(void)what;
	while ((rc = packet_recv(fd, buf, &type, &body, &passed)) == 1) {
		if (passed >= 0)
			break;
		if (type == TRACE_GOT)
			rc = take_got(t, &body);
		else if (type == TRACE_END)
			rc = take_end(t, &body);
		else
			rc = FAULT_INVALID;
		if (rc != 0)
			break;
	}
	if (rc != 0) {
		event_del(t->readable);
		t->args.gone(t->args.arg);
	}
}

int
tracer_open(struct tracer **out, const struct tracer_args *args)
{
	struct tracer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -ENOMEM;
	t->args = *args;
	evutil_make_socket_nonblocking(args->fd);
	t->readable = event_new(
	    args->base, args->fd, EV_READ | EV_PERSIST, on_readable, t);
	if (t->readable == NULL || event_add(t->readable, NULL) != 0) {
		tracer_close(t);
		return -ENOMEM;
	}
	*out = t;
	return 0;
}

void
tracer_close(struct tracer *t)
{
	if (t == NULL)
		return;
	if (t->readable != NULL)
		event_free(t->readable);
	close(t->args.fd);
	free(t);
}

static void
end(struct tracer *t, uint32_t token, int error)
{
	const struct wire_probed w = { .token = token,
		.kind = WIRE_PROBED_END,
		.error = (uint32_t)error };

	t->args.probed(t->args.arg, &w);
}

/* The index of a tunnel of the plan that we have made. 0: there is none. */
static uint32_t
find_index(const struct tracer *t, const char *ifname)
{
	const struct plan *plan = converge_has(t->args.converge);
	struct link_table links = { 0 };
	const struct link *l;
	uint32_t index = 0;

	if (plan == NULL || plan_tunnel_find(plan, ifname) == NULL ||
	    tunnels_links(converge_tunnels(t->args.converge), &links) != 0)
		return 0;
	l = link_by_name(&links, ifname);
	if (l != NULL && link_is_marked(l))
		index = l->index;
	link_table_release(&links);
	return index;
}

/*
 * Private addresses of dn42 are also those of the network that the machine is
 * in, and without a route of BIRD's the provider gets them: that is nothing
 * for a visitor to look into.
 */
static int
check_way(const struct tracer *t, const struct ip *to)
{
	struct way way;
	int rc = way_find(&way, to);

	if (rc != 0)
		return -rc;
	return way.is_local || way.is_bird ||
		       tunnels_has(
			   converge_tunnels(t->args.converge), way.index)
		   ? 0
		   : EPERM;
}

void
tracer_ask(struct tracer *t, const struct wire_probe *w)
{
	uint32_t index = 0;
	struct pack body;
	int rc;

	if (w->ifname[0] != '\0') {
		index = find_index(t, w->ifname);
		if (index == 0) {
			end(t, w->token, ENODEV);
			return;
		}
	} else if (w->inside && (rc = check_way(t, &w->to)) != 0) {
		end(t, w->token, rc);
		return;
	}
	pack_init(&body, PACKET_MAX);
	pack_u32(&body, w->token);
	pack_u32(&body, index);
	pack_ip(&body, &w->to);
	pack_u8(&body, w->hops);
	pack_u8(&body, w->count);
	rc = packet_send(t->args.fd, TRACE_ASK, &body, -1);
	pack_free(&body);
	if (rc != 0)
		end(t, w->token, EBUSY);
}

void
tracer_stop(struct tracer *t, uint32_t token)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	packet_send(t->args.fd, TRACE_STOP, &body, -1);
	pack_free(&body);
}
