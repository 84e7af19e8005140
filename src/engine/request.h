#ifndef ENGINE_REQUEST_H
#define ENGINE_REQUEST_H

#include "engine/conn.h"

/* An operation answers with conn_reply, conn_fault or, later, conn_wait. */
typedef void request_fn(struct engine *e, struct conn *c, json_t *args);

/* Parses one line and runs its operation, if the identity may. */
void
request_run(struct engine *e, struct conn *c, const char *line, size_t len);

/* Is this line no request, but a stop (api/api.h)? */
bool request_is_stop(const char *line, size_t len);

/* The operations, by file. */
request_fn op_auth_query, op_auth, op_hello; /* op_auth.c */
request_fn op_peer_create, op_peer_edit, op_peer_remove; /* op_change.c */
request_fn op_peer_list, op_peer_config, op_peer_status; /* op_show.c */
request_fn op_events, op_reload; /* op_operator.c */
request_fn op_status; /* op_status.c */
request_fn op_plan; /* op_plan.c */
request_fn op_ping, op_trace; /* op_probe.c */
request_fn op_links; /* op_links.c */
request_fn op_routes; /* op_routes.c */
request_fn op_neighbors; /* op_neighbors.c */
request_fn op_registry_pull, op_registry_confirm; /* op_registry.c */
request_fn op_peer_import; /* op_import.c */

/*
 * The peering that `args` names, if the identity may see it: "asn", or the
 * only one there is. NULL: *f says why.
 */
const struct peering *request_peering(const struct engine *e,
    const struct identity *who, json_t *args, struct fault *f);

/*
 * Is the identity still what it was fixed as? A visitor's key may be gone from
 * the registry since. Else FAULT_DENIED.
 */
int request_stands(
    const struct engine *e, const struct identity *who, struct fault *f);

/* May this identity see and change the peerings of that AS? */
bool
request_owns(const struct engine *e, const struct identity *who, uint32_t asn);

/*
 * FAULT_DENIED for a visitor whose AS `p` is of, but made by a maintainer who
 * had it before: it may be seen, removed, and taken over.
 */
int request_not_moved(const struct engine *e, const struct identity *who,
    const struct peering *p, struct fault *f);

/*
 * May he now have something done that others pay for: one at a time, and some
 * in a minute? 0, and it is counted; or FAULT_LIMIT. An operator always may.
 */
int request_turn(struct engine *e, const struct identity *who, struct fault *f);

/* Starts the event that an operation will store. */
void request_event(struct store_event *out, const struct identity *who,
    const char *what, uint32_t asn);

/* "applied", "waiting" or "refused" */
const char *request_progress_name(enum wire_progress progress);

/* What the audit log keeps of a change, into its event: all but secrets. */
void request_describe(struct store_event *out, const struct peering *p);

/* Answers that the network file cannot be used, and all that is wrong. */
void request_bad_network(struct conn *c, const struct fault *f,
    const struct network_problems *problems);

/* A peering as the API gives it, with how far it has come. New reference. */
json_t *request_peering_json(const struct engine *e, const struct peering *p);

#endif
