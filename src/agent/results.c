#include "agent/results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct results *
results_make(const struct plan *plan)
{
	return calloc(1,
	    sizeof(struct results) + plan->n_tunnels * sizeof(struct result));
}

void
result_fail(struct result *r, enum wire_progress progress, const char *fmt, ...)
{
	va_list ap;

	if (r->reason[0] != '\0')
		return;
	r->progress = progress;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof(r->reason), fmt, ap);
	va_end(ap);
}
