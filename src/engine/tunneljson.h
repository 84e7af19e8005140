#ifndef ENGINE_TUNNELJSON_H
#define ENGINE_TUNNELJSON_H

#include <jansson.h>

#include "agent/wire.h"
#include "engine/state.h"

/* A link of `status` and `links` (api/api.h), as the survey found it. */
json_t *tunnel_json(const struct engine *e, const struct plan_tunnel *t,
    const struct wire_survey *survey);

#endif
