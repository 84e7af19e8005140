#include "agent/agent.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "agent/converge.h"
#include "agent/look.h"
#include "agent/measure.h"
#include "agent/stream.h"
#include "agent/survey.h"
#include "agent/target.h"
#include "agent/tracer.h"
#include "base/frame.h"
#include "base/log.h"

#define QUESTIONS_MAX 256 /* of the engine, about names, at a time */

/* A WIRE_RESOLVE that waits for the resolver. */
struct question {
	uint32_t token;
	char host[HOST_TEXT_MAX];
};

struct agent {
	struct event_base *base;
	struct bufferevent *engine;
	struct converge *converge;
	struct prober *prober;
	struct survey *survey, *survey_all; /* of links, of all tunnels */
	struct tracer *tracer;
	struct streams *streams;
	struct measure *measure;
	struct question questions[QUESTIONS_MAX];
	size_t n_questions;
};

static void
send_frame(struct agent *a, uint32_t type, struct pack *body)
{
	if (frame_send(a->engine, type, body) != 0)
		log_error("a message to the engine is lost (type %u)", type);
	pack_free(body);
}

static void
send_states(
    void *arg, uint32_t serial, const struct wire_state *states, size_t n)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, serial);
	pack_u32(&body, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		wire_state_pack(&body, &states[i]);
	send_frame(arg, WIRE_STATES, &body);
}

static void
send_resolution(
    struct agent *a, uint32_t token, const struct wire_resolution *r)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, token);
	wire_resolution_pack(&body, r);
	send_frame(a, WIRE_RESOLVED, &body);
}

static void
refuse_resolution(
    struct agent *a, uint32_t token, enum fault_code code, const char *text)
{
	struct wire_resolution r = { 0 };

	fault_set(&r.fault, code, "endpoint", "%s", text);
	send_resolution(a, token, &r);
}

/* By the plan's rules, and as things are now: a name, or a bare address. */
static void
judge(struct agent *a, uint32_t token, const struct name *name,
    const struct ip *ip)
{
	const struct plan *plan = converge_has(a->converge);
	struct wire_resolution r = { 0 };
	struct link_table links;
	int rc;

	rc = tunnels_links(converge_tunnels(a->converge), &links);
	if (rc != 0) {
		refuse_resolution(a, token, FAULT_SYSTEM, strerror(-rc));
		return;
	}
	if (name != NULL)
		target_pick(&r.ip, name, &plan->endpoint, &links, &r.fault);
	else if (target_check(&plan->endpoint, &links, ip, &r.fault) == 0)
		r.ip = *ip;
	link_table_release(&links);
	send_resolution(a, token, &r);
}

static void
on_resolved(void *arg, const struct name *name)
{
	struct agent *a = arg;

	for (size_t i = 0; i < a->n_questions;) {
		struct question *q = &a->questions[i];

		if (strcmp(q->host, name->host) != 0) {
			i++;
			continue;
		}
		judge(a, q->token, name, NULL);
		*q = a->questions[--a->n_questions];
	}
}

static int
take_resolve(struct agent *a, struct unpack *u)
{
	struct question q = { .token = unpack_u32(u) };
	struct ip ip;

	unpack_text(u, q.host, sizeof(q.host));
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	if (converge_has(a->converge) == NULL)
		refuse_resolution(a, q.token, FAULT_AWAY,
		    "the router is starting: try again in a moment");
	else if (ip_parse(&ip, q.host, strlen(q.host)) == 0)
		judge(a, q.token, NULL, &ip);
	else if (!text_is_hostname(q.host, strlen(q.host)))
		refuse_resolution(
		    a, q.token, FAULT_INVALID, "this is no host name");
	else if (a->n_questions == QUESTIONS_MAX ||
		 names_ask(converge_names(a->converge), q.host) != 0)
		refuse_resolution(a, q.token, FAULT_LIMIT,
		    "too many names are being resolved: try again later");
	else
		a->questions[a->n_questions++] = q;
	return 0;
}

static int
take_plan(struct agent *a, struct unpack *u)
{
	uint32_t serial = unpack_u32(u);
	bool forced = unpack_bool(u);
	struct plan *plan;
	int rc;

	rc = plan_decode(&plan, u);
	if (rc != 0)
		return rc;
	converge_plan(a->converge, serial, plan, forced);
	return 0;
}

static int
take_policy(struct agent *a, struct unpack *u)
{
	struct policy policy;
	int rc;

	rc = policy_decode(&policy, u);
	if (rc != 0)
		return rc;
	converge_policy(a->converge, &policy);
	return 0;
}

static void
send_observation(void *arg, uint32_t token, const struct wire_observation *o)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, token);
	wire_observation_pack(&body, o);
	send_frame(arg, WIRE_OBSERVED, &body);
}

static int
take_observe(struct agent *a, struct unpack *u)
{
	const struct look_args args = {
		.converge = a->converge, .observed = send_observation, .arg = a
	};
	uint32_t token = unpack_u32(u), asn = unpack_u32(u);
	uint32_t refused = unpack_u32(u);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	return look_begin(&args, token, asn, refused);
}

static void
send_survey(void *arg, uint32_t token, const struct wire_survey *survey)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, token);
	wire_survey_pack(&body, survey);
	send_frame(arg, WIRE_SURVEYED, &body);
}

static int
take_survey(struct agent *a, struct unpack *u)
{
	uint32_t token = unpack_u32(u);
	bool all = unpack_bool(u);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	survey_ask(all ? a->survey_all : a->survey, token);
	return 0;
}

static void
send_probed(void *arg, const struct wire_probed *w)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	wire_probed_pack(&body, w);
	send_frame(arg, WIRE_PROBED, &body);
}

static int
take_probe(struct agent *a, struct unpack *u)
{
	struct wire_probe w;

	wire_probe_unpack(u, &w);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	tracer_ask(a->tracer, &w);
	return 0;
}

static int
take_probe_stop(struct agent *a, struct unpack *u)
{
	uint32_t token = unpack_u32(u);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	tracer_stop(a->tracer, token);
	return 0;
}

static void
send_distances(void *arg, const struct wire_distances *distances)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	wire_distances_pack(&body, distances);
	send_frame(arg, WIRE_MEASURED, &body);
}

static int
take_measure(struct agent *a, struct unpack *u)
{
	bool all = unpack_bool(u);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	measure_ask(a->measure, all);
	return 0;
}

static void
send_piece(void *arg, uint32_t token, const void *data, size_t len)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, token);
	pack_blob(&body, data, len);
	send_frame(arg, WIRE_STREAMED, &body);
}

static void
send_stream_end(void *arg, uint32_t token, int error)
{
	struct pack body;

	pack_init(&body, FRAME_MAX);
	pack_u32(&body, token);
	pack_u32(&body, (uint32_t)error);
	send_frame(arg, WIRE_STREAM_END, &body);
}

static int
take_stream(struct agent *a, struct unpack *u)
{
	struct wire_stream w;

	wire_stream_unpack(u, &w);
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	streams_ask(a->streams, &w);
	return 0;
}

static int
take_stream_token(
    struct agent *a, struct unpack *u, void (*what)(struct streams *, uint32_t))
{
	uint32_t token = unpack_u32(u);

	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	what(a->streams, token);
	return 0;
}

static int
take_frame(struct agent *a, uint32_t type, struct unpack *body)
{
	switch (type) {
	case WIRE_PLAN:
		return take_plan(a, body);
	case WIRE_OBSERVE:
		return take_observe(a, body);
	case WIRE_RESOLVE:
		return take_resolve(a, body);
	case WIRE_POLICY:
		return take_policy(a, body);
	case WIRE_SURVEY:
		return take_survey(a, body);
	case WIRE_PROBE:
		return take_probe(a, body);
	case WIRE_PROBE_STOP:
		return take_probe_stop(a, body);
	case WIRE_STREAM:
		return take_stream(a, body);
	case WIRE_STREAM_MORE:
		return take_stream_token(a, body, streams_more);
	case WIRE_STREAM_STOP:
		return take_stream_token(a, body, streams_stop);
	case WIRE_MEASURE:
		return take_measure(a, body);
	default:
		return FAULT_INVALID;
	}
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct agent *a = arg;
	struct unpack body;
	uint32_t type;
	int rc;

	while ((rc = frame_peek(in, &type, &body)) == 1) {
		rc = take_frame(a, type, &body);
		if (rc != 0)
			log_fatal("the engine sent a bad message (type %u): %s",
			    (unsigned)type, fault_name(rc));
		frame_drop(in);
	}
	if (rc != 0)
		log_fatal("the engine broke the protocol");
}

static void
on_engine_end(struct bufferevent *bev, short what, void *arg)
{
	struct agent *a = arg;

	(void)bev;
	(void)what;
	log_warn("the engine ended: tunnels and sessions stay as they are");
	event_base_loopbreak(a->base);
}

static void
on_resolver_end(void *arg)
{
	struct agent *a = arg;

	log_warn("the resolver ended: tunnels and sessions stay as they are");
	event_base_loopbreak(a->base);
}

static int
greet(struct agent *a, const struct wgkey *private_key)
{
	struct wgkey public_key;
	struct pack body;

	if (wgkey_public(&public_key, private_key) != 0)
		return FAULT_SYSTEM;
	pack_init(&body, FRAME_MAX);
	pack_bytes(&body, public_key.byte, WGKEY_LEN);
	send_frame(a, WIRE_HELLO, &body);
	return 0;
}

/* What asks how far others are. */
static int
open_probing(struct agent *a, const struct agent_args *args)
{
	const struct prober_args prober = { .base = a->base,
		.fd = args->prober_fd,
		.gone = on_resolver_end,
		.arg = a };
	struct survey_args survey = { .base = a->base,
		.converge = a->converge,
		.surveyed = send_survey,
		.arg = a };
	struct measure_args measure = { .base = a->base,
		.converge = a->converge,
		.measured = send_distances,
		.arg = a };
	const struct tracer_args tracer = { .base = a->base,
		.converge = a->converge,
		.fd = args->tracer_fd,
		.probed = send_probed,
		.gone = on_resolver_end,
		.arg = a };

	const struct streams_args streams = { .base = a->base,
		.bird = args->paths->bird_control,
		.piece = send_piece,
		.end = send_stream_end,
		.arg = a };

	if (prober_open(&a->prober, &prober) != 0 ||
	    streams_open(&a->streams, &streams) != 0)
		return -ENOMEM;
	survey.prober = a->prober;
	measure.prober = a->prober;
	if (survey_open(&a->survey, &survey) != 0)
		return -ENOMEM;
	survey.all = true;
	if (survey_open(&a->survey_all, &survey) != 0 ||
	    measure_open(&a->measure, &measure) != 0)
		return -ENOMEM;
	return tracer_open(&a->tracer, &tracer);
}

int
agent_main(const struct agent_args *args)
{
	struct agent *a = calloc(1, sizeof(*a));
	struct converge_args c = { .paths = args->paths,
		.private_key = &args->private_key,
		.resolver_fd = args->resolver_fd,
		.states = send_states,
		.resolved = on_resolved,
		.gone = on_resolver_end,
		.arg = a };
	int rc;

	log_init("agent");
	signal(SIGPIPE, SIG_IGN);
	if (a == NULL || (a->base = event_base_new()) == NULL)
		log_fatal("no memory");
	evutil_make_socket_nonblocking(args->engine_fd);
	a->engine = bufferevent_socket_new(
	    a->base, args->engine_fd, BEV_OPT_CLOSE_ON_FREE);
	if (a->engine == NULL)
		log_fatal("no memory");
	bufferevent_setcb(a->engine, on_readable, NULL, on_engine_end, a);
	bufferevent_enable(a->engine, EV_READ | EV_WRITE);
	c.base = a->base;
	rc = converge_open(&a->converge, &c);
	if (rc == 0)
		rc = open_probing(a, args);
	if (rc != 0)
		log_fatal("the agent cannot start: %s", strerror(-rc));
	if (greet(a, &args->private_key) != 0)
		log_fatal("the POP's key is of no use");
	event_base_dispatch(a->base);
	streams_close(a->streams);
	tracer_close(a->tracer);
	measure_close(a->measure);
	survey_close(a->survey_all);
	survey_close(a->survey);
	prober_close(a->prober);
	converge_close(a->converge);
	bufferevent_free(a->engine);
	event_base_free(a->base);
	free(a);
	return 1; /* the roles end together, and start again together */
}
