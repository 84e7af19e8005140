#ifndef PROVISION_FIREWALL_H
#define PROVISION_FIREWALL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "peering/peering.h"
#include "plan/plan.h"

#define FIREWALL_SSH 22

/* Ports that are open to everyone. */
struct firewall_span {
	const char *what; /* "SSH", "links"; those of one stand together */
	const char *protocol; /* "tcp", "udp" */
	uint16_t from, to;
};

/*
 * What a POP lets in from the Internet: exactly the ports of its plan, those
 * that its peerings may come to have, SSH, and ICMP.
 */
struct firewall {
	struct firewall_span *spans;
	size_t n_spans;
};

/* Of a plan without peerings. 0: firewall_end() frees it. FAULT_SYSTEM. */
int firewall_init(struct firewall *out, const struct plan *plan,
    const struct peering_rules *rules);
void firewall_end(struct firewall *fw);

/*
 * For nft(8): one table of its own, `inet meetme`, replaced whole. What comes
 * through a tunnel may also speak BGP and the IGP to us, and be forwarded to
 * another tunnel; nothing else is.
 */
int
render_nftables(FILE *f, const struct firewall *fw, const struct plan *plan);

#endif
