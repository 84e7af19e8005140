#include "engine/request.h"

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>

#include "api/field.h"
#include "base/clock.h"
#include "engine/latencies.h"
#include "engine/ownership.h"

/* Who may ask what: a bit for each kind of identity. */
#define MAY_SESSION  (1U << CONN_SESSION)
#define MAY_VISITOR  (1U << CONN_VISITOR)
#define MAY_OPERATOR (1U << CONN_OPERATOR)
#define MAY_BOTH     (MAY_VISITOR | MAY_OPERATOR)

static const struct request {
	const char *op;
	request_fn *run;
	unsigned may;
	const char *only; /* its argument, "": none; NULL: it looks itself */
} requests[] = {
	{ "auth", op_auth, MAY_SESSION, NULL },
	{ "auth_query", op_auth_query, MAY_SESSION, NULL },
	{ "events", op_events, MAY_OPERATOR, NULL },
	{ "hello", op_hello, MAY_BOTH, "" },
	{ "links", op_links, MAY_OPERATOR, "" },
	{ "neighbors", op_neighbors, MAY_OPERATOR, "name" },
	{ "peer_config", op_peer_config, MAY_BOTH, "asn" },
	{ "peer_create", op_peer_create, MAY_BOTH, NULL },
	{ "peer_edit", op_peer_edit, MAY_BOTH, NULL },
	{ "peer_import", op_peer_import, MAY_OPERATOR, NULL },
	{ "peer_list", op_peer_list, MAY_BOTH, "" },
	{ "peer_remove", op_peer_remove, MAY_BOTH, "asn" },
	{ "peer_status", op_peer_status, MAY_BOTH, "asn" },
	{ "ping", op_ping, MAY_BOTH, NULL },
	{ "plan", op_plan, MAY_OPERATOR, "all" },
	{ "registry_confirm", op_registry_confirm, MAY_OPERATOR, "" },
	{ "registry_pull", op_registry_pull, MAY_OPERATOR, "force" },
	{ "reload", op_reload, MAY_OPERATOR, "force" },
	{ "routes", op_routes, MAY_BOTH, "prefix" },
	{ "status", op_status, MAY_OPERATOR, "" },
	{ "trace", op_trace, MAY_BOTH, NULL },
};

static const struct request *
request_find(const struct identity *who, const char *op, struct fault *f)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		if (strcmp(requests[i].op, op) != 0)
			continue;
		if ((requests[i].may & (1U << who->kind)) != 0)
			return &requests[i];
		fault_set(f, FAULT_DENIED, "op", "%s is not for you", op);
		return NULL;
	}
	fault_set(f, FAULT_INVALID, "op", "there is no operation %.32s", op);
	return NULL;
}

/* A misspelt "asn" must not stand for the only peering there is. */
static bool
args_known(const struct request *r, const json_t *args, struct fault *f)
{
	size_t known;

	if (r->only == NULL)
		return true;
	known = json_object_get(args, r->only) != NULL;
	if (json_object_size(args) == known)
		return true;
	fault_set(f, FAULT_INVALID, "args",
	    "there is an argument that %s does not know", r->op);
	return false;
}

void
request_run(struct engine *e, struct conn *c, const char *line, size_t len)
{
	json_t *request, *args = NULL, *none = NULL;
	json_error_t error;
	struct fault f;
	const struct request *r = NULL;
	const char *op;

	request = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (request == NULL)
		fault_set(&f, FAULT_INVALID, NULL, "no JSON: %s", error.text);
	else if (json_unpack_ex(request, &error, 0, "{s:s,s?o!}", "op", &op,
		     "args", &args) != 0)
		fault_set(
		    &f, FAULT_INVALID, NULL, "no request: %s", error.text);
	else if (args != NULL && !json_is_object(args))
		fault_set(&f, FAULT_INVALID, "args", "it is no object");
	else
		r = request_find(conn_identity(c), op, &f);
	if (r != NULL && args == NULL)
		args = none = json_object();
	if (r != NULL && args_known(r, args, &f) &&
	    request_stands(e, conn_identity(c), &f) == 0)
		r->run(e, c, args);
	else
		conn_fault(c, &f);
	json_decref(none);
	json_decref(request);
}

bool
request_is_stop(const char *line, size_t len)
{
	json_t *request = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const char *op;
	bool is = request != NULL &&
		  json_unpack(request, "{s:s!}", "op", &op) == 0 &&
		  strcmp(op, "stop") == 0;

	json_decref(request);
	return is;
}

bool
request_owns(const struct engine *e, const struct identity *who, uint32_t asn)
{
	if (who->kind == CONN_OPERATOR)
		return true;
	return who->kind == CONN_VISITOR && e->registry != NULL &&
	       registry_has_asn(e->registry, who->mntner, asn);
}

int
request_turn(struct engine *e, const struct identity *who, struct fault *f)
{
	int seconds;

	if (who->kind == CONN_OPERATOR)
		return 0;
	if (conn_streams(e, who->mntner) > 0)
		return fault_set(f, FAULT_LIMIT, NULL,
		    "one at a time: another session of %s is at it",
		    who->mntner);
	seconds = rate_take(&e->rate, who->mntner, clock_mono_us());
	if (seconds == 0)
		return 0;
	return fault_set(f, FAULT_LIMIT, NULL,
	    "%d a minute: try again in %d second%s", RATE_EACH, seconds,
	    seconds == 1 ? "" : "s");
}

static const struct peering *
only_peering(
    const struct engine *e, const struct identity *who, struct fault *f)
{
	const struct peering *only = NULL;

	for (size_t i = 0; i < e->n_peerings; i++) {
		if (!request_owns(e, who, e->peerings[i].asn))
			continue;
		if (only != NULL) {
			fault_set(f, FAULT_INVALID, "asn",
			    "there are several peerings: name the AS number");
			return NULL;
		}
		only = &e->peerings[i];
	}
	if (only == NULL)
		fault_set(f, FAULT_NOT_FOUND, "asn", "there is no peering yet");
	return only;
}

const struct peering *
request_peering(const struct engine *e, const struct identity *who,
    json_t *args, struct fault *f)
{
	json_t *asn = json_object_get(args, "asn");
	const struct peering *p;

	if (asn == NULL)
		return only_peering(e, who, f);
	if (!json_is_integer(asn) || json_integer_value(asn) < 1 ||
	    json_integer_value(asn) > UINT32_MAX) {
		fault_set(
		    f, FAULT_INVALID, "asn", "an AS number is 1 to 4294967294");
		return NULL;
	}
	/* A stranger's peering and none at all look the same. */
	p = engine_peering(e, (uint32_t)json_integer_value(asn));
	if (p == NULL || !request_owns(e, who, p->asn)) {
		fault_set(f, FAULT_NOT_FOUND, "asn",
		    "you have no peering of AS%lld here",
		    (long long)json_integer_value(asn));
		return NULL;
	}
	return p;
}

int
request_not_moved(const struct engine *e, const struct identity *who,
    const struct peering *p, struct fault *f)
{
	if (who->kind != CONN_VISITOR || !ownership_moved(e->registry, p))
		return 0;
	return fault_set(f, FAULT_DENIED, "key",
	    "this is the tunnel of %s, who does not maintain AS%u any more: "
	    "peer_edit with the public key of yours takes it over, "
	    "peer_remove ends it",
	    p->mntner, p->asn);
}

void
request_event(struct store_event *out, const struct identity *who,
    const char *what, uint32_t asn)
{
	memset(out, 0, sizeof(*out));
	if (who->kind == CONN_OPERATOR)
		snprintf(out->who, sizeof(out->who), "uid %u", who->uid);
	else
		strlcpy(out->who, who->mntner, sizeof(out->who));
	strlcpy(out->from, who->from, sizeof(out->from));
	if (who->kind == CONN_VISITOR)
		sshkey_fingerprint(&who->key, out->key);
	out->admin = who->admin;
	strlcpy(out->what, what, sizeof(out->what));
	out->asn = asn;
}

void
request_describe(struct store_event *out, const struct peering *p)
{
	char key[WGKEY_TEXT_MAX], endpoint[ENDPOINT_TEXT_MAX], ll[IP_TEXT_MAX];

	snprintf(out->detail, sizeof(out->detail),
	    "key=%s endpoint=%s mtu=%u psk=%s%s%s", wgkey_text(&p->key, key),
	    endpoint_text(endpoint, p->host, p->port), (unsigned)p->mtu,
	    p->has_psk ? "yes" : "no",
	    p->link_local.family != 0 ? " link_local=" : "",
	    ip_text(&p->link_local, ll));
}

void
request_bad_network(struct conn *c, const struct fault *f,
    const struct network_problems *problems)
{
	json_t *error = fault_to_json(f), *list = json_array();

	for (size_t i = 0; i < problems->n; i++) {
		const struct network_problem *p = &problems->list[i];

		json_array_append_new(
		    list, json_pack("{s:i,s:s,s:s}", "line", (int)p->line,
			      "field", p->field, "text", p->text));
	}
	if (problems->n > 0)
		json_object_set(error, "problems", list);
	json_decref(list);
	conn_error(c, error);
}

const char *
request_progress_name(enum wire_progress progress)
{
	static const char *const names[] = { [WIRE_APPLIED] = "applied",
		[WIRE_WAITING] = "waiting",
		[WIRE_REFUSED] = "refused" };

	return names[progress];
}

static int
add_latency(const struct engine *e, const struct peering *p, json_t *o)
{
	const struct latency *l = latencies_find(e->latencies, p->asn);
	bool known = l != NULL && l->rtt != WIRE_RTT_UNKNOWN;

	return json_object_update_new(
	    o, json_pack("{s:o,s:o}", "latency",
		   p->latency != 0 ? json_integer(p->latency) : json_null(),
		   "rtt_us", known ? json_integer(l->rtt) : json_null()));
}

static int
add_progress(const struct engine *e, const struct peering *p, json_t *o)
{
	const struct wire_state *s = engine_progress(e, p->asn);
	bool applied = s != NULL && s->progress == WIRE_APPLIED;
	bool paused = applied && p->paused[0] != '\0';
	const char *reason = s != NULL ? s->reason : "it is being applied";

	return json_object_update_new(
	    o, json_pack("{s:s,s:s,s:s,s:o}", "state",
		   paused ? "paused"
			  : request_progress_name(
				s != NULL ? s->progress : WIRE_WAITING),
		   "reason", paused ? p->paused : reason, "paused", p->paused,
		   "applied",
		   applied ? json_integer(s->since / 1000) : json_null()));
}

json_t *
request_peering_json(const struct engine *e, const struct peering *p)
{
	char key[WGKEY_TEXT_MAX];
	char ours[IP_TEXT_MAX], theirs[IP_TEXT_MAX];
	struct ip our_ip = peering_our_ip(p, e->net);
	struct ip their_ip = peering_their_ip(p, e->net);
	json_t *o;

	o = json_pack("{s:I,s:I,s:s,s:s,s:b,s:o,s:o,s:s,s:b,s:s,s:i,s:i,s:I,"
		      "s:I}",
	    "asn", (json_int_t)p->asn, "id", (json_int_t)p->id, "mntner",
	    p->mntner, "key", wgkey_text(&p->key, key), "psk", p->has_psk,
	    "endpoint", field_of_text(p->host), "port",
	    p->port != 0 ? json_integer(p->port) : json_null(), "link_local",
	    ip_text(&their_ip, theirs), "own_link_local",
	    p->link_local.family != 0, "our_link_local", ip_text(&our_ip, ours),
	    "listen_port", p->listen_port, "mtu", p->mtu, "created",
	    (json_int_t)p->created, "changed", (json_int_t)p->changed);
	if (o != NULL &&
	    (add_progress(e, p, o) != 0 || add_latency(e, p, o) != 0)) {
		json_decref(o);
		return NULL;
	}
	return o;
}
