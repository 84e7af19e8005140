/* ping and trace: whom, for whom, and what became of it. */
#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/wire_checks.h"
#include "api/field.h"
#include "engine/agentlink.h"
#include "engine/aim.h"
#include "engine/request.h"
#include "engine/whose.h"

#define HOPS_DEFAULT  30
#define COUNT_DEFAULT 5
#define COUNT_VISITOR 10 /* more are for operators */
#define COUNT_MAX     20
#define SLACK_SECONDS 5 /* that the resolver's own time cannot take */
#define NAMES_SECONDS 20 /* for a host name; the agent takes less */

/* One that is under way. */
struct probe {
	struct engine *engine;
	struct aim aim;
	struct whose target; /* whose that is, since the head was sent */
	bool is_trace;
	unsigned family; /* asked for; 0: any */
	unsigned n; /* requests */
	unsigned sent; /* of those, in the end */
	uint32_t token; /* 0: not sent yet */
	bool ended; /* the agent said so */
	bool has_head; /* the first part was sent */
	struct wire_probed list[WIRE_PROBES_MAX];
	bool known[WIRE_PROBES_MAX];
	unsigned told; /* of a trace: hops, in their order */
	unsigned end; /* hops up to the one that ended the path; 0: none */
};

static void
probe_end(struct engine *e, struct conn *c)
{
	struct probe *p = conn_pending(c)->state;

	if (p->token != 0 && !p->ended)
		agentlink_probe_stop(e->agent, p->token);
	free(p);
}

static const char *
kind_name(enum wire_probed_kind kind)
{
	static const char *const names[] = { [WIRE_PROBED_REPLY] = "reply",
		[WIRE_PROBED_EXPIRED] = "expired",
		[WIRE_PROBED_UNREACHABLE] = "unreachable" };

	return names[kind];
}

/* One that was answered; with whose the answer is where that is told. */
static json_t *
answer_json(const struct probe *p, unsigned nth)
{
	const struct wire_probed *w = &p->list[nth];
	char address[IP_TEXT_MAX];
	struct whose whose;
	json_t *o;

	if (!p->known[nth])
		return json_pack("{s:i,s:n}", "nth", (int)nth + 1, "kind");
	o = json_pack("{s:i,s:s,s:s,s:I,s:o,s:o}", "nth", (int)nth + 1, "kind",
	    kind_name(w->kind), "address", ip_text(&w->from, address), "rtt",
	    (json_int_t)w->us, "hops_left",
	    w->hops > 0 ? json_integer(w->hops) : json_null(), "code",
	    w->kind == WIRE_PROBED_UNREACHABLE ? json_integer(w->code)
					       : json_null());
	if (!p->is_trace)
		return o;
	if (p->has_head && ip_cmp(&w->from, &p->aim.ip) == 0)
		whose = p->target;
	else
		whose_find(&whose, p->engine, &w->from);
	whose_json(o, &whose);
	return o;
}

/* A trace tells its hops in their order, a ping what comes. */
static void
tell(struct conn *c, struct probe *p, unsigned nth)
{
	if (!p->is_trace) {
		conn_part(c, answer_json(p, nth));
		return;
	}
	for (; p->told < p->n && p->known[p->told] &&
	       (p->end == 0 || p->told < p->end);
	     p->told++)
		conn_part(c, answer_json(p, p->told));
}

static void
take_answer(struct conn *c, struct probe *p, const struct wire_probed *w)
{
	if (w->nth >= p->n || p->known[w->nth])
		return;
	p->list[w->nth] = *w;
	p->known[w->nth] = true;
	if (p->is_trace && w->kind != WIRE_PROBED_EXPIRED &&
	    (p->end == 0 || w->nth + 1U < p->end))
		p->end = w->nth + 1U;
	tell(c, p, w->nth);
}

static json_t *
ping_summary(const struct probe *p)
{
	uint64_t sum = 0, least = UINT32_MAX, most = 0;
	json_int_t received = 0;

	for (unsigned i = 0; i < p->n; i++) {
		uint32_t us = p->list[i].us;

		if (!p->known[i] || p->list[i].kind != WIRE_PROBED_REPLY)
			continue;
		received++;
		sum += us;
		least = us < least ? us : least;
		most = us > most ? us : most;
	}
	if (received == 0)
		return json_pack("{s:i,s:i,s:n,s:n,s:n}", "sent", (int)p->sent,
		    "received", 0, "min", "avg", "max");
	return json_pack("{s:i,s:I,s:I,s:I,s:I}", "sent", (int)p->sent,
	    "received", received, "min", (json_int_t)least, "avg",
	    (json_int_t)sum / received, "max", (json_int_t)most);
}

/* What is not known by now is not answered: up to the last hop that is. */
static json_t *
trace_summary(struct conn *c, struct probe *p)
{
	unsigned last = p->end;
	bool reached =
	    p->end > 0 && p->list[p->end - 1].kind == WIRE_PROBED_REPLY;

	for (unsigned i = 0; p->end == 0 && i < p->n; i++)
		if (p->known[i])
			last = i + 1;
	for (; p->told < last; p->told++)
		conn_part(c, answer_json(p, p->told));
	return json_pack("{s:b,s:i,s:i}", "reached", reached, "hops", (int)last,
	    "asked", (int)p->n);
}

static void
refuse(struct conn *c, const struct probe *p, uint32_t error)
{
	char address[IP_TEXT_MAX];
	struct fault f;

	ip_text(&p->aim.ip, address);
	if (error == ENETUNREACH || error == EHOSTUNREACH || error == EINVAL ||
	    error == EACCES)
		fault_set(&f, FAULT_NOT_FOUND, "target",
		    "this POP has no route to %s", address);
	else if (error == EPERM)
		fault_set(&f, FAULT_DENIED, "target",
		    "the way to %s leads out of %.40s", address,
		    p->engine->net->name);
	else if (error == ENODEV)
		fault_set(&f, FAULT_NOT_FOUND, "target",
		    "the tunnel %s is not there (yet)", p->aim.ifname);
	else if (error == EBUSY)
		fault_set(&f, FAULT_LIMIT, NULL,
		    "too many are under way: try again in a moment");
	else
		fault_set(&f, FAULT_SYSTEM, "target", "%s: %s", address,
		    strerror((int)error));
	conn_fault(c, &f);
}

/* Only when answers are on their way: to name the target takes a moment. */
static void
send_head(struct conn *c, struct probe *p)
{
	char address[IP_TEXT_MAX];
	json_t *o;

	if (p->has_head)
		return;
	p->has_head = true;
	o = json_pack("{s:s,s:i}", "target", ip_text(&p->aim.ip, address),
	    "asked", (int)p->n);
	whose_find(&p->target, p->engine, &p->aim.ip);
	whose_json(o, &p->target);
	conn_part(c, o);
}

static void
finish(struct conn *c, struct probe *p)
{
	if (p->token != 0)
		send_head(c, p);
	conn_reply(c, p->is_trace ? trace_summary(c, p) : ping_summary(p));
}

static void
on_probed(struct engine *e, struct conn *c, const void *answer)
{
	struct probe *p = conn_pending(c)->state;
	const struct wire_probed *w = answer;
	struct fault f;

	(void)e;
	if (w == NULL) {
		fault_set(&f, FAULT_AWAY, NULL, "the agent does not answer");
		conn_fault(c, &f);
	} else if (w->kind != WIRE_PROBED_END) {
		conn_go_on(c, SLACK_SECONDS);
		send_head(c, p);
		take_answer(c, p, w);
	} else {
		p->ended = true;
		p->sent = w->nth;
		if (w->error != 0)
			refuse(c, p, w->error);
		else
			finish(c, p);
	}
}

/* While a name is looked up, nothing has been sent. */
static void
probe_stop(struct engine *e, struct conn *c)
{
	struct probe *p = conn_pending(c)->state;

	if (p->token == 0)
		finish(c, p);
	else
		agentlink_probe_stop(e->agent, p->token);
}

static void
begin(struct engine *e, struct conn *c, struct probe *p)
{
	struct wire_probe w = { .token = conn_token(e),
		.to = p->aim.ip,
		.inside = conn_identity(c)->kind != CONN_OPERATOR,
		.hops = p->is_trace ? (uint8_t)p->n : 0,
		.count = p->is_trace ? 0 : (uint8_t)p->n };
	struct pending *wait = conn_pending(c);

	memcpy(w.ifname, p->aim.ifname, sizeof(w.ifname));
	p->token = wait->token = w.token;
	wait->done = on_probed;
	conn_go_on(c, SLACK_SECONDS);
	agentlink_probe(e->agent, &w);
	if (!p->is_trace)
		send_head(c, p); /* it may be long until something comes */
}

static void
on_resolved(struct engine *e, struct conn *c, const void *answer)
{
	struct probe *p = conn_pending(c)->state;
	const struct wire_resolution *r = answer;
	struct fault f;

	if (r == NULL) {
		fault_set(&f, FAULT_AWAY, "target",
		    "the name could not be looked up in time");
		conn_fault(c, &f);
	} else if (r->fault.code != 0) {
		f = r->fault;
		strlcpy(f.field, "target", sizeof(f.field));
		conn_fault(c, &f);
	} else if (p->family != 0 && r->ip.family != p->family) {
		fault_set(&f, FAULT_NOT_FOUND, "target",
		    "the name leads to an IPv%u address",
		    (unsigned)r->ip.family);
		conn_fault(c, &f);
	} else {
		p->aim.ip = r->ip;
		begin(e, c, p);
	}
}

/* A number of the arguments, in its range; `otherwise` if there is none. */
static int
take_number(unsigned *out, json_t *args, const char *name, unsigned max,
    unsigned otherwise, struct fault *f)
{
	json_t *v = json_object_get(args, name);

	*out = otherwise;
	if (v == NULL)
		return 0;
	if (!json_is_integer(v) || json_integer_value(v) < 1 ||
	    json_integer_value(v) > max)
		return fault_set(
		    f, FAULT_INVALID, name, "not a number from 1 to %u", max);
	*out = (unsigned)json_integer_value(v);
	return 0;
}

static int
take_args(
    struct probe *p, const struct identity *who, json_t *args, struct fault *f)
{
	json_t *target = json_object_get(args, "target");
	const char *number = p->is_trace ? "hops" : "count";
	size_t known = 1U + (json_object_get(args, "family") != NULL) +
		       (json_object_get(args, number) != NULL);
	unsigned max = p->is_trace ? WIRE_PROBES_MAX : COUNT_MAX;

	if (!p->is_trace && who->kind != CONN_OPERATOR)
		max = COUNT_VISITOR;
	if (!json_is_string(target))
		return fault_set(
		    f, FAULT_INVALID, "target", "whom is it to be sent to?");
	if (json_object_size(args) != known)
		return fault_set(f, FAULT_INVALID, "args",
		    "there is an argument that is not known");
	if (take_number(&p->family, args, "family", 6, 0, f) != 0 ||
	    take_number(&p->n, args, number, max,
		p->is_trace ? HOPS_DEFAULT : COUNT_DEFAULT, f) != 0)
		return f->code;
	if (p->family != 0 && p->family != 4 && p->family != 6)
		return fault_set(f, FAULT_INVALID, "family", "4 or 6");
	return aim_find(
	    &p->aim, p->engine, who, json_string_value(target), p->family, f);
}

static void
probe(struct engine *e, struct conn *c, json_t *args, bool is_trace)
{
	const struct identity *who = conn_identity(c);
	struct probe *p = calloc(1, sizeof(*p));
	struct pending *wait;
	struct fault f;

	if (p == NULL) {
		fault_set(&f, FAULT_SYSTEM, NULL, "out of memory");
		conn_fault(c, &f);
		return;
	}
	p->engine = e;
	p->is_trace = is_trace;
	if (take_args(p, who, args, &f) != 0 || request_turn(e, who, &f) != 0) {
		free(p);
		conn_fault(c, &f);
		return;
	}
	wait = conn_wait(c, NAMES_SECONDS, on_resolved);
	wait->state = p;
	wait->end = probe_end;
	wait->stop = probe_stop;
	if (p->aim.ip.family != 0) {
		begin(e, c, p);
		return;
	}
	wait->token = conn_token(e);
	agentlink_resolve(e->agent, wait->token, p->aim.host);
}

void
op_ping(struct engine *e, struct conn *c, json_t *args)
{
	probe(e, c, args, false);
}

void
op_trace(struct engine *e, struct conn *c, json_t *args)
{
	probe(e, c, args, true);
}
