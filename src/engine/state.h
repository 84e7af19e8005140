#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/paths.h"
#include "engine/clone.h"
#include "engine/quarantine.h"
#include "engine/rate.h"
#include "network/network.h"
#include "peering/peering.h"
#include "plan/plan.h"
#include "registry/census.h"
#include "registry/policy.h"
#include "registry/registry.h"
#include "store/store.h"

#define REGISTRY_UNSEEN UINT64_MAX /* a stamp that no folder has */

struct agentlink;
struct conn;
struct latencies;
struct sync;

/* All that the engine knows; one per process, passed to every handler. */
struct engine {
	struct event_base *base;
	const struct paths *paths;
	const char *pop_wanted; /* by name; NULL: the one with public_key */
	struct wgkey public_key; /* the agent's */
	struct network *net;
	struct peering_rules rules; /* of this POP, pointing into net */
	struct sshkey *admin_keys;
	size_t n_admin_keys;
	char *motd; /* never NULL */
	struct registry *registry; /* NULL: none could be read */
	char registry_commit[COMMIT_MAX]; /* that is; "": a folder's state */
	uint64_t registry_stamp;
	uint64_t registry_seen; /* the stamp at the last look */
	struct fault registry_fault; /* why what is there now is not; code 0 */
	struct census census; /* of that registry */
	struct policy policy; /* the last that could be read; or no ROAs */
	struct fault policy_fault; /* why it is not this registry's; code 0 */
	struct sync *sync;
	struct store *store;
	struct peering *peerings; /* what the store has, by AS number */
	size_t n_peerings;
	size_t n_held; /* of them to be paused, if a person confirms it */
	bool review_due; /* the last one of their owners failed */
	struct quarantine quarantine; /* of the plan in force */
	struct event *replan; /* engine_replan_soon() */
	struct agentlink *agent;
	struct latencies *latencies;
	int listener_fd;
	LIST_HEAD(conn_list, conn) conns;
	size_t n_conns;
	uint32_t token; /* of the last question to the agent */
	struct rate rate; /* of visitors' pings, traces, routes */
	struct rate refused_rate; /* of their looks at refused routes */
};

/*
 * Reads the network file as it is on disk now. 0: *out is the caller's to
 * free, *pop is the one in it that we are. Else *f says what is wrong; where it
 * is the file, *problems has all of it.
 */
int engine_read_network(const struct engine *e, struct network **out,
    const struct network_pop **pop, struct network_problems *problems,
    struct fault *f);

/* And puts it in force; the one in force stays if the new one is wrong. */
int engine_load_network(
    struct engine *e, struct network_problems *problems, struct fault *f);

/*
 * Reads the registry's folder if it changed. The old index stays when the new
 * one cannot be read or is not plausible (engine/intake.h).
 */
void engine_load_registry(struct engine *e);

/*
 * That, if it has come to rest since the last look: what is half written would
 * pause peerings that are as they should be.
 */
void engine_watch_registry(struct engine *e);

/*
 * The plan of `peerings` by the rules of a network file, and who breaks them.
 * 0: both are the caller's to free.
 */
int engine_plan(struct plan **out, struct quarantine *q, const struct engine *e,
    const struct peering_rules *rules, struct fault *f);

/* Refreshes `peerings` from the store. */
int engine_load_peerings(struct engine *e, struct fault *f);

/*
 * That, and sends the agent the plan of the network file in force; `forced`:
 * it shall obey even if most tunnels go.
 */
int engine_replan(struct engine *e, bool forced, struct fault *f);

/* The same when nobody asks for it any more, but for a moment: of many. */
int engine_replan_init(struct engine *e);
void engine_replan_soon(struct engine *e);

/* How far a peering has come; NULL: nothing is known yet. */
const struct wire_state *engine_progress(const struct engine *e, uint32_t asn);

/* The peering of that AS, or NULL. */
const struct peering *engine_peering(const struct engine *e, uint32_t asn);

/* Where the listener must listen, told again whenever the file changes. */
void engine_tell_listener(const struct engine *e);

#endif
