#ifndef TESTS_UNIT_SAMPLE_SITES_H
#define TESTS_UNIT_SAMPLE_SITES_H

#include "plan/plan.h"

/* The plan of a POP of examples/two-sites.yaml. */
static inline struct plan *
two_sites_plan(const char *pop)
{
	struct network_problems problems = { 0 };
	struct peering_rules rules;
	struct network *net = NULL;
	struct plan *plan = NULL;

	assert_int_equal(
	    network_load(&net, "examples/two-sites.yaml", &problems), 0);
	peering_rules_init(&rules, net, network_pop(net, pop));
	assert_int_equal(plan_derive(&plan, &rules, NULL, 0), 0);
	network_free(net);
	return plan;
}

#endif
