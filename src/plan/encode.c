#include "plan/plan.h"

#include "plan/format.h"

static void
pack_prefixes(struct pack *out, const struct prefix *list, size_t n)
{
	pack_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		pack_prefix(out, &list[i]);
}

static void
pack_endpoint(struct pack *out, const struct endpoint_rules *e)
{
	pack_u8(out, e->ipv4);
	pack_u8(out, e->ipv6);
	pack_prefixes(out, e->refused, e->n_refused);
	pack_u32(out, (uint32_t)e->n_allow);
	for (size_t i = 0; i < e->n_allow; i++)
		pack_text(out, e->allow[i]);
}

static void
pack_tunnel(struct pack *out, const struct plan_tunnel *t)
{
	pack_text(out, t->ifname);
	pack_u32(out, t->asn);
	pack_u16(out, t->pop);
	pack_text(out, t->pop_name);
	pack_u16(out, t->listen_port);
	pack_u16(out, t->mtu);
	pack_bytes(out, t->key.byte, WGKEY_LEN);
	pack_u8(out, t->has_psk);
	if (t->has_psk)
		pack_bytes(out, t->psk.byte, WGKEY_LEN);
	pack_text(out, t->host);
	pack_u16(out, t->port);
	pack_u16(out, t->keepalive);
	pack_prefixes(out, t->allowed, t->n_allowed);
	pack_ip(out, &t->local);
	pack_ip(out, &t->remote);
	pack_ip(out, &t->local4);
	pack_ip(out, &t->remote4);
	pack_u8(out, t->len4);
}

static void
pack_session(struct pack *out, const struct plan_session *s)
{
	pack_text(out, s->name);
	pack_text(out, s->ifname);
	pack_u32(out, s->asn);
	pack_ip(out, &s->neighbor);
	pack_ip(out, &s->source);
	pack_u32(out, s->import_limit);
	pack_u8(out, s->latency);
	pack_u8(out, s->paused);
}

static void
pack_ibgp(struct pack *out, const struct plan_ibgp *s)
{
	pack_u16(out, s->pop);
	pack_text(out, s->pop_name);
	pack_ip(out, &s->neighbor);
	pack_ip(out, &s->source);
	pack_u8(out, s->client);
	pack_u8(out, s->direct);
}

static void
pack_policy(struct pack *out, const struct plan *plan)
{
	pack_u16(out, plan->region);
	pack_u16(out, plan->country);
	pack_u16(out, plan->bandwidth);
	pack_u32(out, (uint32_t)plan->n_blocked);
	for (size_t i = 0; i < plan->n_blocked; i++)
		pack_u32(out, plan->blocked[i]);
}

void
plan_encode(struct pack *out, const struct plan *plan)
{
	pack_u8(out, PLAN_FORMAT);
	pack_u32(out, plan->asn);
	pack_text(out, plan->name);
	pack_text(out, plan->pop_name);
	pack_ip(out, &plan->router_id);
	pack_ip(out, &plan->loopback4);
	pack_ip(out, &plan->loopback6);
	pack_prefixes(out, plan->prefixes, plan->n_prefixes);
	pack_policy(out, plan);
	pack_u8(out, (uint8_t)plan->igp);
	pack_u8(out, (uint8_t)plan->bird);
	pack_endpoint(out, &plan->endpoint);
	pack_u32(out, (uint32_t)plan->n_tunnels);
	for (size_t i = 0; i < plan->n_tunnels; i++)
		pack_tunnel(out, &plan->tunnels[i]);
	pack_u32(out, (uint32_t)plan->n_sessions);
	for (size_t i = 0; i < plan->n_sessions; i++)
		pack_session(out, &plan->sessions[i]);
	pack_u32(out, (uint32_t)plan->n_ibgp);
	for (size_t i = 0; i < plan->n_ibgp; i++)
		pack_ibgp(out, &plan->ibgp[i]);
}
