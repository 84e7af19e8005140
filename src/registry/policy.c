#include "registry/policy.h"

#include <stdlib.h>

#define RULE_BYTES (PACK_PREFIX_LEN + 1 + 1 + 1 + 4)
#define ROA_BYTES  (PACK_PREFIX_LEN + 1 + 4)

int
policy_load(struct policy *out, const char *dir, const struct report *report,
    struct fault *f)
{
	struct policy p = { 0 };
	int rc;

	rc = filter_load(&p.filters[0], 4, dir, report, f);
	if (rc == 0)
		rc = filter_load(&p.filters[1], 6, dir, report, f);
	if (rc == 0)
		rc = roa_load(&p.roas, dir, ROA_IPV4 | ROA_IPV6, report, f);
	if (rc == 0 && p.roas.n > POLICY_ROAS_MAX)
		rc = fault_set(f, FAULT_LIMIT, "registry",
		    "%s/data gives %zu ROAs, and %d is the most", dir, p.roas.n,
		    POLICY_ROAS_MAX);
	if (rc != 0)
		policy_free(&p);
	else
		*out = p;
	return rc;
}

void
policy_free(struct policy *p)
{
	filter_free(&p->filters[0]);
	filter_free(&p->filters[1]);
	roa_set_free(&p->roas);
}

static void
encode_filter(struct pack *out, const struct filter *filter)
{
	pack_u32(out, (uint32_t)filter->n);
	for (size_t i = 0; i < filter->n; i++) {
		const struct filter_rule *r = &filter->rules[i];

		pack_prefix(out, &r->prefix);
		pack_u8(out, r->min);
		pack_u8(out, r->max);
		pack_u8(out, r->permit);
		pack_u32(out, r->nr);
	}
}

void
policy_encode(struct pack *out, const struct policy *p)
{
	encode_filter(out, &p->filters[0]);
	encode_filter(out, &p->filters[1]);
	pack_u32(out, (uint32_t)p->roas.n);
	for (size_t i = 0; i < p->roas.n; i++) {
		const struct roa *r = &p->roas.roas[i];

		pack_prefix(out, &r->prefix);
		pack_u8(out, r->max);
		pack_u32(out, r->asn);
	}
}

static int
decode_filter(struct filter *filter, uint8_t family, struct unpack *in)
{
	size_t n = unpack_count(in, RULE_BYTES, FILTER_RULES_MAX);

	filter->rules = calloc(n + 1, sizeof(filter->rules[0]));
	if (filter->rules == NULL)
		return FAULT_SYSTEM;
	filter->n = n;
	for (size_t i = 0; i < n && !in->failed; i++) {
		struct filter_rule *r = &filter->rules[i];

		unpack_prefix(in, &r->prefix);
		r->min = unpack_u8(in);
		r->max = unpack_u8(in);
		r->permit = unpack_bool(in);
		r->nr = unpack_u32(in);
		if (r->prefix.ip.family != family || r->min > r->max ||
		    r->max > ip_bits(&r->prefix.ip) ||
		    (i > 0 && r[-1].nr > r->nr))
			in->failed = true;
	}
	return 0;
}

static int
decode_roas(struct roa_set *set, struct unpack *in)
{
	size_t n = unpack_count(in, ROA_BYTES, POLICY_ROAS_MAX);

	set->roas = calloc(n + 1, sizeof(set->roas[0]));
	if (set->roas == NULL)
		return FAULT_SYSTEM;
	set->n = n;
	for (size_t i = 0; i < n && !in->failed; i++) {
		struct roa *r = &set->roas[i];

		unpack_prefix(in, &r->prefix);
		r->max = unpack_u8(in);
		r->asn = unpack_u32(in);
		if (!roa_is_valid(r) || (i > 0 && roa_cmp(r - 1, r) >= 0))
			in->failed = true;
	}
	return 0;
}

int
policy_decode(struct policy *out, struct unpack *in)
{
	struct policy p = { 0 };
	int rc;

	if ((rc = decode_filter(&p.filters[0], 4, in)) == 0 &&
	    (rc = decode_filter(&p.filters[1], 6, in)) == 0 &&
	    (rc = decode_roas(&p.roas, in)) == 0)
		rc = unpack_end(in);
	if (rc != 0)
		policy_free(&p);
	else
		*out = p;
	return rc;
}
