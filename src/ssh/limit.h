#ifndef SSH_LIMIT_H
#define SSH_LIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/*
 * Which connections without a login have to go, so that silent ones delay
 * nobody. A newcomer is never turned away: an older one makes room for it.
 */
#define LIMIT_TOTAL   256 /* connections without a login */
#define LIMIT_SOURCE  16 /* of these, from one source, once they are ... */
#define LIMIT_CROWDED 20 /* ... older than these seconds: 200 logins take 5 */
#define LIMIT_GRACE   30 /* seconds to log in */

struct limit_entry {
	struct ip source; /* an IPv4 address, an IPv6 /64 */
	int64_t since; /* seconds */
	void *owner;
};

/* The list is sorted by age, the oldest first. */
struct limit {
	struct limit_entry list[LIMIT_TOTAL + 1];
	size_t n;
};

/* There must be room: limit_victim has been NULL since the last one. */
void
limit_add(struct limit *l, const struct ip *from, int64_t now, void *owner);
void limit_remove(struct limit *l, const void *owner);

/*
 * The owner that has to go now, or NULL. Called until NULL, each one being
 * removed, after each limit_add and each second.
 */
void *limit_victim(const struct limit *l, int64_t now);

#endif
