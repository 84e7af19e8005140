#ifndef AGENT_WG_KERNEL_H
#define AGENT_WG_KERNEL_H

#include <stdint.h>

#include "agent/wg.h"

/* The kernel's WireGuard, by generic netlink (linux/wireguard.h). */
struct wg_kernel;

/* 0 or a negative errno; -ENOENT: this kernel has none. */
int wg_kernel_open(struct wg_kernel **out);
void wg_kernel_close(struct wg_kernel *w);

/* What the link has, what it shall have; 0 or a negative errno. */
int wg_kernel_read(struct wg_kernel *w, uint32_t link, struct wg_device *out);
int
wg_kernel_set(struct wg_kernel *w, uint32_t link, const struct wg_change *c);

#endif
