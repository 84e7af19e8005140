#include "store/schema.h"

#include <stdio.h>
#include <string.h>

/*
 * The constraints are the second line: peering_check stands before them. A
 * link-local address is 16 bytes; NULL where we give it.
 */
static const char *const migrations[] = {
	"CREATE TABLE peering ("
	" asn INTEGER PRIMARY KEY CHECK (asn BETWEEN 1 AND 4294967294),"
	" id INTEGER NOT NULL UNIQUE CHECK (id BETWEEN 1 AND 65535),"
	" listen_port INTEGER NOT NULL UNIQUE"
	"  CHECK (listen_port BETWEEN 1 AND 65535),"
	" mntner TEXT NOT NULL CHECK (length(mntner) < 64),"
	" key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),"
	" psk BLOB CHECK (length(psk) = 32),"
	" host TEXT NOT NULL CHECK (length(host) < 254),"
	" port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),"
	" link_local BLOB UNIQUE CHECK (length(link_local) = 16),"
	" mtu INTEGER NOT NULL CHECK (mtu BETWEEN 1280 AND 1440),"
	" created INTEGER NOT NULL,"
	" changed INTEGER NOT NULL,"
	" CHECK ((host = '') = (port = 0))"
	") STRICT;"
	"CREATE TABLE event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" time INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" admin INTEGER NOT NULL CHECK (admin IN (0, 1)),"
	" what TEXT NOT NULL CHECK (what <> ''),"
	" asn INTEGER NOT NULL CHECK (asn BETWEEN 0 AND 4294967294),"
	" detail TEXT NOT NULL"
	") STRICT;",
	"ALTER TABLE peering ADD COLUMN latency INTEGER NOT NULL DEFAULT 0"
	" CHECK (latency BETWEEN 0 AND 9);"
	"ALTER TABLE peering ADD COLUMN paused TEXT NOT NULL DEFAULT ''"
	" CHECK (length(paused) < 128);"
	"ALTER TABLE peering ADD COLUMN keyed INTEGER NOT NULL DEFAULT 0"
	" CHECK (keyed IN (0, 1));",
};
#define VERSION_NEWEST ((int)(sizeof(migrations) / sizeof(migrations[0])))

static int
pragma_number(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		*out = sqlite3_column_int(stmt, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int
damaged(const char *path, const char *how, struct fault *f)
{
	return fault_set(f, FAULT_INVALID, NULL,
	    "%s is damaged (%s); it was left as it is: put a good copy in its "
	    "place, or move it away to begin anew",
	    path, how);
}

static int
check_whole(sqlite3 *db, const char *path, struct fault *f)
{
	sqlite3_stmt *stmt = NULL;
	const char *result = NULL;
	int rc = FAULT_INVALID;

	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		result = (const char *)sqlite3_column_text(stmt, 0);
	if (result == NULL)
		damaged(path, sqlite3_errmsg(db), f);
	else if (strcmp(result, "ok") != 0)
		damaged(path, result, f);
	else
		rc = 0;
	sqlite3_finalize(stmt);
	return rc;
}

int
schema_check(sqlite3 *db, const char *path, struct fault *f)
{
	int application = 0, version = 0, rc;

	rc = pragma_number(db, "PRAGMA application_id", &application);
	if (rc == SQLITE_OK)
		rc = pragma_number(db, "PRAGMA user_version", &version);
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_IOERR)
		return fault_set(
		    f, FAULT_SYSTEM, NULL, "%s: %s", path, sqlite3_errmsg(db));
	if (rc != SQLITE_OK)
		return damaged(path, sqlite3_errmsg(db), f);
	if (application != SCHEMA_APPLICATION)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is a database of another program; it was left as it "
		    "is: move it away",
		    path);
	if (version < 1 || version > VERSION_NEWEST)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s has version %d, and this program knows 1 to %d; it "
		    "was left as it is: install the newer program",
		    path, version, VERSION_NEWEST);
	return check_whole(db, path, f);
}

static int
migrate_step(sqlite3 *db, int version)
{
	char end[96];
	int rc;

	snprintf(end, sizeof(end),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
	    SCHEMA_APPLICATION, version + 1);
	rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, migrations[version], NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, end, NULL, NULL, NULL);
	return rc;
}

int
schema_migrate(sqlite3 *db, const char *path, struct fault *f)
{
	int version = 0;
	int rc = pragma_number(db, "PRAGMA user_version", &version);

	while (rc == SQLITE_OK && version < VERSION_NEWEST)
		rc = migrate_step(db, version++);
	if (rc == SQLITE_OK)
		return 0;
	fault_set(f, FAULT_SYSTEM, NULL,
	    "%s: cannot bring it to version %d: %s", path, version,
	    sqlite3_errmsg(db));
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return FAULT_SYSTEM;
}
