#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "plan/plan.h"
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *null;

/*
 * What is decoded is a plan: the same bytes come of it again, and every
 * renderer takes it.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan *plan;
	struct unpack in;
	struct pack out;

	if (null == NULL && (null = fopen("/dev/null", "w")) == NULL)
		abort();
	unpack_init(&in, data, size);
	if (plan_decode(&plan, &in) != 0)
		return 0;
	pack_init(&out, FRAME_MAX);
	plan_encode(&out, plan);
	if (out.failed || out.len != size || memcmp(out.data, data, size) != 0)
		abort();
	if (render_bird2_base(null, plan) != 0)
		abort();
	for (size_t i = 0; i < plan->n_sessions; i++)
		if (render_bird2_session(null, &plan->sessions[i]) != 0)
			abort();
	pack_free(&out);
	plan_free(plan);
	return 0;
}
