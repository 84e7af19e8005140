#ifndef AGENT_WG_H
#define AGENT_WG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/wgkey.h"

#define WG_PEERS_MAX   4 /* of a device that are kept; ours have one */
#define WG_ALLOWED_MAX 8 /* of a peer that are kept; more differ anyway */

struct wg_peer {
	struct wgkey key;
	struct wgkey psk; /* zero: none */
	struct ip endpoint; /* family 0: none */
	uint16_t port;
	uint16_t keepalive; /* seconds; 0: none */
	int64_t handshake; /* seconds since 1970; 0: never */
	uint64_t rx, tx; /* bytes */
	struct prefix allowed[WG_ALLOWED_MAX];
	size_t n_allowed; /* all there are, also those not kept */
};

/* What a device has, or shall have. */
struct wg_device {
	struct wgkey private_key; /* zero: none */
	uint16_t listen_port;
	struct wg_peer peers[WG_PEERS_MAX];
	size_t n_peers; /* all there are, also those not kept */
};

/* What to write, so that a device has what it shall have: one peer. */
struct wg_change {
	const struct wg_device *want; /* whose values are set */
	bool private_key, listen_port;
	bool replace_peers; /* take away all there are */
	struct wgkey remove[WG_PEERS_MAX];
	size_t n_remove;
	bool peer; /* something of it: */
	bool psk, endpoint, keepalive, allowed;
};

/*
 * The difference: true if there is any. `want` has one peer; its endpoint is
 * set where it has one and `set_endpoint`, or the device has none: one that
 * roamed stays where it is. `want` has to live as long as *out.
 */
bool wg_diff(struct wg_change *out, const struct wg_device *want,
    const struct wg_device *have, bool set_endpoint);

/* The peer with that key, or NULL. */
const struct wg_peer *
wg_peer(const struct wg_device *d, const struct wgkey *key);

void wg_device_wipe(struct wg_device *d);

#endif
