#include <bsd/string.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/rib.h"

/* Is it by BGP? */
static bool
is_bgp(const struct rib_route *r)
{
	return strcmp(r->source, "BGP") == 0;
}

/* RFC 4271, 5.1.1: the lower the better. */
static int
origin_rank(const struct rib_route *r)
{
	if (strcmp(r->origin, "IGP") == 0)
		return 0;
	return strcmp(r->origin, "EGP") == 0 ? 1 : 2;
}

/* Over 0: a is better; says by what, with what each has. */
static int
higher(char buf[RIB_WHY_MAX], const char *what, uint32_t a, uint32_t b)
{
	if (a != b)
		snprintf(buf, RIB_WHY_MAX, "%s %" PRIu32 " over %" PRIu32, what,
		    a > b ? a : b, a > b ? b : a);
	return (a > b) - (a < b);
}

static int
lower(char buf[RIB_WHY_MAX], const char *what, uint32_t a, uint32_t b)
{
	if (a != b)
		snprintf(buf, RIB_WHY_MAX, "%s %" PRIu32 " over %" PRIu32, what,
		    a < b ? a : b, a < b ? b : a);
	return (a < b) - (a > b);
}

static int
compare_bgp(
    char buf[RIB_WHY_MAX], const struct rib_route *a, const struct rib_route *b)
{
	int rc;

	rc = higher(buf, "local preference", a->local_pref, b->local_pref);
	if (rc == 0)
		rc = lower(buf, "AS path of", a->path_len, b->path_len);
	if (rc != 0)
		return rc;
	rc = origin_rank(b) - origin_rank(a);
	if (rc != 0) {
		snprintf(buf, RIB_WHY_MAX, "origin %s over %s",
		    rc > 0 ? a->origin : b->origin,
		    rc > 0 ? b->origin : a->origin);
		return rc;
	}
	if (a->first_asn == b->first_asn)
		rc = lower(buf, "MED", a->med, b->med);
	if (rc != 0)
		return rc;
	if (a->external != b->external) {
		strlcpy(buf, "external over internal", RIB_WHY_MAX);
		return a->external ? 1 : -1;
	}
	return lower(buf, "IGP metric", a->metric, b->metric);
}

/* Over 0: a is better; 0: what is shown does not tell. */
static int
compare(
    char buf[RIB_WHY_MAX], const struct rib_route *a, const struct rib_route *b)
{
	int rc = higher(buf, "preference", a->preference, b->preference);

	if (rc != 0)
		return rc;
	if (is_bgp(a) && is_bgp(b))
		return compare_bgp(buf, a, b);
	return lower(buf, "metric", a->metric, b->metric);
}

char *
rib_why(char buf[RIB_WHY_MAX], const struct rib_network *net)
{
	const struct rib_route *best = NULL, *second = NULL;

	buf[0] = '\0';
	for (size_t i = 0; i < net->n; i++)
		if (net->routes[i].best)
			best = &net->routes[i];
	for (size_t i = 0; i < net->n; i++) {
		const struct rib_route *r = &net->routes[i];

		if (r != best &&
		    (second == NULL || compare(buf, r, second) > 0))
			second = r;
	}
	buf[0] = '\0';
	if (best == NULL)
		return buf;
	if (second == NULL)
		strlcpy(buf, "the only one", RIB_WHY_MAX);
	else if (compare(buf, best, second) <= 0)
		strlcpy(buf,
		    is_bgp(best) && is_bgp(second)
			? "router id or address of the neighbour"
			: "older",
		    RIB_WHY_MAX);
	return buf;
}
