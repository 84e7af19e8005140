/* neighbors: BIRD's BGP sessions, each as peer_status has it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "engine/agentlink.h"
#include "engine/birdlines.h"
#include "engine/birdstatus.h"
#include "engine/request.h"

#define PIECE_SECONDS 10
#define HEAD_CODE     1002 /* of a protocol's line in the table */
#define TEXT_MAX      (32U << 10) /* of one protocol */

struct neighbors {
	struct conn *conn;
	struct engine *engine;
	uint32_t token;
	bool ended;
	char want[64]; /* a name, POP, or AS number; "": all */
	size_t n; /* sessions that were told */
	struct birdlines lines;
	char *text; /* of the protocol under way, as lines without codes */
	size_t len;
};

static void
neighbors_end(struct engine *e, struct conn *c)
{
	struct neighbors *n = conn_pending(c)->state;

	if (!n->ended)
		agentlink_stream_stop(e->agent, n->token);
	free(n->text);
	free(n);
}

static void
neighbors_stop(struct engine *e, struct conn *c)
{
	const struct neighbors *n = conn_pending(c)->state;

	(void)e;
	conn_reply(c, json_pack("{s:I}", "count", (json_int_t)n->n));
}

static const char *
pop_name(const struct network *net, unsigned id)
{
	for (size_t i = 0; i < net->n_pops; i++)
		if (net->pops[i].id == id)
			return net->pops[i].name;
	return NULL;
}

/* Whom it is with: one of our POPs, or an AS and who maintains it. */
static void
add_whom(json_t *s, const struct engine *e, const char *name)
{
	uint32_t asn = (uint32_t)field_number(s, "neighbor_asn");
	const char *pop = NULL, *mntner = NULL;
	unsigned id;

	if (sscanf(name, "ebgp_as%10" SCNu32, &asn) != 1 &&
	    sscanf(name, "ibgp_%5u", &id) == 1)
		pop = pop_name(e->net, id);
	if (pop == NULL && asn != 0 && e->registry != NULL)
		mntner = registry_owner(e->registry, asn);
	json_object_set_new(
	    s, "pop", pop != NULL ? json_string(pop) : json_null());
	json_object_set_new(
	    s, "asn", asn != 0 ? json_integer(asn) : json_null());
	json_object_set_new(
	    s, "mntner", mntner != NULL ? json_string(mntner) : json_null());
}

static bool
is_wanted(const struct neighbors *n, const json_t *s)
{
	const char *want = n->want;
	char asn[16];

	if (want[0] == '\0' || strcmp(want, field_text(s, "name")) == 0 ||
	    strcmp(want, field_text(s, "pop")) == 0 ||
	    strcmp(want, field_text(s, "neighbor")) == 0)
		return true;
	snprintf(asn, sizeof(asn), "%lld", (long long)field_number(s, "asn"));
	if (strncasecmp(want, "AS", 2) == 0)
		want += 2;
	return strcmp(want, asn) == 0;
}

/* The lines of a protocol are all there. */
static void
take_protocol(struct neighbors *n)
{
	char name[64], proto[16];
	json_t *s = NULL;

	n->text[n->len] = '\0';
	if (sscanf(n->text, "%63s %15s", name, proto) == 2 &&
	    strcmp(proto, "BGP") == 0)
		s = birdstatus_json(n->text, n->len, name);
	n->len = 0;
	if (s == NULL)
		return;
	add_whom(s, n->engine, name);
	if (is_wanted(n, s)) {
		n->n++;
		conn_part(n->conn, json_pack("{s:O}", "session", s));
	}
	json_decref(s);
}

static void
take_line(void *arg, const struct birdline *line)
{
	size_t len = strlen(line->text);
	struct neighbors *n = arg;

	if (line->code == HEAD_CODE)
		take_protocol(n);
	if (n->len + len + 2 > TEXT_MAX)
		return; /* no protocol of ours has so much to say */
	memcpy(n->text + n->len, line->text, len);
	n->len += len;
	n->text[n->len++] = '\n';
}

static void
on_piece(struct engine *e, struct conn *c, const void *answer)
{
	struct neighbors *n = conn_pending(c)->state;
	const struct agentlink_piece *piece = answer;
	struct fault f;
	int rc = -EPIPE;

	if (piece != NULL && piece->data != NULL)
		rc = birdlines_feed(&n->lines, (const char *)piece->data,
		    piece->len, take_line, n);
	else if (piece != NULL)
		n->ended = true;
	if (rc == 0) {
		conn_go_on(c, PIECE_SECONDS);
		agentlink_stream_more(e->agent, n->token);
		return;
	}
	if (rc == 1)
		take_protocol(n);
	if (rc < 0)
		fault_set(&f, FAULT_AWAY, NULL, "BIRD does not answer");
	else if (n->n == 0 && n->want[0] != '\0')
		rc = fault_set(&f, FAULT_NOT_FOUND, "name",
		    "there is no BGP session %s, nor one with a POP or AS of "
		    "that name",
		    n->want);
	if (rc < 0)
		conn_fault(c, &f);
	else
		conn_reply(c, json_pack("{s:I}", "count", (json_int_t)n->n));
}

/* A name of a session, POP or AS, or an address. */
static int
take_name(struct neighbors *n, json_t *args, struct fault *f)
{
	json_t *v = json_object_get(args, "name");
	const char *text = json_string_value(v);

	if (v == NULL)
		return 0;
	if (text == NULL || text[0] == '\0' ||
	    !text_is_plain(text, strlen(text)) ||
	    strlen(text) >= sizeof(n->want))
		return fault_set(f, FAULT_INVALID, "name",
		    "no name of a session, of a POP, or AS number");
	memcpy(n->want, text, strlen(text) + 1);
	return 0;
}

void
op_neighbors(struct engine *e, struct conn *c, json_t *args)
{
	struct wire_stream want = { .what = WIRE_STREAM_PROTOCOLS };
	struct neighbors *n = calloc(1, sizeof(*n));
	struct pending *wait;
	struct fault f;

	if (n == NULL || (n->text = malloc(TEXT_MAX)) == NULL)
		fault_set(&f, FAULT_SYSTEM, NULL, "out of memory");
	else if (take_name(n, args, &f) == 0) {
		n->conn = c;
		n->engine = e;
		wait = conn_wait(c, PIECE_SECONDS, on_piece);
		wait->state = n;
		wait->end = neighbors_end;
		wait->stop = neighbors_stop;
		n->token = want.token = wait->token = conn_token(e);
		agentlink_stream(e->agent, &want);
		return;
	}
	if (n != NULL)
		free(n->text);
	free(n);
	conn_fault(c, &f);
}
