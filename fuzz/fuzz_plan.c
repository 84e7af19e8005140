#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "plan/plan.h"
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each file has its mark, and is text to its end. */
static int
put(void *arg, const char *path, const char *text, size_t len)
{
	(void)arg;
	(void)path;
	if (strncmp(text, RENDER_MARK, strlen(RENDER_MARK)) != 0 ||
	    strlen(text) != len || text[len - 1] != '\n')
		abort();
	return 0;
}

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

	unpack_init(&in, data, size);
	if (plan_decode(&plan, &in) != 0)
		return 0;
	pack_init(&out, FRAME_MAX);
	plan_encode(&out, plan);
	if (out.failed || out.len != size || memcmp(out.data, data, size) != 0)
		abort();
	if (render_plan(plan, put, NULL) != 0)
		abort();
	pack_free(&out);
	plan_free(plan);
	return 0;
}
