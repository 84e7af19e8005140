#include "agent/wire_checks.h"

void
wire_probe_pack(struct pack *p, const struct wire_probe *w)
{
	pack_u32(p, w->token);
	pack_ip(p, &w->to);
	pack_text(p, w->ifname);
	pack_u8(p, w->hops);
	pack_u8(p, w->count);
}

void
wire_probe_unpack(struct unpack *u, struct wire_probe *w)
{
	unsigned n;

	w->token = unpack_u32(u);
	unpack_ip(u, &w->to);
	unpack_text(u, w->ifname, sizeof(w->ifname));
	w->hops = unpack_u8(u);
	w->count = unpack_u8(u);
	n = w->hops > 0 ? w->hops : w->count;
	if (w->token == 0 || w->to.family == 0 || n == 0 || n > WIRE_PROBES_MAX)
		u->failed = true;
}

void
wire_probed_pack(struct pack *p, const struct wire_probed *w)
{
	pack_u32(p, w->token);
	pack_u8(p, (uint8_t)w->kind);
	pack_u8(p, w->nth);
	pack_u8(p, w->code);
	pack_u8(p, w->hops);
	pack_ip(p, &w->from);
	pack_u32(p, w->us);
	pack_u32(p, w->error);
}

void
wire_probed_unpack(struct unpack *u, struct wire_probed *w)
{
	uint8_t kind;

	w->token = unpack_u32(u);
	kind = unpack_u8(u);
	w->kind = (enum wire_probed_kind)kind;
	w->nth = unpack_u8(u);
	w->code = unpack_u8(u);
	w->hops = unpack_u8(u);
	unpack_ip(u, &w->from);
	w->us = unpack_u32(u);
	w->error = unpack_u32(u);
	if (kind > WIRE_PROBED_END || w->nth >= WIRE_PROBES_MAX ||
	    (kind == WIRE_PROBED_END) != (w->from.family == 0))
		u->failed = true;
}

void
wire_stream_pack(struct pack *p, const struct wire_stream *w)
{
	pack_u32(p, w->token);
	pack_u8(p, (uint8_t)w->what);
	pack_ip(p, &w->prefix.ip);
	pack_u8(p, w->prefix.len);
}

void
wire_stream_unpack(struct unpack *u, struct wire_stream *w)
{
	uint8_t what;
	bool is_for;

	w->token = unpack_u32(u);
	what = unpack_u8(u);
	w->what = (enum wire_stream_what)what;
	unpack_ip(u, &w->prefix.ip);
	w->prefix.len = unpack_u8(u);
	is_for =
	    what == WIRE_STREAM_ROUTE_FOR || what == WIRE_STREAM_KERNEL_FOR;
	if (w->token == 0 || what > WIRE_STREAM_KERNEL_FOR ||
	    (is_for && w->prefix.ip.family == 0) ||
	    w->prefix.len >
		(w->prefix.ip.family != 0 ? ip_bits(&w->prefix.ip) : 0) ||
	    (w->prefix.ip.family != 0 && prefix_has_host_bits(&w->prefix)))
		u->failed = true;
}

void
wire_kroute_pack(struct pack *p, const struct wire_kroute *r)
{
	pack_prefix(p, &r->prefix);
	pack_ip(p, &r->via);
	pack_ip(p, &r->src);
	pack_u32(p, r->index);
	pack_u32(p, r->metric);
	pack_u8(p, r->proto);
	pack_u8(p, r->type);
}

void
wire_kroute_unpack(struct unpack *u, struct wire_kroute *r)
{
	unpack_prefix(u, &r->prefix);
	unpack_ip(u, &r->via);
	unpack_ip(u, &r->src);
	r->index = unpack_u32(u);
	r->metric = unpack_u32(u);
	r->proto = unpack_u8(u);
	r->type = unpack_u8(u);
}
