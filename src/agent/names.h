#ifndef AGENT_NAMES_H
#define AGENT_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/resolver.h"
#include "base/text.h"

/*
 * The names of endpoints and what the resolver role said of them. An answer
 * is kept while the next one is on its way, and dropped when nobody asked
 * for it for a while.
 */
struct event_base;
struct names;

struct name {
	char host[HOST_TEXT_MAX];
	struct ip ips[RESOLVER_ADDRESSES_MAX]; /* of the last answer, IPv6 */
	size_t n; /* before IPv4 */
	char error[128]; /* why n is 0 */
	bool known; /* there was an answer */
	int64_t used; /* monotonic microseconds */
	enum { NAME_IDLE, NAME_QUEUED, NAME_ASKED } state;
	uint32_t token;
};

struct names_args {
	struct event_base *base;
	int fd; /* SOCK_SEQPACKET to the resolver role */
	void (*answered)(void *arg, const struct name *name);
	void (*gone)(void *arg); /* the resolver ended */
	void *arg;
};

int names_open(struct names **out, const struct names_args *args);
void names_close(struct names *n);

/* What is known of the host; NULL: nothing. */
const struct name *names_get(struct names *n, const char *host);

/* Asks (again), unless that is on its way. FAULT_LIMIT: too many names. */
int names_ask(struct names *n, const char *host);

#endif
