#ifndef RENDER_BIRD2_H
#define RENDER_BIRD2_H

#include <stdbool.h>
#include <stdio.h>

#include "plan/plan.h"

/* The parts of the base file that a mesh has. A failed write shows in `f`. */

/* Our own networks on the links; nothing for IGP_NONE. */
void bird2_igp(FILE *f, enum network_igp igp);

/* The sessions to our other POPs; nothing where there are none. */
void bird2_ibgp(FILE *f, const struct plan *plan);

/* May all that is said of them stand in a file? */
bool bird2_ibgp_is_good(const struct plan *plan);

#endif
