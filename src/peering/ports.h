#ifndef PEERING_PORTS_H
#define PEERING_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "peering/peering.h"

#define PORT_MAX 65535

/* Which of the ports 0..PORT_MAX; all zero is none. */
struct port_set {
	uint8_t bits[(PORT_MAX + 1) / 8];
};

/* Beyond PORT_MAX there is none: nothing is added, and false. */
void port_set_add(struct port_set *s, uint32_t port);
bool port_set_has(const struct port_set *s, uint32_t port);

/*
 * All ports that peering_allocate() can give on this POP, whoever comes and
 * in whatever order: what a firewall leaves open. Those of peerings that were
 * made under another `peering.ports` are not among them.
 */
void peering_ports(struct port_set *out, const struct peering_rules *rules);

#endif
