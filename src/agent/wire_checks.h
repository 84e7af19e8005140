#ifndef AGENT_WIRE_CHECKS_H
#define AGENT_WIRE_CHECKS_H

#include <stdbool.h>

#include "agent/wire.h"

/* What the messages of ping and trace hold: see agent/wire.h. */

/* WIRE_PROBE */
struct wire_probe {
	uint32_t token; /* not 0 */
	struct ip to;
	char ifname[16]; /* of a tunnel, where `to` is link-local; else "" */
	bool inside; /* only where our tunnels or BIRD lead */
	uint8_t hops; /* of a trace; 0: a ping */
	uint8_t count; /* of a ping's requests */
};
#define WIRE_PROBES_MAX 64 /* hops, or count */

enum wire_probed_kind {
	WIRE_PROBED_REPLY, /* the target answers */
	WIRE_PROBED_EXPIRED, /* a router on the way */
	WIRE_PROBED_UNREACHABLE, /* it goes no further */
	WIRE_PROBED_END, /* no more will come; `error` */
};

/* WIRE_PROBED: one answer, or the end. */
struct wire_probed {
	uint32_t token;
	enum wire_probed_kind kind;
	/* Request, from 0: hop limit - 1, or of a ping. At the end: the sent */
	uint8_t nth;
	uint8_t code; /* of ICMP's "unreachable" */
	uint8_t hops; /* hop limit that the answer had left; 0: unknown */
	struct ip from;
	uint32_t us;
	uint32_t error; /* errno with which it ended, or 0 */
};

void wire_probe_pack(struct pack *p, const struct wire_probe *w);
void wire_probe_unpack(struct unpack *u, struct wire_probe *w);
void wire_probed_pack(struct pack *p, const struct wire_probed *w);
void wire_probed_unpack(struct unpack *u, struct wire_probed *w);

#endif
