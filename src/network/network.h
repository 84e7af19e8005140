#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/ip.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "network/problem.h"

#define NETWORK_FILE_MAX      (1U << 20) /* bytes */
#define NETWORK_POPS_MAX      1000
#define NETWORK_LIST_MAX      64 /* prefixes, reserved, admin keys, ... */
#define NETWORK_NAME_MAX      64
#define NETWORK_POP_MAX	      13 /* "wg-" and a POP's name make an interface */
#define NETWORK_KEY_MAX	      4096 /* an SSH public key line */
#define NETWORK_BLOCK_MAX     64 /* AS numbers in policy.block */
#define NETWORK_LINKS_MAX     256 /* given ones */
#define NETWORK_UPSTREAMS_MAX 256 /* `peerings` */
#define NETWORK_IFNAME_MAX    16 /* IFNAMSIZ */
#define NETWORK_PATH_MAX      128
#define NETWORK_RULESET_MAX   29 /* of EdgeOS's firewall */
#define NETWORK_RULES_MAX     9999 /* of one such */
#define NETWORK_MTU_MIN	      1280 /* RFC 8200 */
#define NETWORK_MTU_MAX	      1440 /* 1500 less WireGuard over IPv4 */

enum network_ports { PORTS_ASN, PORTS_BASE };

struct network_prefixes {
	struct prefix *list;
	size_t n;
};

struct network_strings {
	char **list;
	size_t n;
};

enum network_topology { TOPOLOGY_FULL, TOPOLOGY_HUBS, TOPOLOGY_NONE };
enum network_igp { IGP_BABEL, IGP_OSPF, IGP_NONE };

/* What `mesh:` says: how our POPs are joined. */
struct network_mesh {
	enum network_topology topology; /* TOPOLOGY_FULL */
	struct network_strings hubs; /* names of POPs; of TOPOLOGY_HUBS */
	enum network_igp igp; /* IGP_BABEL */
	uint16_t port_base; /* 51800; a POP listens for POP n on base + n */
	uint16_t mtu; /* of the links; 1420 */
};

/* What `peering:` says. Absent fields have the defaults of meetme.yaml(5). */
struct network_peering {
	struct ip listen; /* [::] by default */
	uint16_t listen_port; /* 4242 */
	char motd[NETWORK_NAME_MAX]; /* a file beside the network file; "" */
	enum network_ports ports; /* PORTS_ASN */
	uint16_t port_base; /* with PORTS_BASE: port = base + id */
	struct ip link_local; /* fe80:263:: gives ::1:<id> and ::2:<id> */
	struct ip own_link_local; /* ours, with a visitor's own link-local */
	bool ipv4, ipv6; /* families of endpoints; both by default */
	struct network_prefixes reserved; /* no endpoint lies in these */
	struct network_strings allow; /* ip_special() ranges that may */
	uint32_t import_limit; /* routes per channel; 9000 */
	struct network_strings admin_keys; /* "ssh-ed25519 AAAA... comment" */
};

#define NETWORK_URL_MAX	   256
#define NETWORK_BRANCH_MAX 64

/* What `registry:` says: where the registry is pulled from. */
struct network_registry {
	char url[NETWORK_URL_MAX]; /* for git; "": the folder is just read */
	char branch[NETWORK_BRANCH_MAX]; /* "": the one that the other has */
	uint32_t interval; /* seconds; 600 */
};

/* What `policy:` says: which routes are taken. */
struct network_policy {
	uint32_t block[NETWORK_BLOCK_MAX]; /* AS numbers, on no path */
	size_t n_block;
	uint32_t latency_interval; /* seconds between measurements; 60 */
};

enum network_platform { PLATFORM_DEBIAN, PLATFORM_EDGEOS };
enum network_bird { BIRD_2, BIRD_1_6 };

struct network_pop {
	char name[NETWORK_POP_MAX]; /* [a-z0-9-], unique */
	uint16_t id; /* 1..NETWORK_POPS_MAX, unique */
	char endpoint[HOST_TEXT_MAX]; /* a name or an address */
	struct wgkey public_key;
	struct prefix ipv4, ipv6; /* the POP's address in its subnet */
	char country[3]; /* ISO 3166, or "" */
	uint16_t region; /* as the network's, which stands in for 0 */
	uint32_t bandwidth; /* kbit/s; 0: not given */
	bool peering; /* may visitors connect here? true */
	enum network_platform platform; /* PLATFORM_DEBIAN */
	enum network_bird bird; /* BIRD_2; of PLATFORM_DEBIAN */
	/* Of PLATFORM_EDGEOS: */
	char private_key[NETWORK_PATH_MAX]; /* where its key is */
	char firewall[NETWORK_RULESET_MAX]; /* WAN_LOCAL */
	uint16_t firewall_rule; /* the first that is ours; 25 */
	bool hub; /* is it in mesh.hubs? */
};

/* One end of a given link. */
struct network_end {
	char pop[NETWORK_POP_MAX];
	uint16_t id; /* that POP's; 0: no POP has that name */
	char interface[NETWORK_IFNAME_MAX];
	struct prefix ipv4; /* its address in the link's subnet */
	uint16_t port; /* it listens there */
};

/*
 * A link whose values are given, instead of the derived one: no IGP runs on
 * it, and iBGP between its addresses.
 */
struct network_link {
	char description[NETWORK_NAME_MAX]; /* or "" */
	uint16_t mtu; /* as the mesh's */
	struct network_end ends[2];
	size_t n_ends; /* 2 */
};

/* A peering of a POP without an agent. */
struct network_upstream {
	char pop[NETWORK_POP_MAX];
	uint32_t asn;
	char name[NETWORK_NAME_MAX];
	char interface[NETWORK_IFNAME_MAX];
	struct wgkey public_key;
	char host[HOST_TEXT_MAX]; /* "": it calls us */
	uint16_t host_port;
	uint16_t port; /* we listen there */
	uint16_t mtu; /* 1420 */
	struct prefix ipv4, ipv6; /* ours on the tunnel; ipv6 may be none */
	struct ip peer_ipv4, peer_ipv6; /* in its subnet, if that has more */
};

struct network {
	char name[NETWORK_NAME_MAX];
	uint32_t asn;
	struct network_prefixes prefixes;
	uint16_t region; /* of dn42's communities, 41 to 57; 0: not given */
	struct network_mesh mesh;
	struct network_peering peering;
	struct network_registry registry;
	struct network_policy policy;
	struct network_pop *pops;
	size_t n_pops;
	struct network_link *links;
	size_t n_links;
	struct network_upstream *upstreams; /* `peerings` */
	size_t n_upstreams;
};

/*
 * Reads and checks the YAML text of a network file: structure, each field,
 * and the rules between them (meetme.yaml(5)). All problems of the file are
 * reported, in the order of its lines. 0: *out is the caller's to free.
 * FAULT_INVALID: *problems has at least one entry. FAULT_SYSTEM: no memory.
 */
int network_parse(struct network **out, const char *text, size_t len,
    struct network_problems *problems);

/* The same for a file; what keeps it from being read is a problem too. */
int network_load(
    struct network **out, const char *path, struct network_problems *problems);

/*
 * Would `text` by itself do for a field: "network.asn", "pops.name", or one
 * item of a list ("network.prefixes"; not of links and peerings)? 0, or
 * FAULT_INVALID and *f says why.
 */
int network_check_value(const char *field, const char *text, struct fault *f);

void network_free(struct network *net);

/* The POP of that name, or NULL. */
const struct network_pop *
network_pop(const struct network *net, const char *name);

/*
 * The POP whose public key this is, or NULL: how a machine that was given
 * no name finds out which POP it is.
 */
const struct network_pop *
network_pop_by_key(const struct network *net, const struct wgkey *public_key);

/*
 * Do the two have a link, and if so, is it derived from the topology? No POP
 * has one to itself.
 */
bool network_linked(const struct network *net, const struct network_pop *a,
    const struct network_pop *b);
bool network_derived(const struct network *net, const struct network_pop *a,
    const struct network_pop *b);

/* The given link of the two, or NULL; *end is that of `a`. */
const struct network_link *network_given(const struct network *net,
    const struct network_pop *a, const struct network_pop *b, unsigned *end);

/* The port that `pop` listens on for `other`; 0: they have no link. */
uint16_t network_link_port(const struct network *net,
    const struct network_pop *pop, const struct network_pop *other);

#endif
