#ifndef ENGINE_ARGS_H
#define ENGINE_ARGS_H

#include <jansson.h>

#include "base/fault.h"
#include "peering/peering.h"

/*
 * Takes the arguments of peer_create or peer_edit (api/api.h) into a draft;
 * what is not named stays as it is. 0, or FAULT_INVALID with the argument's
 * name as field. The rules between values are peering_check's.
 */
int args_apply(struct peering *draft, json_t *args, struct fault *f);

#endif
