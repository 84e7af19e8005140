#include "api/field.h"
#include "engine/request.h"
#include "engine/sync.h"

#define PULL_SECONDS 25 /* less than the client waits */

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
	    c, json_pack("{s:s,s:b,s:I,s:I}", "commit", status->commit,
		   "changed", status->changed, "mntners", (json_int_t)n.mntners,
		   "aut_nums", (json_int_t)n.aut_nums));
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
