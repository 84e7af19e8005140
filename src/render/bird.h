#ifndef RENDER_BIRD_H
#define RENDER_BIRD_H

#include <stdio.h>

#include "plan/plan.h"
#include "registry/filter.h"

/* BIRD's files, of a plan and of a registry. Results are as in render.h. */

/*
 * BIRD 2 and 3, all but the peerings' sessions. Complete by itself. It
 * includes what is in the folders beside it: peers/, registry/, and in the
 * filters what the operator has in hooks/, see meetmed(8).
 */
int render_bird2_base(FILE *f, const struct plan *plan);

/*
 * BIRD 1.6, IPv4 alone: what it has to itself, and iBGP on given links. It
 * includes registry/ and hooks/ as the other does. -EINVAL for a plan that
 * this version cannot carry out.
 */
int render_bird1_base(FILE *f, const struct plan *plan);

/* The base for the version that the plan names. */
int render_bird_base(FILE *f, const struct plan *plan);

/* BIRD 2, one session, on top of the base. */
int render_bird2_session(FILE *f, const struct plan_session *s);

/*
 * All versions of BIRD, the statements of a function that returns why a network
 * of the filter's family may not be announced, a number of enum refusal; 0: it
 * may. The first rule that contains it decides.
 */
int render_bird2_networks(FILE *f, const struct filter *filter);

#endif
