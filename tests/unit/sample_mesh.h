#ifndef TESTS_UNIT_SAMPLE_MESH_H
#define TESTS_UNIT_SAMPLE_MESH_H

#include <stdio.h>
#include <stdlib.h>

#include "sample_plan.h"

/* A network of `n` POPs, with the ids 1 to n. */
struct mesh {
	struct sample s; /* for its prefixes and rules */
	struct network_pop *pops;
};

static inline void
mesh_init(struct mesh *m, size_t n)
{
	sample_init(&m->s);
	m->pops = calloc(n, sizeof(m->pops[0]));
	assert_non_null(m->pops);
	for (size_t i = 0; i < n; i++) {
		char name[24], host[64], ip4[32], ip6[48];

		snprintf(name, sizeof(name), "pop%zu", i + 1);
		snprintf(host, sizeof(host), "%s.example.net", name);
		snprintf(ip4, sizeof(ip4), "172.22.%zu.%zu/32", (i + 1) / 256,
		    (i + 1) % 256);
		snprintf(ip6, sizeof(ip6), "fd28:7515:7d51:%zx::1/64", i + 1);
		sample_pop(
		    &m->pops[i], name, (uint16_t)(i + 1), host, ip4, ip6);
	}
	m->s.net.pops = m->pops;
	m->s.net.n_pops = n;
}

static inline void
mesh_free(struct mesh *m)
{
	free(m->pops);
}

/* The plan of the POP with that id. */
static inline struct plan *
mesh_plan(struct mesh *m, size_t id)
{
	struct peering_rules rules;
	struct plan *plan = NULL;

	peering_rules_init(&rules, &m->s.net, &m->pops[id - 1]);
	assert_int_equal(plan_derive(&plan, &rules, NULL, 0), 0);
	return plan;
}

/* Its link to the POP with that id; NULL: none. */
static inline const struct plan_tunnel *
link_to(const struct plan *plan, size_t id)
{
	char ifname[PLAN_IFNAME_MAX];

	snprintf(ifname, sizeof(ifname), "wg-int-%zu", id);
	return plan_tunnel_find(plan, ifname);
}

#endif
