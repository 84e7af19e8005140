#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include <stdbool.h>

#include "engine/state.h"

/* A state of the registry, indexed beside the one in force. */
struct intake {
	struct registry *registry;
	struct census census;
	char loss[CENSUS_TEXT_MAX]; /* why it would be refused; "" */
	struct policy policy;
	struct fault policy_fault; /* why there is none; or code 0 */
};

/*
 * Indexes the registry in `dir`. One that has lost more than a tenth of a
 * class of objects, of the keys, of what says who maintains an AS, or of the
 * ROAs, or has new conflicts or new lines in its filters that are no rules, is
 * taken with `force` only. One that says nothing useful of routes is taken:
 * then what the one before says of them stays in force. 0: intake_use or
 * intake_free follows; else *f says why not.
 */
int intake_read(struct intake *out, const struct engine *e, const char *dir,
    bool force, struct fault *f);
void intake_free(struct intake *in);

/* Puts it in force, whole. */
void intake_use(struct intake *in, struct engine *e);

#endif
