#ifndef RENDER_PREFIXES_H
#define RENDER_PREFIXES_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"
#include "registry/filter.h"

/*
 * Prefix lists, as EdgeOS and FRR have them: the first rule decides whose
 * prefix contains a network, and whose span its length lies in; what none
 * takes is denied.
 */
struct prefix_rule {
	bool permit;
	struct prefix prefix;
	uint8_t ge, le; /* lengths; 0: not said. Both 0: that prefix alone */
};

/* What routes of a family peers may give us, and what they are given. */
enum prefixes { PREFIXES_IMPORT, PREFIXES_EXPORT };

/*
 * Hands on the rules, in order. Ours: the prefixes of the plan go out as a
 * whole, and no part of them comes in. Others': what the filter of that
 * family says, as filter_find() does; with NULL the networks that dn42's wiki
 * names.
 */
void prefixes_each(enum prefixes what, uint8_t family, const struct plan *plan,
    const struct filter *filter,
    void (*put)(void *arg, const struct prefix_rule *rule), void *arg);

#endif
