#include "engine/whose.h"

#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/sync.h"
#include "plan/mesh.h"
#include "registry/object.h"

#define LEN_MIN 8 /* no object is for more than that */

/*
 * Reads the most specific inetnum or inet6num that holds the address: a file
 * named by its prefix. NULL: there is none.
 */
static char *
read_object(const struct engine *e, const struct ip *ip, size_t *len)
{
	const char *class = ip->family == 4 ? "inetnum" : "inet6num";
	char path[PREFIX_TEXT_MAX + 16], address[IP_TEXT_MAX];
	char *text;

	for (unsigned bits = ip_bits(ip); bits >= LEN_MIN; bits--) {
		struct prefix p = { *ip, (uint8_t)bits };

		prefix_mask(&p);
		snprintf(path, sizeof(path), "data/%s/%s_%u", class,
		    ip_text(&p.ip, address), bits);
		if (file_read_below(sync_dir(e->sync), path, OBJECT_FILE_MAX,
			&text, len) == 0)
			return text;
	}
	return NULL;
}

/* Who may announce it, by the longest of the registry's routes. */
static void
take_origin(struct whose *w, const struct engine *e, const struct ip *ip)
{
	const struct roa_set *set = &e->policy.roas;
	const struct roa *best = NULL;

	for (size_t i = 0; i < set->n; i++) {
		const struct roa *roa = &set->roas[i];

		if (roa->asn != 0 && prefix_contains(&roa->prefix, ip) &&
		    (best == NULL || roa->prefix.len > best->prefix.len))
			best = roa;
	}
	if (best != NULL)
		w->asn = best->asn;
}

static void
take_text(char *dst, size_t size, const struct object_attr *a)
{
	if (dst[0] == '\0')
		text_clean(dst, size, a->value, a->value_len);
}

static void
take_network(struct whose *w, const struct engine *e, const struct ip *ip)
{
	char mntner[MNTNER_MAX] = "";
	struct object_reader r;
	struct object_attr a;
	size_t len;
	char *text = read_object(e, ip, &len);

	if (text == NULL)
		return;
	object_open(&r, text, len);
	while (object_next(&r, &a)) {
		if (object_is(&a, "netname"))
			take_text(w->network, sizeof(w->network), &a);
		else if (object_is(&a, "mnt-by"))
			take_text(mntner, sizeof(mntner), &a);
	}
	free(text);
	if (w->asn == 0)
		memcpy(w->mntner, mntner, sizeof(mntner));
}

/* On one of the links that the network file gives. */
static const char *
given_link_pop(const struct network *net, const struct ip *ip)
{
	for (size_t i = 0; i < net->n_links; i++)
		for (size_t j = 0; j < net->links[i].n_ends; j++)
			if (ip_cmp(&net->links[i].ends[j].ipv4.ip, ip) == 0)
				return net->links[i].ends[j].pop;
	return NULL;
}

/* On the tunnel of a peering that the network file gives. */
static const char *
upstream_pop(const struct network *net, const struct ip *ip)
{
	for (size_t i = 0; i < net->n_upstreams; i++)
		if (ip_cmp(&net->upstreams[i].ipv4.ip, ip) == 0 ||
		    ip_cmp(&net->upstreams[i].ipv6.ip, ip) == 0)
			return net->upstreams[i].pop;
	return NULL;
}

static bool
has_ip(const struct network_pop *pop, const struct ip *ip)
{
	return ip_cmp(&pop->ipv4.ip, ip) == 0 ||
	       ip_cmp(&pop->ipv6.ip, ip) == 0 || mesh_has_ip(pop, ip);
}

static bool
take_pop(struct whose *w, const struct engine *e, const struct ip *ip)
{
	const char *name = given_link_pop(e->net, ip);

	if (name == NULL)
		name = upstream_pop(e->net, ip);
	for (size_t i = 0; name == NULL && i < e->net->n_pops; i++)
		if (has_ip(&e->net->pops[i], ip))
			name = e->net->pops[i].name;
	if (name == NULL)
		return false;
	strlcpy(w->pop, name, sizeof(w->pop));
	w->asn = e->net->asn;
	return true;
}

static bool
take_peering(struct whose *w, const struct engine *e, const struct ip *ip)
{
	for (size_t i = 0; i < e->n_peerings; i++) {
		struct ip theirs = peering_their_ip(&e->peerings[i], e->net);

		if (ip_cmp(&theirs, ip) != 0)
			continue;
		w->asn = e->peerings[i].asn;
		memcpy(w->mntner, e->peerings[i].mntner, sizeof(w->mntner));
		return true;
	}
	for (size_t i = 0; i < e->net->n_upstreams; i++) {
		const struct network_upstream *up = &e->net->upstreams[i];

		if (ip_cmp(&up->peer_ipv4, ip) != 0 &&
		    ip_cmp(&up->peer_ipv6, ip) != 0)
			continue;
		w->asn = up->asn;
		strlcpy(w->peer, up->name, sizeof(w->peer));
		return true;
	}
	return false;
}

void
whose_find(struct whose *out, const struct engine *e, const struct ip *ip)
{
	struct whose w = { 0 };
	const char *owner = NULL;

	if (!take_pop(&w, e, ip) && !take_peering(&w, e, ip)) {
		take_origin(&w, e, ip);
		take_network(&w, e, ip);
	}
	if (w.asn != 0 && w.mntner[0] == '\0' && e->registry != NULL)
		owner = registry_owner(e->registry, w.asn);
	if (owner != NULL)
		strlcpy(w.mntner, owner, sizeof(w.mntner));
	*out = w;
}

void
whose_json(json_t *o, const struct whose *w)
{
	json_object_set_new(o, "pop", field_of_text(w->pop));
	json_object_set_new(o, "peer", field_of_text(w->peer));
	json_object_set_new(
	    o, "asn", w->asn != 0 ? json_integer(w->asn) : json_null());
	json_object_set_new(o, "mntner", field_of_text(w->mntner));
	json_object_set_new(o, "network", field_of_text(w->network));
}
