#ifndef AGENT_ECHO_H
#define AGENT_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/*
 * An ICMPv6 echo request to the other end of a link, and the one reply that
 * answers it (RFC 4443, 4.1 and 4.2).
 */
#define ECHO_LEN 24 /* of both messages */

struct echo {
	uint32_t index; /* the interface's */
	struct ip to; /* link-local */
	uint8_t message[ECHO_LEN]; /* the request; the kernel adds a checksum */
};

/*
 * A raw socket that takes echo replies only. Needs CAP_NET_RAW, and
 * CAP_NET_ADMIN for its buffers. The descriptor, or a negative errno.
 */
int echo_open(void);

/*
 * A request with identifier, sequence number and data out of the dark, which
 * nobody can answer who did not get it. 0 or a negative errno: -EINVAL for no
 * interface, or an address that is not link-local.
 */
int echo_make(struct echo *e, uint32_t index, const struct ip *to);

/* 0 or a negative errno. */
int echo_send(int fd, const struct echo *e);

/*
 * Does this message, which came from `from` over the interface `index`,
 * answer the request? Anybody may have sent it.
 */
bool echo_answers(const struct echo *e, uint32_t index, const struct ip *from,
    const uint8_t *message, size_t len);

#endif
