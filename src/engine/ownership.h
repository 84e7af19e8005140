#ifndef ENGINE_OWNERSHIP_H
#define ENGINE_OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/state.h"

/*
 * Ownership follows the registry: whose peering it is must maintain its AS
 * there, and have an SSH key if there ever was one. Else the peering is paused
 * until that is so again: its session is kept down, its tunnel stays.
 */

/* Whose the peerings are that an operator made. They are never paused. */
#define OWNERSHIP_OPERATOR "OPERATOR"

/* What a review of all peerings comes to. */
struct ownership_review {
	struct peering *list; /* paused and resumed, as they shall be */
	struct store_event *events; /* of each */
	size_t n;
	struct peering *keyed; /* whose owner's key was seen first */
	size_t n_keyed;
	size_t n_held; /* to be paused when a person has confirmed it */
};

/* Why must it be paused, in `why`? False: it need not. Pure. */
bool ownership_lost(const struct registry *r, const struct peering *p,
    char why[PEERING_PAUSED_MAX]);

/* Does its AS belong to others now? `p` is not their peering then. Pure. */
bool ownership_moved(const struct registry *r, const struct peering *p);

/*
 * Of all[0..n). More than one, and more than a tenth, are paused at once only
 * if `confirmed`. 0, or FAULT_SYSTEM: no memory. Pure.
 */
int ownership_review(struct ownership_review *out, const struct registry *r,
    const struct peering *all, size_t n, bool confirmed);
void ownership_review_free(struct ownership_review *review);

/* Sets what no draft brings, `old` being what it replaces, or NULL. */
void ownership_settle(
    const struct engine *e, struct peering *p, const struct peering *old);

/* Reviews the engine's peerings and makes it so. What fails is tried again. */
void ownership_follow(struct engine *e);

/* The same; a person has confirmed it, as that event says. 0 or a FAULT. */
int ownership_confirm(
    struct engine *e, const struct store_event *ev, struct fault *f);

#endif
