#ifndef REGISTRY_ROA_H
#define REGISTRY_ROA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/fault.h"
#include "base/ip.h"
#include "registry/report.h"

/* AS `asn` may announce the prefix and its parts down to length `max`. */
struct roa {
	struct prefix prefix; /* without host bits, not longer than max */
	uint8_t max; /* at most 32 or 128 */
	uint32_t asn; /* 0: nobody may (RFC 7607) */
};

struct roa_set {
	struct roa *roas; /* by roa_cmp, each once */
	size_t n;
	size_t skipped; /* objects and filter lines that gave nothing */
	size_t conflicts; /* of these: with the marks of a merge's conflict */
	time_t changed; /* when the registry's folders last changed */
};

/* Which families roa_load reads. */
#define ROA_IPV4 1U
#define ROA_IPV6 2U

/*
 * The ROA set of dir/data, from route, route6 and the filter files: the rule
 * that decides for a prefix must permit it; its largest length, or the
 * object's max-length within the rule's lengths, is the ROA's; one for each
 * origin. An object that breaks a rule, or may have no ROA, is reported and
 * skipped; another thread may tell, but one at a time. 0: *out is the caller's
 * to free. FAULT_NOT_FOUND: a folder or filter file of a family is missing;
 * FAULT_INVALID: a filter file has no rule, or there is no ROA at all;
 * FAULT_LIMIT, FAULT_SYSTEM.
 */
int roa_load(struct roa_set *out, const char *dir, unsigned families,
    const struct report *report, struct fault *f);
void roa_set_free(struct roa_set *set);

/* By prefix, max, asn. */
int roa_cmp(const void *a, const void *b);

/* True if it keeps what struct roa says of its fields. */
bool roa_is_valid(const struct roa *roa);

#endif
