#include "agent/wire_stream.h"

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
