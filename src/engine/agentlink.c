#include "engine/agentlink.h"

#include <bsd/string.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "base/log.h"
#include "engine/conn.h"
#include "engine/latencies.h"

#define GREETING_SECONDS 5

struct agentlink {
	struct engine *engine;
	struct bufferevent *bev;
	uint32_t serial;
	struct wire_state *states; /* by part */
	size_t n_states;
	struct pack policy; /* the one that was sent last */
};

static int
state_cmp(const void *a, const void *b)
{
	const struct wire_state *x = a, *y = b;

	return strcmp(x->part, y->part);
}

static int
take_states(struct agentlink *l, struct unpack *u)
{
	uint32_t serial = unpack_u32(u);
	size_t n = unpack_count(u, 17, PLAN_PARTS_MAX);
	struct wire_state *states = calloc(n + 1, sizeof(*states));

	if (states == NULL)
		return FAULT_SYSTEM;
	for (size_t i = 0; i < n; i++)
		wire_state_unpack(u, &states[i]);
	if (unpack_end(u) != 0) {
		free(states);
		return FAULT_INVALID;
	}
	qsort(states, n, sizeof(*states), state_cmp);
	free(l->states);
	l->states = states;
	l->n_states = n;
	conn_converged(l->engine, serial);
	return 0;
}

static int
take_observed(struct agentlink *l, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	struct wire_observation o;

	wire_observation_unpack(u, &o);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	conn_answered(l->engine, token, &o);
	return 0;
}

static int
take_resolved(struct agentlink *l, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	struct wire_resolution r;

	wire_resolution_unpack(u, &r);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	conn_answered(l->engine, token, &r);
	return 0;
}

static int
take_surveyed(struct agentlink *l, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	struct wire_survey s;
	int rc;

	wire_survey_unpack(u, &s);
	rc = unpack_end(u);
	if (rc == 0)
		conn_answered(l->engine, token, &s);
	free(s.links);
	return rc;
}

static int
take_probed(struct agentlink *l, struct unpack *u)
{
	struct wire_probed w;

	wire_probed_unpack(u, &w);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	conn_answered(l->engine, w.token, &w);
	return 0;
}

static int
take_measured(struct agentlink *l, struct unpack *u)
{
	struct wire_distances d;
	int rc;

	wire_distances_unpack(u, &d);
	rc = unpack_end(u);
	if (rc == 0)
		latencies_measured(l->engine->latencies, &d);
	free(d.list);
	return rc;
}

static int
take_piece(struct agentlink *l, struct unpack *u)
{
	struct agentlink_piece piece = { 0 };
	uint32_t token = unpack_u32(u);

	piece.data = unpack_blob(u, &piece.len);
	if (unpack_end(u) != 0 || piece.data == NULL)
		return FAULT_INVALID;
	conn_answered(l->engine, token, &piece);
	return 0;
}

static int
take_stream_end(struct agentlink *l, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	const struct agentlink_piece piece = { .error = unpack_u32(u) };

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	conn_answered(l->engine, token, &piece);
	return 0;
}

static int
take_frame(struct agentlink *l, uint32_t type, struct unpack *body)
{
	switch (type) {
	case WIRE_STATES:
		return take_states(l, body);
	case WIRE_OBSERVED:
		return take_observed(l, body);
	case WIRE_RESOLVED:
		return take_resolved(l, body);
	case WIRE_SURVEYED:
		return take_surveyed(l, body);
	case WIRE_STREAMED:
		return take_piece(l, body);
	case WIRE_STREAM_END:
		return take_stream_end(l, body);
	case WIRE_PROBED:
		return take_probed(l, body);
	case WIRE_MEASURED:
		return take_measured(l, body);
	default:
		return FAULT_INVALID;
	}
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct agentlink *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	struct unpack body;
	uint32_t type;
	int rc;

	while ((rc = frame_peek(in, &type, &body)) == 1) {
		if (take_frame(l, type, &body) != 0)
			log_fatal("the agent sent a bad frame (%u)", type);
		frame_drop(in);
	}
	if (rc != 0)
		log_fatal("the agent broke the protocol");
}

static void
on_end(struct bufferevent *bev, short what, void *arg)
{
	struct agentlink *l = arg;

	(void)bev;
	(void)what;
	event_base_loopbreak(l->engine->base);
}

/* The first frame: nothing else can be done before it. */
static int
read_greeting(int fd, struct wgkey *public_key)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct evbuffer *in = evbuffer_new();
	int rc = FAULT_AWAY;
	struct unpack body;
	uint32_t type;

	if (in == NULL)
		return FAULT_SYSTEM;
	while (frame_peek(in, &type, &body) == 0) {
		/* Byte by byte at most the greeting: the rest is the loop's. */
		if (poll(&p, 1, GREETING_SECONDS * 1000) != 1 ||
		    evbuffer_read(in, fd, 1) != 1)
			goto out;
	}
	if (type != WIRE_HELLO)
		goto out;
	unpack_bytes(&body, public_key->byte, WGKEY_LEN);
	rc = unpack_end(&body) == 0 ? 0 : FAULT_AWAY;
out:
	evbuffer_free(in);
	return rc;
}

int
agentlink_open(struct agentlink **out, struct engine *e, int fd)
{
	struct agentlink *l = NULL;
	int rc;

	rc = read_greeting(fd, &e->public_key);
	if (rc != 0)
		return rc;
	l = calloc(1, sizeof(*l));
	if (l == NULL || evutil_make_socket_nonblocking(fd) != 0)
		goto fail;
	l->engine = e;
	l->bev = bufferevent_socket_new(e->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (l->bev == NULL)
		goto fail;
	bufferevent_setcb(l->bev, on_readable, NULL, on_end, l);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	*out = l;
	return 0;
fail:
	free(l);
	return FAULT_SYSTEM;
}

void
agentlink_free(struct agentlink *l)
{
	if (l == NULL)
		return;
	bufferevent_free(l->bev);
	free(l->states);
	pack_free(&l->policy);
	free(l);
}

uint32_t
agentlink_plan(struct agentlink *l, const struct plan *plan, bool forced)
{
	struct pack body;
	uint32_t serial = l->serial + 1 != 0 ? l->serial + 1 : 1;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, serial);
	pack_u8(&body, forced);
	plan_encode(&body, plan);
	if (frame_send(l->bev, WIRE_PLAN, &body) != 0)
		serial = 0;
	else
		l->serial = serial;
	pack_free(&body);
	return serial;
}

void
agentlink_policy(struct agentlink *l, const struct policy *policy)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	policy_encode(&body, policy);
	if (!body.failed && body.len == l->policy.len &&
	    memcmp(body.data, l->policy.data, body.len) == 0) {
		pack_free(&body);
	} else if (frame_send(l->bev, WIRE_POLICY, &body) != 0) {
		log_error("what the registry says of routes is too much");
		pack_free(&body);
	} else {
		pack_free(&l->policy);
		l->policy = body;
	}
}

uint32_t
agentlink_serial(const struct agentlink *l)
{
	return l->serial;
}

const struct wire_state *
agentlink_state(const struct agentlink *l, const char *part)
{
	struct wire_state key;

	if (l->n_states == 0)
		return NULL;
	strlcpy(key.part, part, sizeof(key.part));
	return bsearch(&key, l->states, l->n_states, sizeof(key), state_cmp);
}

void
agentlink_observe(
    struct agentlink *l, uint32_t token, uint32_t asn, uint32_t refused)
{
	struct pack body;

	pack_init(&body, 64);
	pack_u32(&body, token);
	pack_u32(&body, asn);
	pack_u32(&body, refused);
	frame_send(l->bev, WIRE_OBSERVE, &body);
	pack_free(&body);
}

void
agentlink_resolve(struct agentlink *l, uint32_t token, const char *host)
{
	struct pack body;

	pack_init(&body, 64 + HOST_TEXT_MAX);
	pack_u32(&body, token);
	pack_text(&body, host);
	frame_send(l->bev, WIRE_RESOLVE, &body);
	pack_free(&body);
}

void
agentlink_survey(struct agentlink *l, uint32_t token, bool all)
{
	struct pack body;

	pack_init(&body, 64);
	pack_u32(&body, token);
	pack_u8(&body, all);
	frame_send(l->bev, WIRE_SURVEY, &body);
	pack_free(&body);
}

void
agentlink_probe(struct agentlink *l, const struct wire_probe *w)
{
	struct pack body;

	pack_init(&body, 128);
	wire_probe_pack(&body, w);
	frame_send(l->bev, WIRE_PROBE, &body);
	pack_free(&body);
}

static void
send_token(struct agentlink *l, uint32_t type, uint32_t token)
{
	struct pack body;

	pack_init(&body, 64);
	pack_u32(&body, token);
	frame_send(l->bev, type, &body);
	pack_free(&body);
}

void
agentlink_probe_stop(struct agentlink *l, uint32_t token)
{
	send_token(l, WIRE_PROBE_STOP, token);
}

void
agentlink_stream(struct agentlink *l, const struct wire_stream *w)
{
	struct pack body;

	pack_init(&body, 256);
	wire_stream_pack(&body, w);
	frame_send(l->bev, WIRE_STREAM, &body);
	pack_free(&body);
}

void
agentlink_stream_more(struct agentlink *l, uint32_t token)
{
	send_token(l, WIRE_STREAM_MORE, token);
}

void
agentlink_stream_stop(struct agentlink *l, uint32_t token)
{
	send_token(l, WIRE_STREAM_STOP, token);
}

void
agentlink_measure(struct agentlink *l, bool all)
{
	struct pack body;

	pack_init(&body, 64);
	pack_u8(&body, all);
	frame_send(l->bev, WIRE_MEASURE, &body);
	pack_free(&body);
}
