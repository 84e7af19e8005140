#include "agent/states.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

int
states_make(struct states *out, const struct plan *plan)
{
	static const char *const once[] = { WIRE_PART_LOOPBACK,
		WIRE_PART_SYSCTL, WIRE_PART_BIRD, WIRE_PART_PLAN };
	size_t n = plan->n_tunnels, n_once = sizeof(once) / sizeof(once[0]);
	struct wire_state *list = calloc(n + n_once, sizeof(*list));

	if (list == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n + n_once; i++)
		strlcpy(list[i].part,
		    i < n ? plan->tunnels[i].ifname : once[i - n],
		    sizeof(list[i].part));
	*out = (struct states){ list, n + n_once };
	return 0;
}

void
states_free(struct states *s)
{
	free(s->list);
	*s = (struct states){ 0 };
}

void
state_set(struct wire_state *s, enum wire_progress progress, const char *why)
{
	s->progress = progress;
	text_clean(s->reason, sizeof(s->reason), why, strlen(why));
}

/* Mostly at the same place. */
static struct wire_state *
find(const struct states *s, size_t i, const char *part)
{
	if (i < s->n && strcmp(s->list[i].part, part) == 0)
		return &s->list[i];
	for (i = 0; i < s->n; i++)
		if (strcmp(s->list[i].part, part) == 0)
			return &s->list[i];
	return NULL;
}

void
states_date(struct states *s, const struct states *before)
{
	for (size_t i = 0; i < s->n; i++) {
		struct wire_state *now = &s->list[i], *was;

		was = find(before, i, now->part);
		if (was != NULL && was->since != 0 &&
		    was->progress == now->progress &&
		    strcmp(was->reason, now->reason) == 0) {
			now->since = was->since;
			continue;
		}
		now->since = clock_now_ms();
		if (now->reason[0] != '\0')
			log_warn("%s: %s", now->part, now->reason);
	}
}

void
states_forget(
    struct states *s, const struct plan *before, const struct plan *now)
{
	for (size_t i = 0; i < now->n_tunnels; i++) {
		const struct plan_tunnel *t = &now->tunnels[i], *was;
		struct wire_state *state = find(s, i, t->ifname);

		was = plan_tunnel_find(before, t->ifname);
		if (state != NULL && was != NULL &&
		    plan_tunnel_cmp(was, t) != 0)
			state->since = 0;
	}
}
