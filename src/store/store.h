#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/fault.h"
#include "peering/peering.h"

/*
 * The peerings of this POP and the audit log. Every call that changes a
 * peering is one transaction, with its event, synced before it returns.
 */
struct store;

struct store_event {
	int64_t id; /* set by the store */
	int64_t time; /* seconds since 1970; set by the store */
	char who[MNTNER_MAX + 16]; /* "FOO-MNT", "uid 0", "meetmed" */
	char from[64]; /* address of the client, or "local" */
	char key[SSHKEY_FPR_MAX]; /* fingerprint, or "" */
	bool admin; /* logged in with an admin key, not the maintainer's */
	char what[32]; /* "peer_create", "login", ... */
	uint32_t asn; /* 0: of none */
	char detail[256]; /* printable ASCII */
};

/*
 * Opens or creates the file, and migrates it forward. FAULT_INVALID: it is
 * no database of ours, is damaged, or is newer than this program; the file is
 * left as it is.
 */
int store_open(struct store **out, const char *path, struct fault *f);
void store_close(struct store *s);

/* All peerings by AS number; *list is the caller's to free (NULL for 0). */
int
store_list(struct store *s, struct peering **list, size_t *n, struct fault *f);

/* FAULT_TAKEN where AS, id, port or key exists already. */
int store_insert(struct store *s, const struct peering *p,
    const struct store_event *e, struct fault *f);

/*
 * Replaces all but asn, id, listen_port, created and latency.
 * FAULT_NOT_FOUND.
 */
int store_update(struct store *s, const struct peering *p,
    const struct store_event *e, struct fault *f);
/* Each of list[0..n) with its event, all or none; `events` may be NULL. */
int store_update_all(struct store *s, const struct peering *list,
    const struct store_event *events, size_t n, struct fault *f);

int store_remove(struct store *s, uint32_t asn, const struct store_event *e,
    struct fault *f);

/* What was measured of a peering. */
struct store_latency {
	uint32_t asn;
	uint8_t class;
};

/*
 * All of them in one transaction, without an event: nobody did it. One of no
 * peering is passed over.
 */
int store_set_latency(struct store *s, const struct store_latency *list,
    size_t n, struct fault *f);

/* An event that changes no peering. */
int store_log(struct store *s, const struct store_event *e, struct fault *f);

/* The newest `max` events, newest first; *list is the caller's to free. */
int store_events(struct store *s, size_t max, struct store_event **list,
    size_t *n, struct fault *f);

#endif
