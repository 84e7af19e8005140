#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
plan_free(struct plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->n_tunnels; i++)
		wgkey_wipe(&plan->tunnels[i].psk);
	free(plan->tunnels);
	free(plan->sessions);
	free(plan->ibgp);
	free(plan->upstreams);
	free(plan);
}

char *
plan_peering_ifname(char buf[PLAN_IFNAME_MAX], uint32_t asn)
{
	snprintf(buf, PLAN_IFNAME_MAX, "wg-as%u", (unsigned)asn);
	return buf;
}

static int
by_ifname(const void *key, const void *element)
{
	const struct plan_tunnel *t = element;

	return strcmp(key, t->ifname);
}

const struct plan_tunnel *
plan_tunnel_find(const struct plan *plan, const char *ifname)
{
	return bsearch(ifname, plan->tunnels, plan->n_tunnels,
	    sizeof(plan->tunnels[0]), by_ifname);
}

bool
plan_tunnel_is_given(const struct plan_tunnel *t)
{
	return t->pop != 0 && t->len4 < 32;
}

static int
number_cmp(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
key_cmp(const struct wgkey *a, const struct wgkey *b)
{
	return memcmp(a->byte, b->byte, WGKEY_LEN);
}

static int
allowed_cmp(const struct plan_tunnel *a, const struct plan_tunnel *b)
{
	int c = number_cmp(a->n_allowed, b->n_allowed);

	for (size_t i = 0; c == 0 && i < a->n_allowed; i++)
		c = prefix_cmp(&a->allowed[i], &b->allowed[i]);
	return c;
}

int
plan_tunnel_cmp(const struct plan_tunnel *a, const struct plan_tunnel *b)
{
	int c;

	if ((c = strcmp(a->ifname, b->ifname)) != 0 ||
	    (c = number_cmp(a->asn, b->asn)) != 0 ||
	    (c = number_cmp(a->pop, b->pop)) != 0 ||
	    (c = strcmp(a->pop_name, b->pop_name)) != 0 ||
	    (c = number_cmp(a->listen_port, b->listen_port)) != 0 ||
	    (c = number_cmp(a->mtu, b->mtu)) != 0 ||
	    (c = key_cmp(&a->key, &b->key)) != 0 ||
	    (c = number_cmp(a->has_psk, b->has_psk)) != 0 ||
	    (a->has_psk && (c = key_cmp(&a->psk, &b->psk)) != 0) ||
	    (c = strcmp(a->host, b->host)) != 0 ||
	    (c = number_cmp(a->port, b->port)) != 0 ||
	    (c = number_cmp(a->keepalive, b->keepalive)) != 0 ||
	    (c = allowed_cmp(a, b)) != 0 ||
	    (c = ip_cmp(&a->local, &b->local)) != 0 ||
	    (c = ip_cmp(&a->remote, &b->remote)) != 0 ||
	    (c = ip_cmp(&a->local4, &b->local4)) != 0 ||
	    (c = number_cmp(a->len4, b->len4)) != 0)
		return c;
	return ip_cmp(&a->remote4, &b->remote4);
}
