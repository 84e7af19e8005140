#include "store/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/file.h"
#include "store/row.h"

/*
 * So many events back are kept, so that nobody fills the disk; logins fewer,
 * so that nobody pushes changes out of the log by logging in.
 */
#define EVENTS_KEPT "1000000"
#define LOGINS_KEPT "100000"
#define EVENTS_MAX  10000 /* of one answer */

enum statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_COUNT,
	SQL_LIST,
	SQL_INSERT,
	SQL_UPDATE,
	SQL_LATENCY,
	SQL_REMOVE,
	SQL_LOG,
	SQL_FORGET,
	SQL_FORGET_LOGINS,
	SQL_EVENTS,
	SQL_N,
};

static const char *const sql[SQL_N] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_COUNT] = "SELECT count(*) FROM peering",
	[SQL_LIST] = "SELECT " ROW_PEERING " FROM peering ORDER BY asn",
	[SQL_INSERT] = "INSERT INTO peering (" ROW_PEERING ")"
		       " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
		       "?14,?15)",
	[SQL_UPDATE] = "UPDATE peering SET mntner = ?4, key = ?5, psk = ?6,"
		       " host = ?7, port = ?8, link_local = ?9, mtu = ?10,"
		       " changed = ?12, paused = ?14, keyed = ?15"
		       " WHERE asn = ?1",
	[SQL_LATENCY] = "UPDATE peering SET latency = ?2 WHERE asn = ?1",
	[SQL_REMOVE] = "DELETE FROM peering WHERE asn = ?1",
	[SQL_LOG] = "INSERT INTO event (time, who, source, key, admin, what,"
		    " asn, detail) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
	[SQL_FORGET] = "DELETE FROM event WHERE id <= "
		       "(SELECT max(id) FROM event) - " EVENTS_KEPT,
	/* One falls out of the window at a time: no scan, no index. */
	[SQL_FORGET_LOGINS] =
	    "DELETE FROM event WHERE what = 'login' AND id"
	    " BETWEEN (SELECT max(id) FROM event) - " LOGINS_KEPT
	    " - 10 AND (SELECT max(id) FROM event) - " LOGINS_KEPT,
	[SQL_EVENTS] = "SELECT " ROW_EVENT " FROM event ORDER BY id DESC"
		       " LIMIT ?1",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmt[SQL_N];
};

static int
failed(const struct store *s, struct fault *f)
{
	return fault_set(f, FAULT_SYSTEM, NULL, "the store: %s; check its disk",
	    sqlite3_errmsg(s->db));
}

int
store_open(struct store **out, const char *path, struct fault *f)
{
	struct store *s = calloc(1, sizeof(*s));
	int rc = FAULT_SYSTEM;

	if (s == NULL) {
		fault_set(f, FAULT_SYSTEM, NULL, "no memory");
		goto out;
	}
	rc = store_file_open(&s->db, path, f);
	if (rc != 0)
		goto out;
	for (int i = 0; i < SQL_N; i++) {
		if (sqlite3_prepare_v3(s->db, sql[i], -1,
			SQLITE_PREPARE_PERSISTENT, &s->stmt[i],
			NULL) != SQLITE_OK) {
			rc = failed(s, f);
			goto out;
		}
	}
	*out = s;
	s = NULL;
	rc = 0;
out:
	store_close(s);
	return rc;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < SQL_N; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db);
	free(s);
}

/* Runs a statement that gives no rows, and forgets what was bound to it. */
static int
run(struct store *s, enum statement which)
{
	int rc = sqlite3_step(s->stmt[which]);

	sqlite3_reset(s->stmt[which]);
	sqlite3_clear_bindings(s->stmt[which]);
	return rc == SQLITE_DONE ? 0 : rc;
}

/* "UNIQUE constraint failed: peering.key": what is there already? */
static int
refused(const struct store *s, int code, struct fault *f)
{
	const char *column = strrchr(sqlite3_errmsg(s->db), '.');

	column = column != NULL ? column + 1 : "asn";
	if (code == SQLITE_CONSTRAINT_UNIQUE ||
	    code == SQLITE_CONSTRAINT_PRIMARYKEY)
		return fault_set(f, FAULT_TAKEN, column,
		    "another peering has this %s", column);
	if ((code & 0xff) == SQLITE_CONSTRAINT)
		return fault_set(f, FAULT_INVALID, NULL, "the store: %s",
		    sqlite3_errmsg(s->db));
	return failed(s, f);
}

static int
add_event(struct store *s, const struct store_event *e)
{
	int rc;

	row_bind_event(s->stmt[SQL_LOG], e, time(NULL));
	rc = run(s, SQL_LOG);
	if (rc == 0)
		rc = run(s, SQL_FORGET);
	return rc == 0 ? run(s, SQL_FORGET_LOGINS) : rc;
}

/* True if what is written here can never be read again. */
static bool
is_lost(const struct store *s)
{
	int moved = 0;

	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

/*
 * Runs `which`, whose values are bound and which must change one row (SQL_N:
 * no statement), and writes its event, if there is one.
 */
static int
change_row(struct store *s, enum statement which, const struct store_event *e,
    struct fault *f)
{
	int rc;

	if (which != SQL_N && (rc = run(s, which)) != 0)
		return refused(s, rc, f);
	if (which != SQL_N && sqlite3_changes(s->db) != 1)
		return fault_set(f, FAULT_NOT_FOUND, "asn",
		    "there is no such peering any more");
	rc = e != NULL ? add_event(s, e) : 0;
	return rc == 0 ? 0 : refused(s, rc, f);
}

/* Ends the transaction, and keeps what is in it if `rc` is 0. */
static int
change_end(struct store *s, int rc, struct fault *f)
{
	if (rc == 0 && is_lost(s))
		rc = fault_set(f, FAULT_SYSTEM, NULL,
		    "the store's file was moved or deleted; put it back, or "
		    "restart meetmed");
	else if (rc == 0 && run(s, SQL_COMMIT) != 0)
		rc = failed(s, f);
	if (rc != 0)
		run(s, SQL_ROLLBACK);
	return rc;
}

/* That row, and its event: both or none. */
static int
change(struct store *s, enum statement which, const struct store_event *e,
    struct fault *f)
{
	if (run(s, SQL_BEGIN) != 0) {
		if (which != SQL_N)
			sqlite3_clear_bindings(s->stmt[which]);
		return failed(s, f);
	}
	return change_end(s, change_row(s, which, e, f), f);
}

int
store_insert(struct store *s, const struct peering *p,
    const struct store_event *e, struct fault *f)
{
	row_bind_peering(s->stmt[SQL_INSERT], p);
	return change(s, SQL_INSERT, e, f);
}

int
store_update(struct store *s, const struct peering *p,
    const struct store_event *e, struct fault *f)
{
	row_bind_peering(s->stmt[SQL_UPDATE], p);
	return change(s, SQL_UPDATE, e, f);
}

int
store_update_all(struct store *s, const struct peering *list,
    const struct store_event *events, size_t n, struct fault *f)
{
	int rc = 0;

	if (run(s, SQL_BEGIN) != 0)
		return failed(s, f);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		row_bind_peering(s->stmt[SQL_UPDATE], &list[i]);
		rc = change_row(
		    s, SQL_UPDATE, events != NULL ? &events[i] : NULL, f);
	}
	return change_end(s, rc, f);
}

int
store_remove(
    struct store *s, uint32_t asn, const struct store_event *e, struct fault *f)
{
	sqlite3_bind_int64(s->stmt[SQL_REMOVE], 1, asn);
	return change(s, SQL_REMOVE, e, f);
}

int
store_set_latency(struct store *s, const struct store_latency *list, size_t n,
    struct fault *f)
{
	int rc = run(s, SQL_BEGIN);

	if (rc != 0)
		return failed(s, f);
	for (size_t i = 0; i < n && rc == 0; i++) {
		sqlite3_bind_int64(s->stmt[SQL_LATENCY], 1, list[i].asn);
		sqlite3_bind_int(s->stmt[SQL_LATENCY], 2, list[i].class);
		rc = run(s, SQL_LATENCY);
	}
	return change_end(s, rc != 0 ? refused(s, rc, f) : 0, f);
}

int
store_log(struct store *s, const struct store_event *e, struct fault *f)
{
	return change(s, SQL_N, e, f);
}

static int
read_peerings(
    struct store *s, struct peering *list, size_t count, struct fault *f)
{
	sqlite3_stmt *stmt = s->stmt[SQL_LIST];
	size_t n = 0;
	int step = SQLITE_DONE, rc = 0;

	while (rc == 0 && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (n == count || row_read_peering(stmt, &list[n++]) != 0)
			rc = fault_set(f, FAULT_INVALID, NULL,
			    "the store has a peering that is none; look at "
			    "AS%lld",
			    (long long)sqlite3_column_int64(stmt, 0));
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = failed(s, f);
	sqlite3_reset(stmt);
	return rc;
}

int
store_list(struct store *s, struct peering **list, size_t *n, struct fault *f)
{
	sqlite3_stmt *stmt = s->stmt[SQL_COUNT];
	struct peering *all = NULL;
	size_t count = 0;
	int rc = FAULT_SYSTEM;

	if (sqlite3_step(stmt) == SQLITE_ROW)
		count = (size_t)sqlite3_column_int64(stmt, 0);
	if (sqlite3_reset(stmt) != SQLITE_OK) {
		failed(s, f);
		goto out;
	}
	if (count > 0 && (all = calloc(count, sizeof(*all))) == NULL) {
		fault_set(f, FAULT_SYSTEM, NULL, "no memory");
		goto out;
	}
	rc = read_peerings(s, all, count, f);
	if (rc != 0)
		goto out;
	*list = all;
	*n = count;
	all = NULL;
	rc = 0;
out:
	free(all);
	return rc;
}

int
store_events(struct store *s, size_t max, struct store_event **list, size_t *n,
    struct fault *f)
{
	sqlite3_stmt *stmt = s->stmt[SQL_EVENTS];
	struct store_event *all = NULL;
	size_t count = 0;
	int step, rc = FAULT_SYSTEM;

	if (max > EVENTS_MAX)
		max = EVENTS_MAX;
	if (max > 0 && (all = calloc(max, sizeof(*all))) == NULL) {
		fault_set(f, FAULT_SYSTEM, NULL, "no memory");
		goto out;
	}
	sqlite3_bind_int64(stmt, 1, (int64_t)max);
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW && count < max)
		row_read_event(stmt, &all[count++]);
	sqlite3_reset(stmt);
	if (step != SQLITE_DONE && step != SQLITE_ROW) {
		failed(s, f);
		goto out;
	}
	*list = all;
	*n = count;
	all = NULL;
	rc = 0;
out:
	free(all);
	return rc;
}
