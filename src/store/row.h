#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <sqlite3.h>

#include "store/store.h"

/* The columns, in the order in which each function takes or gives them. */
#define ROW_PEERING                                                       \
	"asn, id, listen_port, mntner, key, psk, host, port, link_local," \
	" mtu, created, changed, latency, paused, keyed"
#define ROW_EVENT "id, time, who, source, key, admin, what, asn, detail"

/* Binds ?1.. of ROW_PEERING; of ROW_EVENT the columns after `time`. */
void row_bind_peering(sqlite3_stmt *stmt, const struct peering *p);
void
row_bind_event(sqlite3_stmt *stmt, const struct store_event *e, int64_t now);

/* Reads a row. 0, or FAULT_INVALID for a value that no such row can have. */
int row_read_peering(sqlite3_stmt *stmt, struct peering *p);

/* Texts are shown as far as they can be: no event may be hidden by another. */
void row_read_event(sqlite3_stmt *stmt, struct store_event *e);

#endif
