#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/schema.h"

#define BUSY_MS	      2000
#define HEADER_LEN    100
#define HEADER_APP_AT 68 /* https://www.sqlite.org/fileformat2.html, 1.3 */

/* Few bytes of memory, and a log that is folded in before it is large. */
static const char settings[] = "PRAGMA cache_size = -256;"
			       "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA wal_autocheckpoint = 100;"
			       "PRAGMA journal_size_limit = 1048576;";

static int
sqlite_failed(sqlite3 *db, const char *path, struct fault *f)
{
	return fault_set(f, FAULT_SYSTEM, NULL, "%s: %s", path,
	    db != NULL ? sqlite3_errmsg(db) : "no memory");
}

static int
os_failed(int error, const char *path, struct fault *f)
{
	return fault_set(
	    f, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(error));
}

static int
open_database(sqlite3 **out, const char *path, struct fault *f)
{
	sqlite3 *db = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
		sqlite_failed(db, path, f);
		sqlite3_close(db);
		return FAULT_SYSTEM;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, BUSY_MS);
	*out = db;
	return 0;
}

/*
 * A new database gets its name when it is whole. So an empty file is one that
 * lost its content, never one that was not finished.
 */
static int
create(const char *path, struct fault *f)
{
	sqlite3 *db = NULL;
	char tmp[PATH_MAX], wal[PATH_MAX];
	int fd, rc;

	if (snprintf(tmp, sizeof(tmp), "%s.new", path) >= (int)sizeof(tmp) ||
	    snprintf(wal, sizeof(wal), "%s-wal", path) >= (int)sizeof(wal))
		return os_failed(ENAMETOOLONG, path, f);
	/* SQLite would replay it into a database that it does not belong to. */
	if (access(wal, F_OK) == 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is there without its database: put that back, or move "
		    "both away to begin anew",
		    wal);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return os_failed(errno, tmp, f);
	close(fd);
	rc = open_database(&db, tmp, f);
	if (rc == 0)
		rc = schema_migrate(db, tmp, f);
	if (rc == 0 && sqlite3_close(db) == SQLITE_OK && rename(tmp, path) == 0)
		return 0;
	if (rc == 0)
		rc = os_failed(errno, path, f);
	else
		sqlite3_close(db);
	unlink(tmp);
	return rc;
}

/* Is this ours? Asked before SQLite, which may write where it opens. */
static int
check_header(const char *path, struct fault *f)
{
	static const uint8_t ours[4] = { SCHEMA_APPLICATION >> 24,
		SCHEMA_APPLICATION >> 16 & 0xff, SCHEMA_APPLICATION >> 8 & 0xff,
		SCHEMA_APPLICATION & 0xff };
	uint8_t header[HEADER_LEN] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return os_failed(errno, path, f);
	n = read(fd, header, sizeof(header));
	close(fd);
	if (n < 0)
		return os_failed(errno, path, f);
	if (n < HEADER_LEN)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is damaged (it has %zd bytes); it was left as it is: "
		    "put a good copy in its place, or move it away to begin "
		    "anew",
		    path, n);
	if (memcmp(header, "SQLite format 3", 16) != 0 ||
	    memcmp(header + HEADER_APP_AT, ours, sizeof(ours)) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is no database of meetme; it was left as it is: move "
		    "it away",
		    path);
	return 0;
}

int
store_file_open(sqlite3 **out, const char *path, struct fault *f)
{
	sqlite3 *db = NULL;
	int rc;

	if (access(path, F_OK) != 0 && (rc = create(path, f)) != 0)
		return rc;
	if ((rc = check_header(path, f)) != 0 ||
	    (rc = open_database(&db, path, f)) != 0)
		return rc;
	/* Until it is known to be good, closing it must not write to it. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	rc = schema_check(db, path, f);
	if (rc != 0)
		goto out;
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	rc = schema_migrate(db, path, f);
	if (rc != 0)
		goto out;
	if (sqlite3_exec(db, settings, NULL, NULL, NULL) != SQLITE_OK) {
		rc = sqlite_failed(db, path, f);
		goto out;
	}
	*out = db;
	db = NULL;
	rc = 0;
out:
	sqlite3_close(db);
	return rc;
}
