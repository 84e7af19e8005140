#include <stdio.h>

#include "api/field.h"
#include "engine/agentlink.h"
#include "engine/ownership.h"
#include "engine/request.h"
#include "engine/sync.h"

#define PULL_SECONDS  25 /* less than the client waits */
#define PAUSE_SECONDS 10 /* until the agent has made it so */

static void
on_pulled(struct engine *e, struct conn *c, const void *answer)
{
	const struct sync_status *status = answer;
	struct registry_counts n = { 0 };
	struct fault f;

	if (status == NULL) {
		fault_set(&f, FAULT_AWAY, "registry",
		    "git still works at it; `meetme status` will show what "
		    "came of it");
		conn_fault(c, &f);
		return;
	}
	if (status->error.code != 0) {
		conn_fault(c, &status->error);
		return;
	}
	if (e->registry != NULL)
		registry_counts(e->registry, &n);
	conn_reply(
	    c, json_pack("{s:s,s:b,s:I,s:I,s:I}", "commit", status->commit,
		   "changed", status->changed, "mntners", (json_int_t)n.mntners,
		   "aut_nums", (json_int_t)n.aut_nums, "held",
		   (json_int_t)e->n_held));
}

void
op_registry_pull(struct engine *e, struct conn *c, json_t *args)
{
	struct store_event event;
	struct pending *wait;
	struct fault f;
	bool force = field_flag(args, "force");

	if (field_is_set(args, "force") &&
	    !json_is_boolean(json_object_get(args, "force"))) {
		fault_set(&f, FAULT_INVALID, "force", "true or false");
		conn_fault(c, &f);
		return;
	}
	if (!sync_status(e->sync, NULL)) {
		fault_set(&f, FAULT_INVALID, "registry",
		    "the network file has no registry.url; a folder is read "
		    "again by itself");
		conn_fault(c, &f);
		return;
	}
	request_event(&event, conn_identity(c), "registry_pull", 0);
	wait = conn_wait(c, PULL_SECONDS, on_pulled);
	wait->token = sync_pull(e->sync, force ? &event : NULL);
}

static void
on_paused(struct engine *e, struct conn *c, const void *serial)
{
	size_t paused = 0;

	(void)serial;
	for (size_t i = 0; i < e->n_peerings; i++)
		paused += e->peerings[i].paused[0] != '\0';
	conn_reply(c, json_pack("{s:I}", "paused", (json_int_t)paused));
}

void
op_registry_confirm(struct engine *e, struct conn *c, json_t *args)
{
	struct store_event event;
	struct fault f;

	(void)args;
	request_event(&event, conn_identity(c), "registry_confirm", 0);
	snprintf(event.detail, sizeof(event.detail), "held=%zu", e->n_held);
	if (ownership_confirm(e, &event, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	conn_wait(c, PAUSE_SECONDS, on_paused)->serial =
	    agentlink_serial(e->agent);
}
