#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/fault.h"

/* In the file's header (PRAGMA application_id), so that it is known as ours. */
#define SCHEMA_APPLICATION 0x6d746d65 /* "mtme" */

/*
 * Brings an open database, that is no newer than this program, to the newest
 * version, each step in a transaction of its own. 0 or FAULT_SYSTEM.
 */
int schema_migrate(sqlite3 *db, const char *path, struct fault *f);

/*
 * Reads only. FAULT_INVALID unless it is a database of ours, whole, and no
 * newer than this program; FAULT_SYSTEM: it cannot be looked at now.
 */
int schema_check(sqlite3 *db, const char *path, struct fault *f);

#endif
