#ifndef REGISTRY_POLICY_H
#define REGISTRY_POLICY_H

#include "base/fault.h"
#include "base/pack.h"
#include "registry/filter.h"
#include "registry/report.h"
#include "registry/roa.h"

/* What the registry says of routes. */
struct policy {
	struct filter filters[2]; /* IPv4, IPv6: which networks there are */
	struct roa_set roas; /* and who may announce them; both families */
};

#define POLICY_ROAS_MAX 200000 /* dn42 has 4,600 */

/*
 * Reads it from dir/data, as filter_load and roa_load do, whose faults it
 * gives; FAULT_LIMIT for more ROAs, too, than policy_decode takes. 0:
 * policy_free follows.
 */
int policy_load(struct policy *out, const char *dir,
    const struct report *report, struct fault *f);
void policy_free(struct policy *p);

/*
 * To bytes, and back. Decoding trusts nothing: every value is checked as if a
 * stranger had sent it, and anything amiss is FAULT_INVALID.
 */
void policy_encode(struct pack *out, const struct policy *p);
int policy_decode(struct policy *out, struct unpack *in);

#endif
