#ifndef REGISTRY_ROUTE_H
#define REGISTRY_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/ip.h"

#define ROUTE_ORIGINS_MAX 256 /* of one object; the most known are 7 */

/* A route (IPv4) or route6 object: which AS may announce a prefix. */
struct route {
	struct prefix prefix; /* without host bits */
	bool has_max;
	uint32_t max; /* max-length as it stands there, any number */
	size_t n; /* origins, one at least; doubles stay */
	uint32_t origins[ROUTE_ORIGINS_MAX]; /* AS0 is one: nobody may */
};

/* The class of objects: "route" or "route6". */
const char *route_class(unsigned family);

/*
 * Reads the object text[0..len) of the file `name`, which is its prefix with
 * '_' for '/': "172.20.0.0_24". 0; or FAULT_INVALID for an object of which
 * nothing may be used, *f says why: the name is no prefix of the family, its
 * `route:` is not just that prefix, host bits are set, an origin or the
 * max-length is no number, there are no or too many origins, or two
 * max-lengths.
 */
int route_parse(struct route *out, unsigned family, const char *name,
    const char *text, size_t len, struct fault *f);

#endif
