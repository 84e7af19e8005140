#ifndef ENGINE_SYNC_H
#define ENGINE_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "engine/clone.h"

struct engine;
struct store_event;

/*
 * Keeps the registry as the network file's `registry:` says: a clone that is
 * pulled at intervals. A new state is made and indexed beside the one in force
 * and swapped whole; what cannot be pulled, is no fast-forward or has lost too
 * much is refused, and the state in force stays. git runs as a child; nothing
 * here waits for it.
 */
struct sync;

struct sync_status {
	char commit[COMMIT_MAX]; /* in force; "": none of the clone's */
	int64_t checked; /* when it was last known to be the newest, or 0 */
	bool running; /* git is at work */
	bool changed; /* the pull that just ended brought another state */
	struct fault error; /* of the last pull; its code is 0 if it was good */
};

/* 0 or a FAULT. Nothing is pulled yet. */
int sync_new(struct sync **out, struct engine *e);
void sync_free(struct sync *s);

/* The network file is another: begins, goes on, or stops. */
void sync_configure(struct sync *s);

/* Is there an URL to pull from? Then *out, which may be NULL, is filled. */
bool sync_status(const struct sync *s, struct sync_status *out);

/* The clone's commit; "" where the registry is a folder, or not pulled yet. */
const char *sync_commit(const struct sync *s);

/* The folder of that, or the one that nobody pulls; it holds data/. */
const char *sync_dir(const struct sync *s);

/*
 * Pulls now; a pull under way is followed by another one. With `force` (else
 * NULL) a state is taken even if it is no fast-forward, has lost much or is in
 * conflict, and that event logged. The token with which conn_answered will
 * bring a struct sync_status.
 */
uint32_t sync_pull(struct sync *s, const struct store_event *force);

#endif
