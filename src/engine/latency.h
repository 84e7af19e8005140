#ifndef ENGINE_LATENCY_H
#define ENGINE_LATENCY_H

#include <stdint.h>

#include "agent/wire.h"

/*
 * A peer's latency class, 1 to LATENCY_MAX, as of dn42's communities
 * (64511, 1) to (64511, 9) (dn42 wiki, howto/BGP-communities), with hysteresis.
 */
#define LATENCY_ROUNDS 3 /* in a row, until a class is another */
#define LATENCY_MARGIN 10 /* per cent beyond the class's limits */

struct latency {
	uint32_t asn;
	uint32_t rtt; /* of the last round: microseconds, WIRE_RTT_UNKNOWN */
	uint8_t class; /* in force; 0: not known */
	uint8_t rounds; /* that were beyond it, in a row */
	int8_t side; /* of which: -1 nearer, 1 farther, 0 within */
	uint32_t nearest; /* of these, to the class */
};

/* The class that a time in microseconds has by itself. */
uint8_t latency_class(uint32_t us);

/*
 * Takes a round's time, and gives the class that the peer should have; `class`
 * is the caller's to set. Without a class, that is the time's. Else it is the
 * one in force until LATENCY_ROUNDS in a row were beyond the same of its
 * limits by the margin; then that of the time among them which was the nearest
 * to it, so that none of them is an exaggeration. A round without an answer
 * changes nothing, and does not end a row.
 */
uint8_t latency_take(struct latency *l, uint32_t rtt);

#endif
