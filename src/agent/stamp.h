#ifndef AGENT_STAMP_H
#define AGENT_STAMP_H

#include <stdint.h>
#include <sys/socket.h>

/*
 * When the kernel took in a packet that was just read with SO_TIMESTAMPNS on,
 * in microseconds of the monotonic clock: as long ago as it has waited for us
 * since. Now, if it has no stamp, or one of more than `most` microseconds ago,
 * as when the time of day was set meanwhile.
 */
int64_t stamp_of(const struct msghdr *msg, int64_t most);

#endif
