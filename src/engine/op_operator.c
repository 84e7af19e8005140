#include <bsd/string.h>
#include <stdlib.h>

#include "base/log.h"
#include "engine/agentlink.h"
#include "engine/request.h"
#include "engine/sync.h"

#define EVENTS_MAX     1000
#define EVENTS_DEFAULT 50
#define RELOAD_SECONDS 10 /* to hear what the agent thinks of it */

static json_t *
event_json(const struct store_event *ev)
{
	return json_pack("{s:I,s:I,s:s,s:s,s:s,s:b,s:s,s:o,s:s}", "id",
	    (json_int_t)ev->id, "time", (json_int_t)ev->time, "who", ev->who,
	    "from", ev->from, "key", ev->key, "admin", ev->admin, "what",
	    ev->what, "asn", ev->asn != 0 ? json_integer(ev->asn) : json_null(),
	    "detail", ev->detail);
}

void
op_events(struct engine *e, struct conn *c, json_t *args)
{
	struct store_event *list = NULL;
	json_int_t max = EVENTS_DEFAULT;
	json_error_t error;
	json_t *events;
	struct fault f;
	size_t n = 0;

	if (json_unpack_ex(args, &error, 0, "{s?I!}", "max", &max) != 0 ||
	    max < 1 || max > EVENTS_MAX) {
		fault_set(&f, FAULT_INVALID, "max", "a number from 1 to %d",
		    EVENTS_MAX);
		conn_fault(c, &f);
		return;
	}
	if (store_events(e->store, (size_t)max, &list, &n, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	events = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(events, event_json(&list[i]));
	free(list);
	conn_reply(c, json_pack("{s:o}", "events", events));
}

/* The agent has the plan, and obeys it or not. */
static void
on_reloaded(struct engine *e, struct conn *c, const void *serial)
{
	const struct wire_state *s = agentlink_state(e->agent, WIRE_PART_PLAN);
	struct fault f;

	if (serial == NULL || s == NULL || s->progress == WIRE_APPLIED) {
		conn_reply(c, json_object());
		return;
	}
	fault_set(&f, FAULT_INVALID, NULL, "%s", s->reason);
	conn_fault(c, &f);
}

static void
apply_network(struct engine *e, struct conn *c, bool forced)
{
	struct store_event event;
	struct fault f;

	log_info("the network file was read again");
	engine_tell_listener(e);
	sync_configure(e->sync);
	engine_load_registry(e);
	request_event(&event, conn_identity(c), "reload", 0);
	if (forced)
		strlcpy(event.detail, "forced", sizeof(event.detail));
	if (engine_replan(e, forced, &f) != 0 ||
	    store_log(e->store, &event, &f) != 0) {
		log_error("reload: %s", f.text);
		conn_fault(c, &f);
		return;
	}
	conn_wait(c, RELOAD_SECONDS, on_reloaded)->serial =
	    agentlink_serial(e->agent);
}

void
op_reload(struct engine *e, struct conn *c, json_t *args)
{
	struct network_problems *problems = calloc(1, sizeof(*problems));
	json_t *force = json_object_get(args, "force");
	struct fault f;

	engine_load_registry(e);
	if (problems == NULL) {
		fault_set(&f, FAULT_SYSTEM, NULL, "no memory");
		conn_fault(c, &f);
	} else if (force != NULL && !json_is_boolean(force)) {
		fault_set(&f, FAULT_INVALID, "force", "it is true or false");
		conn_fault(c, &f);
	} else if (engine_load_network(e, problems, &f) != 0) {
		log_error("reload: %s%s%s", f.field,
		    f.field[0] != '\0' ? ": " : "", f.text);
		request_bad_network(c, &f, problems);
	} else {
		apply_network(e, c, json_is_true(force));
	}
	free(problems);
}
