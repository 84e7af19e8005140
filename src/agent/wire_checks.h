#ifndef AGENT_WIRE_CHECKS_H
#define AGENT_WIRE_CHECKS_H

#include <stdbool.h>

#include "agent/wire.h"

/* What the messages of ping, trace and routes hold: see agent/wire.h. */

/* WIRE_PROBE */
struct wire_probe {
	uint32_t token; /* not 0 */
	struct ip to;
	char ifname[16]; /* of a tunnel, where `to` is link-local; else "" */
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
	uint8_t nth; /* request, from 0: hop limit - 1, or of a ping */
	uint8_t code; /* of ICMP's "unreachable" */
	uint8_t hops; /* hop limit that the answer had left; 0: unknown */
	struct ip from;
	uint32_t us;
	uint32_t error; /* errno with which it ended, or 0 */
};

/*
 * WIRE_STREAM. The agent hands BIRD's words on as they come, from the greeting
 * on: their end is the engine's to see, which then stops the stream. At most
 * WIRE_CREDIT pieces are on their way, and one more for each WIRE_STREAM_MORE.
 */
enum wire_stream_what {
	WIRE_STREAM_PROTOCOLS, /* show protocols all */
	WIRE_STREAM_ROUTES, /* show route all, of `prefix` or of each */
	WIRE_STREAM_ROUTE_FOR, /* of what leads to the address in `prefix` */
	WIRE_STREAM_KERNEL, /* the kernel's main table, both families: pieces
			     * hold struct wire_kroute; as ROUTES */
	WIRE_STREAM_KERNEL_FOR, /* as ROUTE_FOR */
};
#define WIRE_PIECE_MAX (64U << 10)
#define WIRE_CREDIT    8

struct wire_stream {
	uint32_t token; /* not 0 */
	enum wire_stream_what what;
	struct prefix prefix; /* family 0: none */
};

/* A route of the kernel; one for each next hop of it. */
struct wire_kroute {
	struct prefix prefix;
	struct ip via, src; /* family 0: none */
	uint32_t index; /* of the interface; 0: none */
	uint32_t metric;
	uint8_t proto; /* RTPROT_* */
	uint8_t type; /* RTN_* */
};
#define WIRE_KROUTE_LEN 62

void wire_stream_pack(struct pack *p, const struct wire_stream *w);
void wire_stream_unpack(struct unpack *u, struct wire_stream *w);
void wire_kroute_pack(struct pack *p, const struct wire_kroute *r);
void wire_kroute_unpack(struct unpack *u, struct wire_kroute *r);

void wire_probe_pack(struct pack *p, const struct wire_probe *w);
void wire_probe_unpack(struct unpack *u, struct wire_probe *w);
void wire_probed_pack(struct pack *p, const struct wire_probed *w);
void wire_probed_unpack(struct unpack *u, struct wire_probed *w);

#endif
