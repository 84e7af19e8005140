#ifndef AGENT_KROUTES_H
#define AGENT_KROUTES_H

#include <stdbool.h>

#include "agent/wire_stream.h"

/*
 * The routes of the kernel's main table, a buffer at a time: who does not read
 * makes the kernel wait. Both families, IPv4 first; or one, of a prefix.
 */
struct kroutes;

/* `w` is a WIRE_STREAM_KERNEL or _FOR. 0 or a negative errno. */
int kroutes_open(struct kroutes **out, const struct wire_stream *w);
void kroutes_close(struct kroutes *k);

int kroutes_fd(const struct kroutes *k); /* readable: there is more */

/*
 * Appends what came to `out`, perhaps nothing. 1: more will come; 0: that was
 * all; or a negative errno.
 */
int kroutes_read(struct kroutes *k, struct pack *out);

#endif
