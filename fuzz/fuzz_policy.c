#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "registry/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_filter(const struct filter *filter, unsigned family)
{
	const struct filter_rule *r = filter->rules;

	for (size_t i = 0; i < filter->n; i++)
		if (r[i].prefix.ip.family != family || r[i].min > r[i].max ||
		    r[i].max > ip_bits(&r[i].prefix.ip) ||
		    prefix_has_host_bits(&r[i].prefix) ||
		    (i > 0 && r[i - 1].nr > r[i].nr))
			abort();
}

/* What BIRD would refuse a whole file for must not come through. */
static void
check_roas(const struct roa_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (!roa_is_valid(&set->roas[i]) ||
		    (i > 0 && roa_cmp(&set->roas[i - 1], &set->roas[i]) >= 0))
			abort();
}

/* What is decoded keeps the rules of its headers, and is the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy p;
	struct unpack in;
	struct pack out;

	unpack_init(&in, data, size);
	if (policy_decode(&p, &in) != 0)
		return 0;
	check_filter(&p.filters[0], 4);
	check_filter(&p.filters[1], 6);
	check_roas(&p.roas);
	pack_init(&out, FRAME_MAX);
	policy_encode(&out, &p);
	if (out.failed || out.len != size || memcmp(out.data, data, size) != 0)
		abort();
	pack_free(&out);
	policy_free(&p);
	return 0;
}
