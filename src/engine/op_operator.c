#include <stdlib.h>

#include "base/log.h"
#include "engine/request.h"

#define EVENTS_MAX     1000
#define EVENTS_DEFAULT 50

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

void
op_reload(struct engine *e, struct conn *c, json_t *args)
{
	struct network_problems *problems = calloc(1, sizeof(*problems));
	struct store_event event;
	struct fault f;

	(void)args;
	engine_load_registry(e);
	if (problems == NULL) {
		fault_set(&f, FAULT_SYSTEM, NULL, "no memory");
		conn_fault(c, &f);
	} else if (engine_load_network(e, problems, &f) != 0) {
		log_error("reload: %s%s%s", f.field,
		    f.field[0] != '\0' ? ": " : "", f.text);
		request_bad_network(c, &f, problems);
	} else {
		log_info("the network file was read again");
		engine_tell_listener(e);
		request_event(&event, conn_identity(c), "reload", 0);
		if (engine_replan(e, &f) != 0 ||
		    store_log(e->store, &event, &f) != 0) {
			log_error("reload: %s", f.text);
			conn_fault(c, &f);
		} else {
			conn_reply(c, json_object());
		}
	}
	free(problems);
}
