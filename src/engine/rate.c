#include "engine/rate.h"

#include <bsd/string.h>
#include <string.h>

#define SECOND_US 1000000
#define SPAN_US	  ((int64_t)RATE_SECONDS * SECOND_US)

int
rate_take(struct rate *r, const char *who, int64_t now)
{
	int64_t oldest = now; /* the one whose end gives room */
	size_t n = 0;

	for (size_t i = 0; i < RATE_ALL; i++) {
		int64_t at = r->list[i].at;

		if (at == 0 || now - at >= SPAN_US ||
		    strcmp(r->list[i].who, who) != 0)
			continue;
		n++;
		if (at < oldest)
			oldest = at;
	}
	/* The place that is next holds the oldest of all. */
	if (n < RATE_EACH) {
		oldest = r->list[r->next].at;
		if (oldest == 0 || now - oldest >= SPAN_US) {
			strlcpy(r->list[r->next].who, who, MNTNER_MAX);
			r->list[r->next].at = now;
			r->next = (r->next + 1) % RATE_ALL;
			return 0;
		}
	}
	return (int)((oldest + SPAN_US - now) / SECOND_US) + 1;
}
