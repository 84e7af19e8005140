#include "agent/wire.h"

#include <stdlib.h>

#include "plan/plan.h"
#include "peering/peering.h"

/* Fault codes are small and negative, or 0; anything else is nonsense. */
#define FAULT_LOWEST FAULT_AWAY

static void
fault_pack(struct pack *p, const struct fault *f)
{
	pack_u8(p, (uint8_t)-f->code);
	pack_text(p, f->field);
	pack_text(p, f->text);
}

static void
fault_unpack(struct unpack *u, struct fault *f)
{
	int code = -(int)unpack_u8(u);

	if (code < FAULT_LOWEST)
		u->failed = true;
	f->code = (enum fault_code)code;
	unpack_text(u, f->field, sizeof(f->field));
	unpack_text(u, f->text, sizeof(f->text));
}

void
wire_state_pack(struct pack *p, const struct wire_state *s)
{
	pack_text(p, s->part);
	pack_u8(p, (uint8_t)s->progress);
	pack_u64(p, (uint64_t)s->since);
	pack_text(p, s->reason);
}

void
wire_state_unpack(struct unpack *u, struct wire_state *s)
{
	uint8_t progress;

	unpack_text(u, s->part, sizeof(s->part));
	progress = unpack_u8(u);
	if (progress > WIRE_REFUSED)
		u->failed = true;
	s->progress = (enum wire_progress)progress;
	s->since = (int64_t)unpack_u64(u);
	unpack_text(u, s->reason, sizeof(s->reason));
}

void
wire_observation_pack(struct pack *p, const struct wire_observation *o)
{
	fault_pack(p, &o->fault);
	pack_text(p, o->ifname);
	pack_bytes(p, o->our_key.byte, WGKEY_LEN);
	pack_bytes(p, o->their_key.byte, WGKEY_LEN);
	pack_u16(p, o->listen_port);
	pack_ip(p, &o->endpoint);
	pack_u16(p, o->endpoint_port);
	pack_u64(p, (uint64_t)o->handshake);
	pack_u64(p, o->rx);
	pack_u64(p, o->tx);
	pack_u16(p, o->keepalive);
	pack_blob(p, o->bird, o->bird_len);
	for (size_t i = 0; i < REFUSAL_N; i++)
		pack_blob(p, o->refused[i].bird, o->refused[i].bird_len);
}

/* BIRD's words; "" for none. */
static void
unpack_words(struct unpack *u, const char **text, size_t *len, size_t max)
{
	*text = (const char *)unpack_blob(u, len);
	if (*len > max)
		u->failed = true;
	if (*text == NULL)
		*text = "";
}

void
wire_observation_unpack(struct unpack *u, struct wire_observation *o)
{
	fault_unpack(u, &o->fault);
	unpack_text(u, o->ifname, sizeof(o->ifname));
	unpack_bytes(u, o->our_key.byte, WGKEY_LEN);
	unpack_bytes(u, o->their_key.byte, WGKEY_LEN);
	o->listen_port = unpack_u16(u);
	unpack_ip(u, &o->endpoint);
	o->endpoint_port = unpack_u16(u);
	o->handshake = (int64_t)unpack_u64(u);
	o->rx = unpack_u64(u);
	o->tx = unpack_u64(u);
	o->keepalive = unpack_u16(u);
	unpack_words(u, &o->bird, &o->bird_len, WIRE_BIRD_MAX);
	for (size_t i = 0; i < REFUSAL_N; i++)
		unpack_words(u, &o->refused[i].bird, &o->refused[i].bird_len,
		    WIRE_REFUSED_MAX);
}

static void
link_pack(struct pack *p, const struct wire_link *l)
{
	pack_text(p, l->ifname);
	pack_ip(p, &l->endpoint);
	pack_u16(p, l->endpoint_port);
	pack_u64(p, (uint64_t)l->handshake);
	pack_u64(p, l->rx);
	pack_u64(p, l->tx);
	pack_u32(p, l->rtt);
}
#define LINK_BYTES (4 + PACK_IP_LEN + 2 + 8 + 8 + 8 + 4)

static void
link_unpack(struct unpack *u, struct wire_link *l)
{
	unpack_text(u, l->ifname, sizeof(l->ifname));
	unpack_ip(u, &l->endpoint);
	l->endpoint_port = unpack_u16(u);
	l->handshake = (int64_t)unpack_u64(u);
	l->rx = unpack_u64(u);
	l->tx = unpack_u64(u);
	l->rtt = unpack_u32(u);
}

void
wire_survey_pack(struct pack *p, const struct wire_survey *s)
{
	pack_u32(p, (uint32_t)s->n_links);
	for (size_t i = 0; i < s->n_links; i++)
		link_pack(p, &s->links[i]);
	pack_blob(p, s->bird, s->bird_len);
}

void
wire_survey_unpack(struct unpack *u, struct wire_survey *s)
{
	size_t n = unpack_count(u, LINK_BYTES, PLAN_TUNNELS_MAX);

	s->links = calloc(n + 1, sizeof(*s->links));
	s->n_links = s->links != NULL ? n : 0;
	if (s->links == NULL)
		u->failed = true;
	for (size_t i = 0; i < s->n_links; i++)
		link_unpack(u, &s->links[i]);
	unpack_words(u, &s->bird, &s->bird_len, WIRE_SURVEY_BIRD_MAX);
}

void
wire_distances_pack(struct pack *p, const struct wire_distances *d)
{
	pack_u32(p, (uint32_t)d->n);
	for (size_t i = 0; i < d->n; i++) {
		pack_u32(p, d->list[i].asn);
		pack_u32(p, d->list[i].rtt);
	}
}

void
wire_distances_unpack(struct unpack *u, struct wire_distances *d)
{
	size_t n = unpack_count(u, 8, PEERING_MAX);

	d->list = calloc(n + 1, sizeof(*d->list));
	d->n = d->list != NULL ? n : 0;
	if (d->list == NULL)
		u->failed = true;
	for (size_t i = 0; i < d->n; i++) {
		d->list[i].asn = unpack_u32(u);
		d->list[i].rtt = unpack_u32(u);
	}
}

void
wire_resolution_pack(struct pack *p, const struct wire_resolution *r)
{
	fault_pack(p, &r->fault);
	pack_ip(p, &r->ip);
}

void
wire_resolution_unpack(struct unpack *u, struct wire_resolution *r)
{
	fault_unpack(u, &r->fault);
	unpack_ip(u, &r->ip);
	if (r->fault.code == 0 && r->ip.family == 0)
		u->failed = true;
}
