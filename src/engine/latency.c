#include "engine/latency.h"

#include "peering/peering.h"

/* Microseconds that classes 1 to 8 end with; the last one has no end. */
static const uint32_t limits[LATENCY_MAX - 1] = { 2700, 7300, 20000, 55000,
	148000, 403000, 1097000, 2981000 };

uint8_t
latency_class(uint32_t us)
{
	uint8_t class = 1;

	while (class < LATENCY_MAX && us > limits[class - 1])
		class ++;
	return class;
}

static int8_t
side_of(uint8_t class, uint32_t us)
{
	uint64_t hundredfold = (uint64_t)us * 100;

	if (class < LATENCY_MAX &&
	    hundredfold > (uint64_t)limits[class - 1] * (100 + LATENCY_MARGIN))
		return 1;
	if (class > 1 &&
	    hundredfold < (uint64_t)limits[class - 2] * (100 - LATENCY_MARGIN))
		return -1;
	return 0;
}

uint8_t
latency_take(struct latency *l, uint32_t rtt)
{
	int8_t side;

	l->rtt = rtt;
	if (rtt == WIRE_RTT_UNKNOWN)
		return l->class;
	if (l->class == 0)
		return latency_class(rtt);
	side = side_of(l->class, rtt);
	if (side != l->side)
		l->rounds = 0;
	l->side = side;
	if (side == 0)
		return l->class;
	if (l->rounds == 0 || (side > 0 ? rtt < l->nearest : rtt > l->nearest))
		l->nearest = rtt;
	if (++l->rounds < LATENCY_ROUNDS)
		return l->class;
	l->rounds = 0;
	return latency_class(l->nearest);
}
