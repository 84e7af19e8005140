#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/agentlink.h"
#include "engine/birdstatus.h"
#include "engine/ownership.h"
#include "engine/request.h"
#include "engine/sync.h"
#include "engine/tunneljson.h"

#define SURVEY_SECONDS 3 /* the agent takes less */

static json_t *
progress_json(const struct engine *e)
{
	json_int_t count[WIRE_REFUSED + 1] = { 0 }, paused = 0;

	for (size_t i = 0; i < e->n_peerings; i++) {
		const struct peering *p = &e->peerings[i];
		const struct wire_state *s = engine_progress(e, p->asn);

		if (s != NULL && s->progress == WIRE_APPLIED &&
		    p->paused[0] != '\0')
			paused++;
		else
			count[s != NULL ? s->progress : WIRE_WAITING]++;
	}
	return json_pack("{s:I,s:I,s:I,s:I}", "applied", count[WIRE_APPLIED],
	    "waiting", count[WIRE_WAITING], "refused", count[WIRE_REFUSED],
	    "paused", paused);
}

/* Those that a person must confirm before they are paused. */
static json_t *
held_json(const struct engine *e)
{
	json_t *list = json_array();
	char why[PEERING_PAUSED_MAX];

	for (size_t i = 0; e->n_held > 0 && i < e->n_peerings; i++) {
		const struct peering *p = &e->peerings[i];

		if (p->paused[0] == '\0' && ownership_lost(e->registry, p, why))
			json_array_append_new(
			    list, json_pack("{s:I,s:s}", "asn",
				      (json_int_t)p->asn, "reason", why));
	}
	return list;
}

static json_t *
registry_json(const struct engine *e)
{
	struct registry_counts n = { 0 };

	if (e->registry == NULL)
		return json_null();
	registry_counts(e->registry, &n);
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:s,s:s}", "mntners",
	    (json_int_t)n.mntners, "aut_nums", (json_int_t)n.aut_nums, "keys",
	    (json_int_t)n.keys, "skipped", (json_int_t)n.skipped, "roas",
	    (json_int_t)e->policy.roas.n, "error", e->policy_fault.text,
	    "refused", e->registry_fault.text);
}

/* Does BIRD have what our base begins with? */
static bool
base_is_read(const struct wire_survey *survey)
{
	json_t *all = birdstatus_protocols(survey->bird, survey->bird_len), *p;
	const char *name;
	bool found = false;
	size_t i;

	json_array_foreach(all, i, p)
	{
		name = json_string_value(json_object_get(p, "name"));
		found |= name != NULL && strcmp(name, "meetme_device") == 0;
	}
	json_decref(all);
	return found;
}

static json_t *
part_json(const char *name, const struct wire_state *s,
    const struct wire_survey *survey)
{
	bool unread = strcmp(name, WIRE_PART_BIRD) == 0 &&
		      s->progress == WIRE_APPLIED && survey->bird_len > 0 &&
		      !base_is_read(survey);

	return json_pack("{s:s,s:s,s:s}", "name", name, "state",
	    request_progress_name(unread ? WIRE_WAITING : s->progress),
	    "reason",
	    unread ? "bird.conf does not include meetme/meetme.conf"
		   : s->reason);
}

/* Null: the registry is a folder. */
static json_t *
sync_json(const struct engine *e)
{
	struct sync_status s;

	if (!sync_status(e->sync, &s))
		return json_null();
	return json_pack("{s:o,s:o,s:b,s:s}", "commit",
	    s.commit[0] != '\0' ? json_string(s.commit) : json_null(),
	    "checked", s.checked > 0 ? json_integer(s.checked) : json_null(),
	    "running", s.running, "error", s.error.text);
}

/* Those that the agent has told about. */
static json_t *
parts_json(const struct engine *e, const struct wire_survey *survey)
{
	static const char *const parts[] = { WIRE_PART_PLAN, WIRE_PART_LOOPBACK,
		WIRE_PART_SYSCTL, WIRE_PART_BIRD };
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct wire_state *s =
		    agentlink_state(e->agent, parts[i]);

		if (s != NULL)
			json_array_append_new(
			    list, part_json(parts[i], s, survey));
	}
	return list;
}

static int
by_pop(const void *a, const void *b)
{
	const struct plan_tunnel *const *x = a, *const *y = b;

	return ((*x)->pop > (*y)->pop) - ((*x)->pop < (*y)->pop);
}

static json_t *
links_json(const struct engine *e, const struct plan *plan,
    const struct wire_survey *survey)
{
	const struct plan_tunnel **links =
	    calloc(plan->n_tunnels + 1, sizeof(*links));
	json_t *list = links != NULL ? json_array() : NULL;
	size_t n = 0;

	for (size_t i = 0; list != NULL && i < plan->n_tunnels; i++)
		if (plan->tunnels[i].pop != 0)
			links[n++] = &plan->tunnels[i];
	if (n > 0)
		qsort(links, n, sizeof(*links), by_pop);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, tunnel_json(e, links[i], survey));
	free(links);
	return list;
}

static json_t *
pop_of(const struct plan *plan, unsigned id)
{
	for (size_t i = 0; i < plan->n_ibgp; i++)
		if (plan->ibgp[i].pop == id)
			return json_string(plan->ibgp[i].pop_name);
	return json_null();
}

/* Is a protocol of that name ours? Then says whom it is with. */
static bool
take_name(json_t *p, const struct plan *plan)
{
	const char *name = json_string_value(json_object_get(p, "name"));
	uint32_t asn;
	unsigned pop;

	if (name == NULL)
		return false;
	if (sscanf(name, "ebgp_as%10" SCNu32, &asn) == 1)
		return json_object_set_new(p, "asn", json_integer(asn)) == 0;
	if (sscanf(name, "ibgp_%5u", &pop) == 1)
		return json_object_set_new(p, "pop", pop_of(plan, pop)) == 0;
	return strncmp(name, "meetme_igp", strlen("meetme_igp")) == 0;
}

static json_t *
protocols_json(const struct plan *plan, const struct wire_survey *survey)
{
	json_t *all, *ours, *p;
	size_t i;

	if (survey->bird_len == 0)
		return json_null();
	all = birdstatus_protocols(survey->bird, survey->bird_len);
	ours = json_array();
	json_array_foreach(all, i, p)
	{
		if (take_name(p, plan))
			json_array_append(ours, p);
	}
	json_decref(all);
	return ours;
}

static void
on_surveyed(struct engine *e, struct conn *c, const void *answer)
{
	static const struct wire_survey nothing = { .bird = "" };
	const struct wire_survey *survey = answer != NULL ? answer : &nothing;
	json_int_t visitors = (json_int_t)conn_visitors(e, NULL);
	struct plan *plan = NULL;
	struct fault f;

	/* The mesh alone: peerings are counted, and have their own status. */
	if (plan_derive(&plan, &e->rules, NULL, 0) != 0) {
		fault_set(&f, FAULT_SYSTEM, NULL, "the plan cannot be made");
		conn_fault(c, &f);
		return;
	}
	conn_reply(c,
	    json_pack("{s:s,s:I,s:o,s:o,s:I,s:o,s:o,s:o,s:o,s:o}", "pop",
		e->rules.pop->name, "asn", (json_int_t)e->net->asn, "peerings",
		progress_json(e), "held", held_json(e), "sessions", visitors,
		"registry", registry_json(e), "sync", sync_json(e), "parts",
		parts_json(e, survey), "links", links_json(e, plan, survey),
		"protocols", protocols_json(plan, survey)));
	plan_free(plan);
}

void
op_status(struct engine *e, struct conn *c, json_t *args)
{
	struct pending *wait = conn_wait(c, SURVEY_SECONDS, on_surveyed);

	(void)args;
	wait->token = conn_token(e);
	agentlink_survey(e->agent, wait->token, false);
}
