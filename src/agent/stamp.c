#include "agent/stamp.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

int64_t
stamp_of(const struct msghdr *msg, int64_t most)
{
	int64_t now = clock_mono_us(), waited = 0;
	struct timespec then, real;

	clock_gettime(CLOCK_REALTIME, &real);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
	     c = CMSG_NXTHDR((struct msghdr *)msg, c)) {
		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_TIMESTAMPNS ||
		    c->cmsg_len != CMSG_LEN(sizeof(then)))
			continue;
		memcpy(&then, CMSG_DATA(c), sizeof(then));
		waited = (int64_t)(real.tv_sec - then.tv_sec) * 1000000 +
			 (real.tv_nsec - then.tv_nsec) / 1000;
	}
	if (waited < 0 || waited > most)
		waited = 0;
	return now - waited;
}
