#ifndef ENGINE_QUARANTINE_H
#define ENGINE_QUARANTINE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/wire.h"
#include "base/fault.h"

/*
 * Peerings that a plan leaves out, because they break the rules of its network
 * file. They keep their place in the store.
 */
struct quarantine {
	struct wire_state *list; /* refused, each with the rule as reason */
	size_t n;
};

/* 0, or FAULT_SYSTEM: no memory. */
int quarantine_add(struct quarantine *q, uint32_t asn, const struct fault *why);

/* What was said of that AS's peering; NULL: it is not in there. */
const struct wire_state *
quarantine_find(const struct quarantine *q, uint32_t asn);

void quarantine_free(struct quarantine *q);

#endif
