#ifndef ENGINE_WHOSE_H
#define ENGINE_WHOSE_H

#include <jansson.h>

#include "engine/state.h"

/* Whose an address is: by the network file, the peerings and the registry. */
struct whose {
	char pop[NETWORK_POP_MAX]; /* one of our POPs; "" */
	char peer[NETWORK_NAME_MAX]; /* a peering of the network file; "" */
	uint32_t asn; /* 0: nobody knows */
	char mntner[MNTNER_MAX]; /* of the AS, else of the network; "" */
	char network[64]; /* the netname of its inetnum or inet6num; "" */
};

void whose_find(struct whose *out, const struct engine *e, const struct ip *ip);

/* Sets pop, peer, asn, mntner and network; null where not known. */
void whose_json(json_t *o, const struct whose *w);

#endif
