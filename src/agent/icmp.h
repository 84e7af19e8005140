#ifndef AGENT_ICMP_H
#define AGENT_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/* Raw sockets for echo requests, and for what answers them. */
#define ICMP_ROOM 576 /* more of a packet need not be read */

struct icmp_packet {
	uint8_t byte[ICMP_ROOM]; /* from the IP header on, where it is IPv4 */
	size_t len;
	struct ip from;
	uint32_t index; /* of the link, where `from` is link-local; else 0 */
	uint8_t hops; /* of IPv6: hop limit that it had left; 0: unknown */
	int64_t at; /* when the kernel took it in: monotonic microseconds */
};

enum icmp_use {
	ICMP_PINGS, /* replies alone, of many at a time */
	ICMP_TRACES, /* what routers say too */
};

/*
 * A socket of the family. Needs CAP_NET_RAW, and CAP_NET_ADMIN for the buffers
 * of ICMP_PINGS. The descriptor, or a negative errno.
 */
int icmp_open(unsigned family, enum icmp_use use);

/* False: none waits. */
bool icmp_read(int fd, unsigned family, struct icmp_packet *p);

#endif
