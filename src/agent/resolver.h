#ifndef AGENT_RESOLVER_H
#define AGENT_RESOLVER_H

#include "base/ip.h"

/*
 * The role "resolver" reads what comes from the net on the agent's behalf, so
 * that the process with rights parses none of it: the answers of the system's
 * resolver, and replies to echo requests.
 *
 * Packets (base/frame.h) on `names`: RESOLVER_ASK, u32 token, text host; each
 * is answered by one RESOLVER_ANSWER, u32 token, u32 n, n addresses (u8 family,
 * 16 bytes), text what went wrong ("" if n > 0). Returns the exit status when
 * the other end closes.
 */
enum resolver_type { RESOLVER_ASK = 1, RESOLVER_ANSWER };

#define RESOLVER_ADDRESSES_MAX 16
#define RESOLVER_CHILDREN_MAX  16 /* questions at a time; others wait */
#define RESOLVER_SECONDS_MAX   15 /* then a question has failed */

struct resolver_fds {
	int names; /* RESOLVER_ASK */
	/* agent/pings.h, agent/trace.h; sockets of icmp_open(), 4 and 6 */
	int pings, echo[2];
	int traces, hop[2];
};

int resolver_main(const struct resolver_fds *fds);

#endif
