#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pack.h"
#include "network/network.h"
#include "peering/peering.h"

#define PLAN_IFNAME_MAX	  16 /* IFNAMSIZ */
#define PLAN_ALLOWED_MAX  8
#define PLAN_PREFIXES_MAX NETWORK_LIST_MAX
#define PLAN_BLOCKED_MAX  NETWORK_BLOCK_MAX
#define PLAN_TUNNELS_MAX  (PEERING_MAX + NETWORK_POPS_MAX)
#define PLAN_PARTS_MAX	  (PLAN_TUNNELS_MAX + 4) /* see agent/wire.h */
#define PLAN_SESSION_MAX  32 /* a BIRD symbol and the end */

/* A WireGuard interface with its one peer: a peering's, or a link's. */
struct plan_tunnel {
	char ifname[PLAN_IFNAME_MAX]; /* wg-as4242421344, wg-int-2; sort key */
	uint32_t asn; /* whose peering it is; 0: a link */
	uint16_t pop; /* the id of the POP a link leads to; 0: a peering */
	char pop_name[NETWORK_POP_MAX]; /* its name; "": a peering */
	uint16_t listen_port;
	uint16_t mtu;
	struct wgkey key; /* the other side's public key */
	bool has_psk;
	struct wgkey psk;
	char host[HOST_TEXT_MAX]; /* name or address; "": it calls us */
	uint16_t port;
	uint16_t keepalive; /* seconds; 0: none */
	struct prefix allowed[PLAN_ALLOWED_MAX];
	size_t n_allowed;
	struct ip local, remote; /* link-local, point to point, /128 each */
	struct ip local4, remote4; /* a link's in IPv4; see len4 */
	/*
	 * Of local4. 32: point to point to remote4. Less, a given link: the
	 * address in its subnet, with no peer, and nothing in IPv6. 0: a
	 * peering, no local4.
	 */
	uint8_t len4;
	/* Not encoded, of EdgeOS: */
	uint8_t len6; /* of local, where that is no end of ours; or 0 */
	char description[NETWORK_NAME_MAX];
	uint16_t firewall_rule; /* that lets its packets in */
};

/* An eBGP session that carries both families. */
struct plan_session {
	char name[PLAN_SESSION_MAX]; /* "ebgp_as4242421344_v6"; sort key */
	char ifname[PLAN_IFNAME_MAX]; /* the tunnel it runs over */
	uint32_t asn; /* the neighbour's */
	struct ip neighbor;
	struct ip source;
	uint32_t import_limit;
	uint8_t latency; /* class 1..LATENCY_MAX of its tunnel; 0: unknown */
	bool paused; /* kept down: the tunnel stays */
};

/*
 * A peering of a POP without an agent. Its tunnel's addresses may be any, of
 * any length; a session for each family runs between them.
 */
struct plan_upstream {
	char name[NETWORK_NAME_MAX];
	struct plan_tunnel tunnel;
	uint32_t import_limit;
};

/*
 * An iBGP session between loopbacks. Over IPv6 it carries both families, over
 * IPv4, where one of the two POPs has no other, IPv4 alone. On a given link
 * it is direct: between the link's addresses, IPv4 alone.
 */
struct plan_ibgp {
	uint16_t pop; /* the id of the other POP; the sort key */
	char pop_name[NETWORK_POP_MAX];
	struct ip neighbor, source;
	bool client; /* it is a route reflector client of ours (RFC 4456) */
	bool direct; /* on the given link to that POP */
};

/* All that one POP should have. Lists are sorted by their keys, each once. */
struct plan {
	uint32_t asn;
	char name[NETWORK_NAME_MAX];
	char pop_name[NETWORK_POP_MAX]; /* ours */
	struct ip router_id; /* IPv4; what stands in for it without one */
	struct ip loopback4, loopback6; /* family 0: none */
	struct prefix prefixes[PLAN_PREFIXES_MAX]; /* announced */
	size_t n_prefixes;
	/* dn42's communities (64511, n), dn42 wiki; 0: not said */
	uint16_t region, country; /* of our own routes: 41.., 1000.. */
	uint16_t bandwidth; /* of all tunnels of this POP: 21..29 */
	uint32_t blocked[PLAN_BLOCKED_MAX]; /* AS numbers, ascending */
	size_t n_blocked;
	enum network_igp igp; /* on derived links; IGP_NONE without any */
	enum network_bird bird; /* that runs there */
	struct endpoint_rules endpoint; /* of peerings */
	struct endpoint_rules link_endpoint; /* not encoded: of `prefixes` */
	struct plan_tunnel *tunnels;
	size_t n_tunnels;
	struct plan_session *sessions;
	size_t n_sessions;
	struct plan_ibgp *ibgp;
	size_t n_ibgp;
	/* Not encoded: an EdgeOS POP has no agent. */
	enum network_platform platform;
	char private_key[NETWORK_PATH_MAX];
	char firewall[NETWORK_RULESET_MAX];
	struct plan_upstream *upstreams; /* as in the network file */
	size_t n_upstreams;
};

/*
 * What `rules->pop` should have with these peerings, and its part of the mesh.
 * Pure. A peering that breaks the rules is left out: the network file may have
 * changed since it was made, and the others go on. 0: *out is the caller's to
 * free. FAULT_SYSTEM: no memory; FAULT_LIMIT.
 *
 * A link's names, ports and addresses come of the two POPs' ids alone: POP a
 * has for POP b the interface wg-int-<b>, listens on mesh.port_base + b, calls
 * mesh.port_base + a there, and has on all its links the addresses
 * fe80::3:<a in hex> and 169.254.<1 + a / 256>.<a % 256>. A given link has
 * what the network file says.
 */
int plan_derive(struct plan **out, const struct peering_rules *rules,
    const struct peering *peerings, size_t n);
void plan_free(struct plan *plan);

/*
 * To bytes, and back. Decoding trusts nothing: every value is checked as if a
 * stranger had sent it (names, ranges, order, endpoint rules), and anything
 * amiss is FAULT_INVALID.
 */
void plan_encode(struct pack *out, const struct plan *plan);
int plan_decode(struct plan **out, struct unpack *in);

/* "wg-as4242421344", the tunnel of that AS's peering; in buf. */
char *plan_peering_ifname(char buf[PLAN_IFNAME_MAX], uint32_t asn);

/* Where a tunnel of the plan may lead. */
const struct endpoint_rules *
plan_rules(const struct plan *plan, const struct plan_tunnel *t);

/* The tunnel of that name, or NULL. */
const struct plan_tunnel *
plan_tunnel_find(const struct plan *plan, const char *ifname);

/* Is it a link whose values the network file gives? */
bool plan_tunnel_is_given(const struct plan_tunnel *t);

/* Compares every field that is encoded. 0: equal. */
int plan_tunnel_cmp(const struct plan_tunnel *a, const struct plan_tunnel *b);

/* Has any of the upstreams IPv6? */
bool plan_has_upstream6(const struct plan *plan);

#endif
