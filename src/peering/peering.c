#include "peering/peering.h"

#include <bsd/string.h>
#include <string.h>

static void
refuse(struct endpoint_rules *e, const struct prefix *p)
{
	if (e->n_refused < ENDPOINT_PREFIXES_MAX)
		e->refused[e->n_refused++] = *p;
}

static void
refuse_list(struct endpoint_rules *e, const struct network_prefixes *list)
{
	for (size_t i = 0; i < list->n && i < NETWORK_LIST_MAX; i++)
		refuse(e, &list->list[i]);
}

static void
allow(struct endpoint_rules *e, const char *range)
{
	for (size_t i = 0; i < e->n_allow; i++)
		if (strcmp(e->allow[i], range) == 0)
			return;
	if (e->n_allow == ENDPOINT_ALLOW_MAX || !ip_range_known(range))
		return;
	strlcpy(e->allow[e->n_allow++], range, ENDPOINT_RANGE_MAX);
}

void
peering_rules_init(struct peering_rules *out, const struct network *net,
    const struct network_pop *pop)
{
	const struct network_peering *peering = &net->peering;
	struct endpoint_rules *e = &out->endpoint;

	memset(out, 0, sizeof(*out));
	out->net = net;
	out->pop = pop;
	e->ipv4 = peering->ipv4;
	e->ipv6 = peering->ipv6;
	refuse_list(e, &net->prefixes);
	refuse_list(e, &peering->reserved);
	for (size_t i = 0; i < net->n_pops; i++) {
		const char *host = net->pops[i].endpoint;
		struct prefix p = { 0 };

		if (ip_parse(&p.ip, host, strlen(host)) != 0)
			continue;
		p.len = (uint8_t)ip_bits(&p.ip);
		refuse(e, &p);
	}
	for (size_t i = 0; i < peering->allow.n; i++)
		allow(e, peering->allow.list[i]);
}

const struct peering *
peering_find(const struct peering *all, size_t n, uint32_t asn)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].asn == asn)
			return &all[i];
	return NULL;
}

/* `base` with its last two groups set: ::<side>:<id>. */
static struct ip
given(const struct ip *base, uint8_t side, uint32_t id)
{
	struct ip ip = *base;

	ip.byte[12] = 0;
	ip.byte[13] = side;
	ip.byte[14] = (uint8_t)(id >> 8);
	ip.byte[15] = (uint8_t)id;
	return ip;
}

struct ip
peering_our_ip(const struct peering *p, const struct network *net)
{
	if (p->link_local.family != 0)
		return net->peering.own_link_local;
	return given(&net->peering.link_local, 1, p->id);
}

struct ip
peering_their_ip(const struct peering *p, const struct network *net)
{
	if (p->link_local.family != 0)
		return p->link_local;
	return given(&net->peering.link_local, 2, p->id);
}
