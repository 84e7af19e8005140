#ifndef AGENT_WG_USER_H
#define AGENT_WG_USER_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/wg.h"

/*
 * WireGuard in userspace: a wireguard-go for each interface, which we start,
 * and speak to over /run/wireguard/IFNAME.sock. Connections are kept, as a
 * converge asks every interface. All results are 0 or a negative errno.
 */
struct wg_user;

/* True if a wireguard-go with our user id, not root's, serves `ifname`. */
bool wg_user_owns(const char *ifname);

int wg_user_open(struct wg_user **out);
void wg_user_close(struct wg_user *w);

/* A question for what `ifname` has; the answer goes to *device and `rc`. */
struct wg_user_ask {
	const char *ifname;
	struct wg_device *device;
	int rc; /* -ETIMEDOUT: it does not answer */
};

/*
 * Asks all, then reads all: they answer at the same time. One that does not
 * answer takes a fraction of a second from all, not each.
 */
void wg_user_read(struct wg_user *w, struct wg_user_ask *asks, size_t n);

int
wg_user_set(struct wg_user *w, const char *ifname, const struct wg_change *c);

/* An interface to be made. */
struct wg_user_start {
	const char *ifname;
	/*
	 * After wg_user_wait: 0, it is there and its socket can be connected
	 * to; -ENOENT: there is no wireguard-go; -ECHILD: it ended at once.
	 */
	int rc;
	int gone; /* readable when it has ended */
	int64_t deadline;
};

/* Begins, and leaves time for something else; wg_user_wait must follow. */
void wg_user_start(struct wg_user *w, struct wg_user_start *starts, size_t n);
void wg_user_wait(struct wg_user *w, struct wg_user_start *starts, size_t n);

/* After its link was deleted: closes, and takes away, its socket. */
void wg_user_forget(struct wg_user *w, const char *ifname);

#endif
