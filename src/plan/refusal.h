#ifndef PLAN_REFUSAL_H
#define PLAN_REFUSAL_H

/*
 * Why a filter of ours refuses a route of a peer. BIRD's files have the
 * numbers: the filter notes one on the route, in an attribute of ours that no
 * peer can send, and BIRD keeps refused routes so that they can be listed.
 */
enum refusal {
	REFUSAL_NONE, /* not by us: a hook's, or beyond the import limit */
	REFUSAL_OWN, /* one of our own networks, or a part of one */
	REFUSAL_NETWORK, /* the registry's filter files know no such network */
	REFUSAL_LENGTH, /* they do, but it is too long or too short */
	REFUSAL_BLOCKED, /* an AS on its path is in policy.block */
	REFUSAL_NO_ROA, /* nobody may announce it */
	REFUSAL_ORIGIN, /* a ROA covers it: not this AS, or not this length */
};
#define REFUSAL_N (REFUSAL_ORIGIN + 1)

/* "no ROA covers it" and the like. */
const char *refusal_text(enum refusal r);

#endif
