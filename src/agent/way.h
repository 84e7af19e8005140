#ifndef AGENT_WAY_H
#define AGENT_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"

/* Where the kernel would send a packet to an address. */
struct way {
	bool is_local; /* nowhere: it is our own */
	bool is_bird; /* by a route that BIRD put there, and no default one */
	uint32_t index; /* over this link; 0: over several, or none */
};

/* 0 or a negative errno: -ENETUNREACH without a route. */
int way_find(struct way *out, const struct ip *to);

#endif
