/* routes: what BIRD has, why it chose so, and what the kernel has of it. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "engine/agentlink.h"
#include "engine/request.h"
#include "engine/rib.h"

#define KERNEL_MAX     200000 /* routes that are kept, 68 bytes each */
#define UNSENT_MAX     (256U << 10) /* of the answer; then BIRD waits */
#define PIECE_SECONDS  10 /* for the next piece */
#define CLIENT_SECONDS 300 /* for a person who reads page by page */
#define BIRD_NOT_FOUND 8001
#define BIRD_REFUSALS  8000

/* One request that is under way. */
struct routes {
	struct engine *engine;
	struct wire_stream want; /* of the stream that runs */
	bool ended; /* that has */
	struct wire_kroute *kernel; /* by prefix, once all are there */
	size_t n_kernel, room;
	bool kernel_known;
	bool bird_only; /* what else the machine has is no visitor's business */
	struct birdlines lines;
	struct rib rib;
	json_t *batch; /* networks of this piece */
	size_t n_networks;
	unsigned owed; /* pieces that are asked for when the client reads */
};

static void
routes_end(struct engine *e, struct conn *c)
{
	struct routes *r = conn_pending(c)->state;

	if (r->want.token != 0 && !r->ended)
		agentlink_stream_stop(e->agent, r->want.token);
	json_decref(r->batch);
	free(r->kernel);
	free(r);
}

/* What is not known is left out: there may be many. */
static json_t *
ip_or_none(const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	return ip->family != 0 ? json_string(ip_text(ip, text)) : NULL;
}

static json_t *
text_or_none(const char *text)
{
	return text[0] != '\0' ? json_string(text) : NULL;
}

static json_t *
number_or_none(uint32_t n, bool known)
{
	return known ? json_integer(n) : NULL;
}

static int
kroute_cmp(const void *a, const void *b)
{
	const struct wire_kroute *x = a, *y = b;
	int rc = prefix_cmp(&x->prefix, &y->prefix);

	return rc != 0 ? rc : (x->metric > y->metric) - (x->metric < y->metric);
}

/* Those of that prefix; *n of them. */
static const struct wire_kroute *
find_kernel(const struct routes *r, const struct prefix *p, size_t *n)
{
	size_t low = 0, high = r->n_kernel;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (prefix_cmp(&r->kernel[mid].prefix, p) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low;
	     high < r->n_kernel && prefix_cmp(&r->kernel[high].prefix, p) == 0;)
		high++;
	*n = high - low;
	return r->kernel + low;
}

static json_t *
kernel_json(const struct wire_kroute *k)
{
	static const struct {
		uint8_t proto;
		const char *name;
	} names[] = { { 2, "kernel" }, { 3, "boot" }, { 4, "static" },
		{ 9, "ra" }, { 11, "zebra" }, { 12, "bird" }, { 16, "dhcp" },
		{ 42, "babel" }, { 186, "bgp" } }; /* rtnetlink(7) */
	static const char *const types[] = { [RTN_UNICAST] = "unicast",
		[RTN_BLACKHOLE] = "blackhole",
		[RTN_UNREACHABLE] = "unreachable",
		[RTN_PROHIBIT] = "prohibit" };
	char prefix[PREFIX_TEXT_MAX], ifname[IF_NAMESIZE] = "";
	const char *name = NULL, *type = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].proto == k->proto)
			name = names[i].name;
	if (k->type < sizeof(types) / sizeof(types[0]))
		type = types[k->type];
	/* Of IPv6, what leads nowhere is on a link all the same. */
	if (k->type != RTN_UNICAST || if_indextoname(k->index, ifname) == NULL)
		ifname[0] = '\0';
	return json_pack("{s:s,s:s*,s:o*,s:o*,s:o*,s:I,s:o}", "network",
	    prefix_text(&k->prefix, prefix), "type", type, "via",
	    ip_or_none(&k->via), "ifname", text_or_none(ifname), "src",
	    ip_or_none(&k->src), "metric", (json_int_t)k->metric, "proto",
	    name != NULL ? json_string(name) : json_integer(k->proto));
}

static json_t *
route_json(const struct rib_route *x)
{
	return json_pack(
	    "{s:s,s:s,s:b,s:s,s:o*,s:o*,s:o*,s:o*,s:i,s:o*,s:o*,s:o*,s:o*,"
	    "s:o*}",
	    "proto", x->proto, "since", x->since, "best", x->best, "type",
	    x->type, "source", text_or_none(x->source), "from",
	    ip_or_none(&x->from), "via", ip_or_none(&x->via), "ifname",
	    text_or_none(x->ifname), "preference", (int)x->preference, "metric",
	    number_or_none(x->metric, x->has_metric), "as_path",
	    text_or_none(x->path), "local_pref",
	    number_or_none(x->local_pref, x->has_local_pref), "med",
	    number_or_none(x->med, x->has_med), "origin",
	    text_or_none(x->origin));
}

static void
on_network(void *arg, const struct rib_network *net)
{
	char prefix[PREFIX_TEXT_MAX], why[RIB_WHY_MAX];
	json_t *list = json_array(), *kernel = json_array();
	const struct wire_kroute *k;
	struct routes *r = arg;
	size_t n;

	for (size_t i = 0; i < net->n; i++)
		json_array_append_new(list, route_json(&net->routes[i]));
	k = find_kernel(r, &net->prefix, &n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(kernel, kernel_json(&k[i]));
	if (!r->kernel_known) {
		json_decref(kernel);
		kernel = json_null();
	}
	r->n_networks++;
	json_array_append_new(
	    r->batch, json_pack("{s:s,s:o*,s:o,s:I,s:o}", "network",
			  prefix_text(&net->prefix, prefix), "why",
			  text_or_none(rib_why(why, net)), "routes", list,
			  "count", (json_int_t)net->all, "kernel", kernel));
}

/* The kernel's for the question, whether BIRD knows them or not. */
static json_t *
answer_json(const struct routes *r)
{
	json_t *list = json_array();

	for (size_t i = 0; r->want.prefix.ip.family != 0 && i < r->n_kernel;
	     i++)
		json_array_append_new(list, kernel_json(&r->kernel[i]));
	return json_pack("{s:I,s:o,s:o}", "count", (json_int_t)r->n_networks,
	    "kernel_count",
	    r->kernel_known ? json_integer((json_int_t)r->n_kernel)
			    : json_null(),
	    "kernel", list);
}

static void
send_batch(struct conn *c, struct routes *r)
{
	if (json_array_size(r->batch) == 0)
		return;
	conn_part(c, json_pack("{s:O}", "networks", r->batch));
	json_decref(r->batch);
	r->batch = json_array();
}

static void
finish(struct conn *c, struct routes *r)
{
	const int code = r->lines.code;
	struct fault f;

	rib_end(&r->rib);
	send_batch(c, r);
	if (code >= BIRD_REFUSALS && code != BIRD_NOT_FOUND) {
		fault_set(
		    &f, FAULT_SYSTEM, NULL, "BIRD: %s", r->lines.out.text);
		conn_fault(c, &f);
	} else
		conn_reply(c, answer_json(r));
}

static void
on_drained(struct engine *e, struct conn *c)
{
	struct routes *r = conn_pending(c)->state;

	if (r->owed == 0)
		return;
	conn_go_on(c, PIECE_SECONDS);
	for (; r->owed > 0; r->owed--)
		agentlink_stream_more(e->agent, r->want.token);
}

static void
on_bird(struct engine *e, struct conn *c, const void *answer)
{
	struct routes *r = conn_pending(c)->state;
	const struct agentlink_piece *piece = answer;
	struct fault f;
	int rc = -EPIPE;

	if (piece != NULL && piece->data != NULL)
		rc = birdlines_feed(&r->lines, (const char *)piece->data,
		    piece->len, rib_line, &r->rib);
	else if (piece != NULL)
		r->ended = true;
	if (rc == 1) {
		finish(c, r);
		return;
	}
	if (rc < 0) {
		fault_set(&f, FAULT_AWAY, NULL, "BIRD does not answer");
		conn_fault(c, &f);
		return;
	}
	send_batch(c, r);
	if (conn_unsent(c) > UNSENT_MAX) {
		r->owed++;
		conn_go_on(c, CLIENT_SECONDS);
		return;
	}
	conn_go_on(c, PIECE_SECONDS);
	agentlink_stream_more(e->agent, r->want.token);
}

static void
routes_stop(struct engine *e, struct conn *c)
{
	(void)e;
	conn_reply(c, answer_json(conn_pending(c)->state));
}

static void
begin(struct engine *e, struct conn *c, struct routes *r,
    enum wire_stream_what what,
    void (*done)(struct engine *, struct conn *, const void *))
{
	struct pending *wait = conn_pending(c);

	r->want.what = what;
	r->want.token = wait->token = conn_token(e);
	r->ended = false;
	wait->done = done;
	conn_go_on(c, PIECE_SECONDS);
	agentlink_stream(e->agent, &r->want);
}

static bool
take_kernel(struct routes *r, const struct agentlink_piece *piece)
{
	struct wire_kroute *k;
	struct unpack u;

	unpack_init(&u, piece->data, piece->len);
	while (u.left > 0 && !u.failed && r->n_kernel < KERNEL_MAX) {
		if (r->n_kernel == r->room) {
			size_t room = r->room > 0 ? 2 * r->room : 64;
			void *more =
			    reallocarray(r->kernel, room, sizeof(*r->kernel));

			if (more == NULL)
				return false;
			r->kernel = more;
			r->room = room;
		}
		k = &r->kernel[r->n_kernel];
		wire_kroute_unpack(&u, k);
		r->n_kernel +=
		    !u.failed && (!r->bird_only || k->proto == RTPROT_BIRD);
	}
	return unpack_end(&u) == 0;
}

/* Without the kernel's routes, BIRD's are shown all the same. */
static void
on_kernel(struct engine *e, struct conn *c, const void *answer)
{
	const struct agentlink_piece *piece = answer;
	struct routes *r = conn_pending(c)->state;

	if (piece != NULL && piece->data != NULL && take_kernel(r, piece)) {
		conn_go_on(c, PIECE_SECONDS);
		agentlink_stream_more(e->agent, r->want.token);
		return;
	}
	r->kernel_known =
	    piece != NULL && piece->data == NULL && piece->error == 0;
	if (!r->kernel_known) {
		agentlink_stream_stop(e->agent, r->want.token);
		r->n_kernel = 0;
	}
	if (r->n_kernel > 0)
		qsort(r->kernel, r->n_kernel, sizeof(*r->kernel), kroute_cmp);
	begin(e, c, r,
	    r->want.what == WIRE_STREAM_KERNEL_FOR ? WIRE_STREAM_ROUTE_FOR
						   : WIRE_STREAM_ROUTES,
	    on_bird);
}

/* "prefix": a prefix, or an address that routes shall lead to. */
static int
take_prefix(struct wire_stream *want, const struct identity *who, json_t *args,
    struct fault *f)
{
	json_t *v = json_object_get(args, "prefix");
	const char *text = json_string_value(v);
	struct ip *ip = &want->prefix.ip;

	want->what = WIRE_STREAM_KERNEL;
	if (v == NULL && who->kind == CONN_OPERATOR)
		return 0;
	if (text == NULL)
		return fault_set(f, FAULT_INVALID, "prefix",
		    "which prefix, or which address?");
	if (ip_parse(ip, text, strlen(text)) == 0) {
		want->what = WIRE_STREAM_KERNEL_FOR;
		want->prefix.len = (uint8_t)ip_bits(ip);
		return 0;
	}
	if (prefix_parse(&want->prefix, text, strlen(text)) == 0 &&
	    !prefix_has_host_bits(&want->prefix))
		return 0;
	return fault_set(f, FAULT_INVALID, "prefix",
	    "neither a prefix without host bits, nor an address");
}

void
op_routes(struct engine *e, struct conn *c, json_t *args)
{
	const struct identity *who = conn_identity(c);
	struct routes *r = calloc(1, sizeof(*r));
	struct pending *wait;
	struct fault f;

	if (r == NULL || (r->batch = json_array()) == NULL) {
		free(r);
		fault_set(&f, FAULT_SYSTEM, NULL, "out of memory");
		conn_fault(c, &f);
		return;
	}
	r->engine = e;
	r->bird_only = who->kind != CONN_OPERATOR;
	r->rib.take = on_network;
	r->rib.arg = r;
	if (take_prefix(&r->want, who, args, &f) != 0 ||
	    request_turn(e, who, &f) != 0) {
		json_decref(r->batch);
		free(r);
		conn_fault(c, &f);
		return;
	}
	wait = conn_wait(c, PIECE_SECONDS, on_kernel);
	wait->state = r;
	wait->end = routes_end;
	wait->stop = routes_stop;
	wait->drained = on_drained;
	begin(e, c, r, r->want.what, on_kernel);
}
