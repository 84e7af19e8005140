#ifndef TESTS_UNIT_SAMPLE_PLAN_H
#define TESTS_UNIT_SAMPLE_PLAN_H

#include "base/frame.h"
#include "plan/plan.h"
#include "sample.h"

static inline struct plan *
derived(const struct sample *s, const struct peering *list, size_t n)
{
	struct plan *plan = NULL;

	assert_int_equal(plan_derive(&plan, &s->rules, list, n), 0);
	return plan;
}

/* The sample without its mesh. */
static inline void
sample_alone(struct sample *s)
{
	sample_init(s);
	s->net.mesh.topology = TOPOLOGY_NONE;
}

/* A plan of two tunnels, to be changed by a test. */
static inline struct plan *
sample_plan(struct sample *s)
{
	struct peering list[2] = { sample_peering(4242421344, 1),
		sample_peering(65000, 2) };

	sample_alone(s);
	list[1].has_psk = true;
	list[1].psk = sample_key(4);
	list[1].host[0] = '\0';
	list[1].port = 0;
	list[1].link_local = sample_ip("fe80::1:2");
	return derived(s, list, 2);
}

/* Through bytes and back. */
static inline int
decoded(const struct plan *plan, struct plan **out)
{
	struct pack p;
	struct unpack u;
	int rc;

	pack_init(&p, FRAME_MAX);
	plan_encode(&p, plan);
	assert_false(p.failed);
	unpack_init(&u, p.data, p.len);
	rc = plan_decode(out, &u);
	pack_free(&p);
	return rc;
}

#endif
