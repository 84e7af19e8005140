#ifndef AGENT_WIRE_STREAM_H
#define AGENT_WIRE_STREAM_H

#include "agent/wire.h"

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

#endif
