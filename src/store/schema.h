#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/fault.h"

/* In the file's header (PRAGMA application_id), so that it is known as ours. */
#define SCHEMA_APPLICATION 0x6d746d65 /* "mtme" */

/*
 * Brings an open database to the newest version, each step in a transaction
 * of its own. FAULT_INVALID: it is newer than this program, and untouched.
 */
int schema_migrate(sqlite3 *db, const char *path, struct fault *f);

/* FAULT_INVALID unless it is a database of ours and whole. Reads only. */
int schema_check(sqlite3 *db, const char *path, struct fault *f);

#endif
