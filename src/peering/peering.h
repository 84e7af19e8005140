#ifndef PEERING_PEERING_H
#define PEERING_PEERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/ip.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "network/network.h"
#include "peering/endpoint.h"
#include "registry/registry.h"

#define PEERING_MAX	    4096 /* on one POP */
#define PEERING_ID_MAX	    65535 /* one group of a link-local address */
#define PEERING_PAUSED_MAX  128 /* printable ASCII and the end */
#define LATENCY_MAX	    9 /* classes of dn42's communities */
#define PEERING_MTU_DEFAULT 1420
#define PEERING_MTU_MIN	    NETWORK_MTU_MIN
#define PEERING_MTU_MAX	    NETWORK_MTU_MAX

/* A peering on this POP: at most one per AS. */
struct peering {
	uint32_t asn;
	uint32_t id; /* 1..PEERING_ID_MAX; given once, never changed */
	uint16_t listen_port; /* ours; given once, never changed */
	char mntner[MNTNER_MAX]; /* whose it is: who gave the key */
	struct wgkey key; /* the visitor's public key */
	bool has_psk;
	struct wgkey psk;
	char host[HOST_TEXT_MAX]; /* name or address; "": behind NAT */
	uint16_t port; /* 0 exactly where host is "" */
	struct ip link_local; /* the visitor's own; family 0: we give one */
	uint16_t mtu;
	int64_t created, changed; /* seconds since 1970 */
	/* Not the visitor's to set: */
	uint8_t latency; /* measured class, 1..LATENCY_MAX; 0: not yet known */
	char paused[PEERING_PAUSED_MAX]; /* why its session is kept down; "" */
	bool keyed; /* `mntner` has had an SSH key: it must not lose it */
};

/* What a peering on this POP must keep to; from the network file. */
struct peering_rules {
	struct endpoint_rules endpoint;
	const struct network *net;
	const struct network_pop *pop;
};

void peering_rules_init(struct peering_rules *out, const struct network *net,
    const struct network_pop *pop);

/*
 * Is `p` well-formed, and does it collide with none of `all` (its own AS's
 * entry is passed over)? 0, or with the field FAULT_INVALID, FAULT_TAKEN, or
 * FAULT_DENIED: the network file blocks its AS. Pure.
 * Whether the visitor owns the AS is the caller's question.
 */
int peering_check(const struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f);

/*
 * Gives a new peering its id (the lowest free) and its port: by the rule of
 * `peering.ports`, or the lowest free port from 50000 where that one is taken
 * or below 1024. 0 or FAULT_LIMIT. Pure: the same for the same input.
 */
int peering_allocate(struct peering *p, const struct peering_rules *rules,
    const struct peering *all, size_t n, struct fault *f);

/* The peering of that AS in all[0..n), or NULL. */
const struct peering *
peering_find(const struct peering *all, size_t n, uint32_t asn);

/* The two ends of the tunnel. */
struct ip peering_our_ip(const struct peering *p, const struct network *net);
struct ip peering_their_ip(const struct peering *p, const struct network *net);

#endif
