/* links: every tunnel of this POP, what `wg` knows of it, and how far it is. */
#include <string.h>

#include "engine/agentlink.h"
#include "engine/request.h"
#include "engine/tunneljson.h"

#define SURVEY_SECONDS 3 /* the agent takes less */

static json_t *
add_tunnel(json_t *o, const struct engine *e, const struct plan_tunnel *t)
{
	const struct peering *p = engine_peering(e, t->asn);
	char key[WGKEY_TEXT_MAX];

	if (o == NULL)
		return NULL;
	if (t->pop == 0)
		json_object_set_new(o, "pop", json_null());
	json_object_set_new(
	    o, "asn", t->asn != 0 ? json_integer(t->asn) : json_null());
	json_object_set_new(
	    o, "mntner", p != NULL ? json_string(p->mntner) : json_null());
	json_object_set_new(o, "key", json_string(wgkey_text(&t->key, key)));
	json_object_set_new(o, "listen_port", json_integer(t->listen_port));
	return o;
}

static void
on_surveyed(struct engine *e, struct conn *c, const void *answer)
{
	static const struct wire_survey nothing = { .bird = "" };
	const struct wire_survey *survey = answer != NULL ? answer : &nothing;
	struct plan *plan = NULL;
	json_t *list;
	struct fault f;

	if (plan_derive(&plan, &e->rules, e->peerings, e->n_peerings) != 0) {
		fault_set(&f, FAULT_SYSTEM, NULL, "the plan cannot be made");
		conn_fault(c, &f);
		return;
	}
	list = json_array();
	/* Links first, as peerings may be many. */
	for (int links = 1; links >= 0; links--)
		for (size_t i = 0; i < plan->n_tunnels; i++) {
			const struct plan_tunnel *t = &plan->tunnels[i];

			if ((t->pop != 0) == links)
				json_array_append_new(
				    list, add_tunnel(
					      tunnel_json(e, t, survey), e, t));
		}
	plan_free(plan);
	conn_reply(c, json_pack("{s:o}", "links", list));
}

void
op_links(struct engine *e, struct conn *c, json_t *args)
{
	struct pending *wait = conn_wait(c, SURVEY_SECONDS, on_surveyed);

	(void)args;
	wait->token = conn_token(e);
	agentlink_survey(e->agent, wait->token, true);
}
