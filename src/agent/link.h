#ifndef AGENT_LINK_H
#define AGENT_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/nl.h"
#include "base/ip.h"

/* What meetme makes in the kernel is known by these (see ARCHITECTURE.md). */
#define LINK_MARK	"meetme:" /* a link's alias begins with it */
#define LINK_ADDR_PROTO 0x6d /* IFA_PROTO of our addresses on `lo` */
#define LINK_ALIAS_MAX	128

struct link {
	uint32_t index;
	char name[IFNAMSIZ]; /* the sort key */
	char kind[16]; /* "wireguard", "tun", ...; "" for hardware */
	char alias[LINK_ALIAS_MAX]; /* longer ones are cut */
	uint32_t mtu, accept_ra, rp_filter;
	bool up;
	bool makes_address; /* gives itself an fe80:: address */
	bool takes_ra; /* routers may advertise themselves on it (RFC 4861) */
};

struct link_addr {
	uint32_t index; /* of its link; the sort key */
	struct ip local, peer; /* the same where there is no peer */
	uint8_t len, proto;
};

/* A route of the kernel's own making to one host. */
struct link_route {
	uint32_t index; /* the sort key */
	struct ip to;
};

struct link_table {
	struct link *links;
	struct link_addr *addrs;
	struct link_route *routes;
	size_t n_links, n_addrs, n_routes;
};

/* One link; all. 0 or a negative errno; a table is the caller's to release. */
int link_read(struct link *out, struct nl *nl, const char *name);
int link_table_read(struct link_table *out, struct nl *nl);
void link_table_release(struct link_table *t);
const struct link *link_by_name(const struct link_table *t, const char *name);
bool link_is_marked(const struct link *l);

const struct link_addr *
link_addrs(const struct link_table *t, uint32_t index, size_t *n);
bool
link_has_route(const struct link_table *t, uint32_t index, const struct ip *to);
bool link_is_own_ip(const struct link_table *t, const struct ip *ip);

#endif
