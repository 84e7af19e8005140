#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/check.h"
#include "plan/format.h"
#include "plan/mesh.h"

static size_t
unpack_prefixes(struct unpack *in, struct prefix *list, size_t max)
{
	size_t n = unpack_count(in, PACK_PREFIX_LEN, max);

	for (size_t i = 0; i < n && !in->failed; i++)
		unpack_prefix(in, &list[i]);
	return n;
}

static void
unpack_endpoint(struct unpack *in, struct endpoint_rules *e)
{
	e->ipv4 = unpack_bool(in);
	e->ipv6 = unpack_bool(in);
	e->n_refused = unpack_prefixes(in, e->refused, ENDPOINT_PREFIXES_MAX);
	e->n_allow = unpack_count(in, PLAN_ALLOW_BYTES, ENDPOINT_ALLOW_MAX);
	for (size_t i = 0; i < e->n_allow; i++)
		unpack_text(in, e->allow[i], ENDPOINT_RANGE_MAX);
}

static void
unpack_key(struct unpack *in, struct wgkey *key)
{
	unpack_bytes(in, key->byte, WGKEY_LEN);
}

static void
unpack_tunnel(struct unpack *in, struct plan_tunnel *t)
{
	unpack_text(in, t->ifname, sizeof(t->ifname));
	t->asn = unpack_u32(in);
	t->pop = unpack_u16(in);
	unpack_text(in, t->pop_name, sizeof(t->pop_name));
	t->listen_port = unpack_u16(in);
	t->mtu = unpack_u16(in);
	unpack_key(in, &t->key);
	t->has_psk = unpack_bool(in);
	if (t->has_psk)
		unpack_key(in, &t->psk);
	unpack_text(in, t->host, sizeof(t->host));
	t->port = unpack_u16(in);
	t->keepalive = unpack_u16(in);
	t->n_allowed = unpack_prefixes(in, t->allowed, PLAN_ALLOWED_MAX);
	unpack_ip(in, &t->local);
	unpack_ip(in, &t->remote);
	unpack_ip(in, &t->local4);
	unpack_ip(in, &t->remote4);
	t->len4 = unpack_u8(in);
}

static void
unpack_session(struct unpack *in, struct plan_session *s)
{
	unpack_text(in, s->name, sizeof(s->name));
	unpack_text(in, s->ifname, sizeof(s->ifname));
	s->asn = unpack_u32(in);
	unpack_ip(in, &s->neighbor);
	unpack_ip(in, &s->source);
	s->import_limit = unpack_u32(in);
	s->latency = unpack_u8(in);
	s->paused = unpack_bool(in);
}

static void
unpack_ibgp(struct unpack *in, struct plan_ibgp *s)
{
	s->pop = unpack_u16(in);
	unpack_text(in, s->pop_name, sizeof(s->pop_name));
	unpack_ip(in, &s->neighbor);
	unpack_ip(in, &s->source);
	s->client = unpack_bool(in);
	s->direct = unpack_bool(in);
}

static void
unpack_policy(struct unpack *in, struct plan *plan)
{
	plan->region = unpack_u16(in);
	plan->country = unpack_u16(in);
	plan->bandwidth = unpack_u16(in);
	plan->n_blocked = unpack_count(in, 4, PLAN_BLOCKED_MAX);
	for (size_t i = 0; i < plan->n_blocked; i++)
		plan->blocked[i] = unpack_u32(in);
}

static enum network_igp
unpack_igp(struct unpack *in)
{
	uint8_t igp = unpack_u8(in);

	if (igp > IGP_NONE)
		in->failed = true;
	return igp > IGP_NONE ? IGP_NONE : (enum network_igp)igp;
}

static enum network_bird
unpack_bird(struct unpack *in)
{
	uint8_t bird = unpack_u8(in);

	if (bird > BIRD_1_6)
		in->failed = true;
	return bird == BIRD_1_6 ? BIRD_1_6 : BIRD_2;
}

static int
unpack_tunnels(struct unpack *in, struct plan *plan)
{
	size_t n = unpack_count(in, PLAN_TUNNEL_BYTES, PLAN_TUNNELS_MAX);

	plan->tunnels = calloc(n + 1, sizeof(plan->tunnels[0]));
	if (plan->tunnels == NULL)
		return FAULT_SYSTEM;
	plan->n_tunnels = n;
	for (size_t i = 0; i < n && !in->failed; i++)
		unpack_tunnel(in, &plan->tunnels[i]);
	return 0;
}

static int
unpack_sessions(struct unpack *in, struct plan *plan)
{
	size_t n = unpack_count(in, PLAN_SESSION_BYTES, PEERING_MAX);

	plan->sessions = calloc(n + 1, sizeof(plan->sessions[0]));
	if (plan->sessions == NULL)
		return FAULT_SYSTEM;
	plan->n_sessions = n;
	for (size_t i = 0; i < n && !in->failed; i++)
		unpack_session(in, &plan->sessions[i]);
	return 0;
}

static int
unpack_ibgps(struct unpack *in, struct plan *plan)
{
	size_t n = unpack_count(in, PLAN_IBGP_BYTES, NETWORK_POPS_MAX);

	plan->ibgp = calloc(n + 1, sizeof(plan->ibgp[0]));
	if (plan->ibgp == NULL)
		return FAULT_SYSTEM;
	plan->n_ibgp = n;
	for (size_t i = 0; i < n && !in->failed; i++)
		unpack_ibgp(in, &plan->ibgp[i]);
	return 0;
}

int
plan_decode(struct plan **out, struct unpack *in)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	int rc = FAULT_SYSTEM;

	if (plan == NULL)
		goto out;
	if (unpack_u8(in) != PLAN_FORMAT)
		in->failed = true;
	plan->asn = unpack_u32(in);
	unpack_text(in, plan->name, sizeof(plan->name));
	unpack_text(in, plan->pop_name, sizeof(plan->pop_name));
	unpack_ip(in, &plan->router_id);
	unpack_ip(in, &plan->loopback4);
	unpack_ip(in, &plan->loopback6);
	plan->n_prefixes =
	    unpack_prefixes(in, plan->prefixes, PLAN_PREFIXES_MAX);
	plan_link_rules(plan);
	unpack_policy(in, plan);
	plan->igp = unpack_igp(in);
	plan->bird = unpack_bird(in);
	unpack_endpoint(in, &plan->endpoint);
	if ((rc = unpack_tunnels(in, plan)) != 0 ||
	    (rc = unpack_sessions(in, plan)) != 0 ||
	    (rc = unpack_ibgps(in, plan)) != 0)
		goto out;
	rc = unpack_end(in);
	if (rc == 0)
		rc = plan_check(plan);
	if (rc != 0)
		goto out;
	*out = plan;
	plan = NULL;
	rc = 0;
out:
	plan_free(plan);
	return rc;
}
