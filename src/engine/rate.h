#ifndef ENGINE_RATE_H
#define ENGINE_RATE_H

#include <stddef.h>
#include <stdint.h>

#include "registry/registry.h"

/*
 * How often visitors may ask for something that goes out into the net, or is
 * work for BIRD: each RATE_EACH times in RATE_SECONDS, all together RATE_ALL
 * times.
 */
#define RATE_EACH    6
#define RATE_ALL     256
#define RATE_SECONDS 60

struct rate {
	struct {
		char who[MNTNER_MAX];
		int64_t at; /* monotonic microseconds; 0: never */
	} list[RATE_ALL]; /* the latest ones, in turn */
	size_t next;
};

/* 0: it is counted. Else the seconds until `who` may ask again. */
int rate_take(struct rate *r, const char *who, int64_t now);

#endif
