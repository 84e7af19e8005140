#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H

#include <stdbool.h>

#include "plan/plan.h"

/*
 * Does a plan keep to every rule of plan.h, so that a process with rights may
 * apply it? 0 or FAULT_INVALID.
 */
int plan_check(const struct plan *plan);

/* Is this one tunnel fit for the plan? */
bool plan_tunnel_is_good(const struct plan *plan, const struct plan_tunnel *t);

#endif
