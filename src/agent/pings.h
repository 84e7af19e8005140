#ifndef AGENT_PINGS_H
#define AGENT_PINGS_H

#include <poll.h>
#include <stdint.h>

/*
 * The resolver role's other task: how long a packet takes to the other ends of
 * links and back, so that the process with rights parses none.
 *
 * Packets (base/frame.h) on `fd`: PINGS_ASK, u32 token, u32 gap, u32 wait,
 * u32 n, n times u32 interface index and address (17 bytes): link-local, or
 * IPv4 on a link that has no other. They are sent `gap` microseconds after one
 * another, and each may take `wait` microseconds. One PINGS_ANSWER follows, u32
 * token, u32 n, n times u32 microseconds, or PINGS_NONE for who did not answer
 * in time.
 *
 * The time ends when the kernel took the reply in, by its own stamp, not when
 * we got to read it; it begins before the request was handed to the kernel.
 * So it is good to some 10 us, and what wireguard-go takes counts.
 */
enum pings_type { PINGS_ASK = 1, PINGS_ANSWER };

#define PINGS_NONE     UINT32_MAX
#define PINGS_EACH_MAX 128 /* addresses in a packet */
#define PINGS_MAX      12 /* packets that are worked on; others wait */
#define PINGS_GAP_MAX  10000
#define PINGS_US_MAX   4000000 /* dn42's farthest class begins at 2.981 s */

struct pings;

/* `raw`: icmp_open() of 4 and 6. All stay the caller's. 0 or -ENOMEM. */
int pings_open(struct pings **out, int fd, const int raw[2]);
void pings_close(struct pings *p);

/*
 * What to wait for: descriptors, and microseconds in *us if those are fewer,
 * or if it is negative, which stands for ever.
 */
#define PINGS_FDS 3
void
pings_wait(const struct pings *p, struct pollfd on[PINGS_FDS], int64_t *us);

/* Does what is to do; never blocks. FAULT_AWAY: the agent is gone, or odd. */
int pings_run(struct pings *p);

#endif
