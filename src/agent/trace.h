#ifndef AGENT_TRACE_H
#define AGENT_TRACE_H

#include <poll.h>
#include <stdint.h>

/*
 * The resolver role's third task: echo requests that count the hops to an
 * address (a trace), or are sent once a second (a ping), and what answers.
 *
 * Packets (base/frame.h) on `fd`: TRACE_ASK, u32 token (not 0), u32 interface
 * index (0: as the routes lead), an address, u8 hops, u8 count, begins a trace
 * with hop limits 1..hops, most of them at once, or (hops 0) a ping of `count`
 * requests. What comes is told at once by TRACE_GOT: u32 token, u8 nth request
 * from 0, u8 enum hop_kind, u8 code, u8 hop limit left, an address: who says
 * it, u32 microseconds. TRACE_END, u32 token, u8 how many were sent, u32 errno,
 * is the last word; TRACE_STOP, u32 token, brings it about at once.
 *
 * Time ends when the kernel took the answer in, by its stamp.
 */
enum trace_type { TRACE_ASK = 1, TRACE_STOP, TRACE_GOT, TRACE_END };

#define TRACE_PROBES_MAX 64 /* requests of one trace or ping */
#define TRACES_MAX	 32 /* at a time; more end with EBUSY */
#define TRACE_WAIT_US	 2000000 /* for the last answer */

struct traces;

/* `raw`: icmp_open() of 4 and 6. All stay the caller's. 0 or -ENOMEM. */
int traces_open(struct traces **out, int fd, const int raw[2]);
void traces_close(struct traces *t);

/* What to wait for; *us as in pings_wait(). */
#define TRACES_FDS 3
void
traces_wait(const struct traces *t, struct pollfd on[TRACES_FDS], int64_t *us);

/* Does what is to do; never blocks. FAULT_AWAY: the agent is gone, or odd. */
int traces_run(struct traces *t);

#endif
