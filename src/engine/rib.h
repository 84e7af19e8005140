#ifndef ENGINE_RIB_H
#define ENGINE_RIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "engine/birdlines.h"

/* BIRD's answer to "show route all" (2.x), network by network. */
#define RIB_ROUTES_MAX 16 /* of a network that are kept; others are counted */
#define RIB_PATH_MAX   256

struct rib_route {
	char proto[64], since[32];
	char type[16]; /* "unicast", "unreachable", ... */
	char source[16]; /* "BGP", "static", "Babel", ...; "": not said */
	char origin[16]; /* of BGP: "IGP", "EGP", "Incomplete"; "" */
	bool best; /* BIRD has chosen it */
	bool external; /* BGP, from another AS */
	uint32_t preference;
	bool has_metric;
	uint32_t metric; /* of the IGP, to the next hop, or the route's own */
	struct ip from, via; /* family 0: none */
	char ifname[16];
	char path[RIB_PATH_MAX]; /* AS numbers; what is longer is cut */
	unsigned path_len; /* a set counts once (RFC 4271, 9.1.2.2) */
	uint32_t first_asn; /* of the path; 0: it is empty */
	bool has_local_pref, has_med;
	uint32_t local_pref, med;
};

struct rib_network {
	struct prefix prefix;
	struct rib_route routes[RIB_ROUTES_MAX];
	size_t n; /* kept */
	size_t all;
};

/* Reads the lines; a zeroed one with `take` and `arg` is ready. */
struct rib {
	void (*take)(void *arg, const struct rib_network *net);
	void *arg;
	bool open; /* there is a network in `net` */
	struct rib_network net;
};

void rib_line(void *rib, const struct birdline *line);
void rib_end(struct rib *rib); /* hands out the last network */

#define RIB_WHY_MAX 128
/*
 * Why BIRD has chosen that route: the first step of its comparison (bird-2
 * rt_find_best, bgp_rte_better) at which it is better than the best of the
 * others. Returns buf: "" where none is chosen.
 */
char *rib_why(char buf[RIB_WHY_MAX], const struct rib_network *net);

#endif
