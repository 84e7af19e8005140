#ifndef AGENT_TUNNEL_LOOK_H
#define AGENT_TUNNEL_LOOK_H

#include "agent/tunnels.h"

/* What an interface of ours has, for a person. */
struct tunnel_look {
	const char *ifname;
	struct wg_device device; /* with its private key: to be wiped */
	int rc; /* 0, or a negative errno: it could not be read */
};

/* Reads them all at once. 0, or a negative errno: none was. */
int tunnels_look(struct tunnels *t, struct tunnel_look *looks, size_t n);

#endif
