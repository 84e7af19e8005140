#ifndef AGENT_HOP_H
#define AGENT_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/icmp.h"

/*
 * ICMP and ICMPv6 echo requests with a hop limit, and what answers them: the
 * target's echo reply, or a router's word that the hop limit was used up or
 * the target cannot be reached (RFC 792, RFC 4443).
 */
#define HOP_LEN	     24 /* of a request: 8 bytes of header, then data */
#define HOP_DATA_LEN 16

struct hop_request {
	struct ip to;
	uint32_t index; /* of the interface; 0: where the routes lead */
	uint16_t id;
	uint16_t sequence; /* of the first one; out of the dark, as `id` */
	uint8_t data[HOP_DATA_LEN];
};

enum hop_kind {
	HOP_REPLY, /* the target answers */
	HOP_EXPIRED, /* a router on the way */
	HOP_UNREACHABLE, /* a router, or the target: it goes no further */
};

struct hop_answer {
	enum hop_kind kind;
	unsigned nth; /* request, from 0 */
	uint8_t code; /* of HOP_UNREACHABLE */
	uint8_t hops; /* hop limit that the answer had left; 0: unknown */
};

/* Fills in what nobody shall guess. 0 or -EIO. */
int
hop_request_make(struct hop_request *r, const struct ip *to, uint32_t index);

/*
 * Sends the nth one over a socket of icmp_open(); `limit` 0: the usual hop
 * limit. 0 or a negative errno.
 */
int hop_send(int fd, const struct hop_request *r, unsigned nth, unsigned limit);

/*
 * Does the packet answer one of the first `n` requests? Anybody may have sent
 * it.
 */
bool hop_answers(struct hop_answer *out, const struct hop_request *r,
    unsigned n, const struct icmp_packet *packet);

#endif
