#ifndef PLAN_FORMAT_H
#define PLAN_FORMAT_H

/* What encode.c and decode.c agree on. */
#define PLAN_FORMAT 4

/* The least bytes that an element takes, to bound counts before memory. */
#define PLAN_ALLOW_BYTES 4
#define PLAN_TUNNEL_BYTES \
	(4 + 4 + 2 + 4 + 2 + 2 + 32 + 1 + 4 + 2 + 2 + 4 + 4 * 17 + 1)
#define PLAN_SESSION_BYTES (4 + 4 + 4 + 17 + 17 + 4 + 1 + 1)
#define PLAN_IBGP_BYTES	   (2 + 4 + 17 + 17 + 1 + 1)

#endif
