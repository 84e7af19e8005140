#include "engine/quarantine.h"

#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "plan/plan.h"

int
quarantine_add(struct quarantine *q, uint32_t asn, const struct fault *why)
{
	struct wire_state *s, *grown;

	grown = reallocarray(q->list, q->n + 1, sizeof(*s));
	if (grown == NULL)
		return FAULT_SYSTEM;
	q->list = grown;
	s = &grown[q->n++];
	memset(s, 0, sizeof(*s));
	plan_peering_ifname(s->part, asn);
	s->progress = WIRE_REFUSED;
	s->since = clock_now_ms();
	strlcpy(s->reason, why->text, sizeof(s->reason));
	return 0;
}

const struct wire_state *
quarantine_find(const struct quarantine *q, uint32_t asn)
{
	char part[PLAN_IFNAME_MAX];

	plan_peering_ifname(part, asn);
	for (size_t i = 0; i < q->n; i++)
		if (strcmp(q->list[i].part, part) == 0)
			return &q->list[i];
	return NULL;
}

void
quarantine_free(struct quarantine *q)
{
	free(q->list);
	memset(q, 0, sizeof(*q));
}
