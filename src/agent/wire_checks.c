#include "agent/wire_checks.h"

void
wire_probe_pack(struct pack *p, const struct wire_probe *w)
{
	pack_u32(p, w->token);
	pack_ip(p, &w->to);
	pack_text(p, w->ifname);
	pack_u8(p, w->inside);
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
	w->inside = unpack_bool(u);
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
	if (kind > WIRE_PROBED_END ||
	    w->nth >= WIRE_PROBES_MAX + (kind == WIRE_PROBED_END) ||
	    (kind == WIRE_PROBED_END) != (w->from.family == 0))
		u->failed = true;
}
