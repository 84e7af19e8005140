#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "base/clock.h"
#include "engine/agentlink.h"
#include "engine/birdstatus.h"
#include "engine/request.h"
#include "render/peer.h"

#define OBSERVE_SECONDS 5

void
op_peer_list(struct engine *e, struct conn *c, json_t *args)
{
	const struct identity *who = conn_identity(c);
	json_t *list = json_array();

	(void)args;
	for (size_t i = 0; i < e->n_peerings; i++)
		if (request_owns(e, who, e->peerings[i].asn))
			json_array_append_new(
			    list, request_peering_json(e, &e->peerings[i]));
	conn_reply(c, json_pack("{s:o}", "peerings", list));
}

/* What a renderer writes, as a JSON string; NULL when it failed. */
static json_t *
rendered(int (*render)(FILE *, const struct engine *, const struct peering *),
    const struct engine *e, const struct peering *p)
{
	json_t *text = NULL;
	char *buf = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&buf, &len);
	int rc;

	if (f == NULL)
		return NULL;
	rc = render(f, e, p);
	if (fclose(f) == 0 && rc == 0)
		text = json_stringn(buf, len);
	if (buf != NULL)
		explicit_bzero(buf, len);
	free(buf);
	return text;
}

static int
render_wg_quick_of(FILE *f, const struct engine *e, const struct peering *p)
{
	return render_peer_wg_quick(f, p, &e->rules);
}

static int
render_bird2_of(FILE *f, const struct engine *e, const struct peering *p)
{
	return render_peer_bird2(f, p, &e->rules, e->policy.filters);
}

static json_t *
our_side(const struct engine *e, const struct peering *p)
{
	char key[WGKEY_TEXT_MAX], ll[IP_TEXT_MAX];
	struct ip ip = peering_our_ip(p, e->net);

	return json_pack("{s:I,s:s,s:s,s:i,s:s,s:s,s:s}", "asn",
	    (json_int_t)e->net->asn, "key",
	    wgkey_text(&e->rules.pop->public_key, key), "endpoint",
	    e->rules.pop->endpoint, "port", p->listen_port, "link_local",
	    ip_text(&ip, ll), "pop", e->rules.pop->name, "network",
	    e->net->name);
}

void
op_peer_config(struct engine *e, struct conn *c, json_t *args)
{
	const struct peering *p;
	char ifname[PLAN_IFNAME_MAX];
	struct fault f;

	p = request_peering(e, conn_identity(c), args, &f);
	if (p == NULL || request_not_moved(e, conn_identity(c), p, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	render_peer_ifname(ifname, &e->rules);
	conn_reply(c,
	    json_pack("{s:o,s:o,s:o,s:s,s:o}", "peering",
		request_peering_json(e, p), "ours", our_side(e, p), "wg_quick",
		rendered(render_wg_quick_of, e, p), "wg_quick_name", ifname,
		"bird2", rendered(render_bird2_of, e, p)));
}

static json_t *
allowed_json(const struct plan_tunnel *t)
{
	json_t *list = json_array();
	char text[PREFIX_TEXT_MAX];

	for (size_t i = 0; i < t->n_allowed; i++)
		json_array_append_new(
		    list, json_string(prefix_text(&t->allowed[i], text)));
	return list;
}

static json_t *
tunnel_json(const struct wire_observation *o, const struct plan_tunnel *t)
{
	char ours[WGKEY_TEXT_MAX], theirs[WGKEY_TEXT_MAX], ip[IP_TEXT_MAX];
	char endpoint[ENDPOINT_TEXT_MAX];

	if (o->ifname[0] == '\0')
		return json_null();
	endpoint_text(endpoint, ip_text(&o->endpoint, ip), o->endpoint_port);
	return json_pack("{s:s,s:s,s:i,s:s,s:o,s:o,s:I,s:I,s:i,s:o}", "ifname",
	    o->ifname, "key", wgkey_text(&o->our_key, ours), "listen_port",
	    o->listen_port, "peer", wgkey_text(&o->their_key, theirs),
	    "endpoint",
	    o->endpoint.family != 0 ? json_string(endpoint) : json_null(),
	    "handshake",
	    o->handshake > 0 ? json_integer(o->handshake) : json_null(), "rx",
	    (json_int_t)o->rx, "tx", (json_int_t)o->tx, "keepalive",
	    o->keepalive, "allowed", allowed_json(t));
}

/* Null: BIRD was not asked, or did not answer. */
static json_t *
refused_json(const struct wire_observation *o)
{
	json_t *list = json_array();
	bool known = false;

	for (int i = 0; i < REFUSAL_N; i++) {
		json_t *r = birdstatus_refused(
		    o->refused[i].bird, o->refused[i].bird_len);

		known = known || r != NULL;
		if (field_number(r, "count") > 0) {
			json_object_set_new(
			    r, "reason", json_string(refusal_text(i)));
			json_array_append(list, r);
		}
		json_decref(r);
	}
	if (known)
		return list;
	json_decref(list);
	return json_null();
}

/* The names that this peering's tunnel and session have come from its plan. */
static json_t *
status_json(const struct engine *e, const struct peering *p, const void *answer)
{
	static const struct wire_observation nothing;
	const struct wire_observation *o = answer != NULL ? answer : &nothing;
	struct plan *plan = NULL;
	json_t *status = NULL, *session = NULL;

	if (plan_derive(&plan, &e->rules, p, 1) != 0)
		return NULL;
	if (o->bird_len > 0)
		session = birdstatus_json(
		    o->bird, o->bird_len, plan->sessions[0].name);
	status = json_pack("{s:o,s:o,s:o,s:o,s:n}", "peering",
	    request_peering_json(e, p), "tunnel",
	    tunnel_json(o, &plan->tunnels[0]), "session",
	    session != NULL ? session : json_null(), "refused", refused_json(o),
	    "refused_wait");
	plan_free(plan);
	return status;
}

/* The routes of it that BIRD keeps as filtered. */
static uint32_t
count_refused(const json_t *session)
{
	const json_t *channel;
	int64_t n = 0;
	size_t i;

	json_array_foreach(json_object_get(session, "channels"), i, channel)
	    n += field_number(channel, "filtered");
	return n > UINT32_MAX ? UINT32_MAX : n < 0 ? 0 : (uint32_t)n;
}

/* A peer that announces a flood of them shall not keep BIRD at it. */
static int
refused_turn(struct engine *e, struct conn *c)
{
	const struct identity *who = conn_identity(c);

	if (who->kind == CONN_OPERATOR)
		return 0;
	return rate_take(&e->refused_rate, who->mntner, clock_mono_us());
}

/* NULL: it went meanwhile, and that was the answer. */
static const struct peering *
observed_peering(struct engine *e, struct conn *c)
{
	uint32_t asn = conn_pending(c)->peering.asn;
	const struct peering *p = engine_peering(e, asn);
	struct fault f;

	if (p != NULL)
		return p;
	fault_set(&f, FAULT_NOT_FOUND, "asn",
	    "the peering of AS%" PRIu32 " is gone", asn);
	conn_fault(c, &f);
	return NULL;
}

static void
observe(struct engine *e, struct conn *c, uint32_t refused)
{
	struct pending *wait = conn_pending(c);

	wait->token = conn_token(e);
	agentlink_observe(e->agent, wait->token, wait->peering.asn, refused);
}

static void
on_refused(struct engine *e, struct conn *c, const void *answer)
{
	const struct peering *p = observed_peering(e, c);
	struct fault f;

	if (p == NULL)
		return;
	if (answer == NULL) {
		fault_set(&f, FAULT_AWAY, NULL,
		    "BIRD takes too long to say which routes it refuses");
		conn_fault(c, &f);
		return;
	}
	conn_reply(c, status_json(e, p, answer));
}

/* Only for a session that has some does BIRD look for refused routes. */
static void
on_observed(struct engine *e, struct conn *c, const void *answer)
{
	const struct peering *p = observed_peering(e, c);
	json_t *status, *session;
	uint32_t refused;
	int seconds = 0;

	if (p == NULL)
		return;
	status = status_json(e, p, answer);
	session = json_object_get(status, "session");
	refused = count_refused(session);
	if (refused > 0)
		seconds = refused_turn(e, c);
	if (refused > 0 && seconds == 0) {
		json_decref(status);
		conn_pending(c)->done = on_refused;
		conn_go_on(c, OBSERVE_SECONDS);
		observe(e, c, refused);
		return;
	}
	if (seconds > 0)
		json_object_set_new(
		    status, "refused_wait", json_integer(seconds));
	else if (json_is_object(session))
		json_object_set_new(status, "refused", json_array());
	conn_reply(c, status);
}

void
op_peer_status(struct engine *e, struct conn *c, json_t *args)
{
	const struct peering *p;
	struct fault f;

	p = request_peering(e, conn_identity(c), args, &f);
	if (p == NULL) {
		conn_fault(c, &f);
		return;
	}
	conn_wait(c, OBSERVE_SECONDS, on_observed)->peering.asn = p->asn;
	observe(e, c, 0);
}
