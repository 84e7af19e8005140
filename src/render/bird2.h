#ifndef RENDER_BIRD2_H
#define RENDER_BIRD2_H

#include <stdbool.h>
#include <stdio.h>

#include "plan/plan.h"

/* The parts of the base file, in their order. A failed write shows in `f`. */

/* Our own prefixes: meetme_is_own(), and the static routes of them. */
void bird2_own(FILE *f, const struct plan *plan);

/*
 * Which routes are taken from whom, and with which communities. For filters:
 *	meetme_is_others()	a network of dn42's that is not ours
 *	meetme_import_at(n)	what a peer announces over a tunnel of latency
 *	meetme_export_at(n)	class n (0: unknown), and what we announce
 * The last two end the filter.
 */
void bird2_policy(FILE *f, const struct plan *plan);

/* Our own networks on the links; nothing for IGP_NONE. */
void bird2_igp(FILE *f, enum network_igp igp);

/* The sessions to our other POPs; nothing where there are none. */
void bird2_ibgp(FILE *f, const struct plan *plan);

/* May all that is said of them stand in a file? */
bool bird2_ibgp_is_good(const struct plan *plan);

#endif
