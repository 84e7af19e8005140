#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "base/paths.h"
#include "base/wgkey.h"

/*
 * The role that makes the POP equal to its plan: kernel links and addresses,
 * WireGuard, BIRD. It needs CAP_NET_ADMIN (ambient, so that wireguard-go has
 * it too), the group that owns BIRD's folder and socket, and no other right.
 */
struct agent_args {
	int engine_fd; /* stream: frames, agent/wire.h */
	int resolver_fd; /* SOCK_SEQPACKET to the resolver role: names */
	int prober_fd; /* another one: round-trip times */
	int tracer_fd; /* another one: pings and traces */
	const struct paths *paths;
	struct wgkey private_key; /* the POP's */
};

/*
 * Runs until the engine's end of the socket closes; the exit status. Nothing
 * is torn down at the end: tunnels and sessions stay.
 */
int agent_main(const struct agent_args *args);

#endif
