#ifndef ENGINE_AIM_H
#define ENGINE_AIM_H

#include "engine/conn.h"
#include "plan/plan.h"

/*
 * What the TARGET of ping and trace means: a POP's name, the AS number of a
 * peering, an address, or, to an operator alone, a host name. A visitor may
 * aim at our prefixes, at what the registry's filter files permit, and at the
 * other end of his own tunnels; nothing that he names is looked up in DNS.
 */
struct aim {
	struct ip ip; /* family 0: `host` has to be resolved */
	char ifname[PLAN_IFNAME_MAX]; /* where `ip` is link-local; else "" */
	char host[HOST_TEXT_MAX];
};

/* `family` 4 or 6: of that one only; 0: any, IPv6 first. 0, or a fault. */
int
aim_find(struct aim *out, const struct engine *e, const struct identity *who,
    const char *target, unsigned family, struct fault *f);

#endif
