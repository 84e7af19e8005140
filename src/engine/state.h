#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "agent/wire.h"
#include "base/paths.h"
#include "network/network.h"
#include "peering/peering.h"
#include "registry/registry.h"
#include "store/store.h"

#define REGISTRY_UNSEEN UINT64_MAX /* a stamp that no folder has */

struct agentlink;
struct conn;

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
	uint64_t registry_stamp;
	struct store *store;
	struct peering *peerings; /* what the store has, by AS number */
	size_t n_peerings;
	struct wire_state *quarantine; /* kept out of the plan, by AS number */
	size_t n_quarantine;
	struct agentlink *agent;
	int listener_fd;
	LIST_HEAD(conn_list, conn) conns;
	size_t n_conns;
	uint32_t token; /* of the last question to the agent */
};

/* Reads the network file; the one in force stays if the new one is wrong. */
int engine_load_network(struct engine *e, struct fault *f);

/*
 * Reads the registry if it changed. The old index stays when the new one
 * cannot be read or has lost more than a tenth of its maintainers.
 */
void engine_load_registry(struct engine *e);

/*
 * Refreshes `peerings` from the store, and sends the agent a new plan. A
 * peering that breaks the rules of today's network file is left out of it.
 */
int engine_replan(struct engine *e, struct fault *f);

/* How far a peering has come; NULL: nothing is known yet. */
const struct wire_state *engine_progress(const struct engine *e, uint32_t asn);

/* The peering of that AS, or NULL. */
const struct peering *engine_peering(const struct engine *e, uint32_t asn);

/* Where the listener must listen, told again whenever the file changes. */
void engine_tell_listener(const struct engine *e);

#endif
