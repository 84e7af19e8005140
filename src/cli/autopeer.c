#include "cli/autopeer.h"

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/field.h"
#include "base/text.h"

#define BUSY_MS	  5000 /* that service writes for milliseconds */
#define ROWS_MAX  65535 /* ids */
#define CELL_MAX  255 /* bytes of a text */
#define STEPS_MAX 20000 /* of 1,000 instructions: about a second */
#define VALUE_MAX (64 << 20) /* bytes; with a larger one nothing is read */

/* https://www.sqlite.org/fileformat2.html, 1.3 */
#define HEADER_LEN  100
#define HEADER_READ 19 /* the file format's read version */
#define FORMAT_WAL  2

struct source {
	sqlite3 *db;
	sqlite3_stmt *stmt;
	char path[PATH_MAX];
	struct stat before; /* the file's, when it was opened */
	bool unlocked;
	unsigned steps;
};

static int
os_failed(const char *path, int error, struct fault *f)
{
	return fault_set(
	    f, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(error));
}

static int
db_failed(const struct source *a, struct fault *f)
{
	return fault_set(f, FAULT_INVALID, NULL, "%s: %s", a->path,
	    a->db != NULL ? sqlite3_errmsg(a->db) : "no memory");
}

/* Is there a write-ahead log with content beside it? */
static bool
has_log(const struct source *a)
{
	char path[PATH_MAX + 8];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", a->path);
	return stat(path, &st) == 0 && st.st_size > 0;
}

/*
 * With a write-ahead log SQLite wants to make a file beside the database, and
 * to lock it, even to read. Where the log is empty nobody is at work, and all
 * is in the database itself, which is then read as it is.
 */
static int
look(struct source *a, struct fault *f)
{
	unsigned char header[HEADER_LEN] = { 0 };
	int fd = open(a->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;
	ssize_t n;

	if (fd < 0)
		return os_failed(a->path, errno, f);
	if (fstat(fd, &a->before) != 0) {
		rc = os_failed(a->path, errno, f);
		goto out;
	}
	n = read(fd, header, sizeof(header));
	if (!S_ISREG(a->before.st_mode) || n != HEADER_LEN ||
	    memcmp(header, "SQLite format 3", 16) != 0) {
		rc = fault_set(f, FAULT_INVALID, NULL,
		    "%s is no SQLite database", a->path);
		goto out;
	}
	a->unlocked = header[HEADER_READ] == FORMAT_WAL && !has_log(a);
out:
	close(fd);
	return rc;
}

/* "file:..." with what would have a meaning there as %XX. */
static int
make_uri(const struct source *a, char *buf, size_t size)
{
	size_t len = strlcpy(buf, "file:", size);

	for (const char *p = a->path; *p != '\0'; p++) {
		if (len + 4 >= size)
			return FAULT_LIMIT;
		if (strchr("%?#", *p) != NULL)
			len += (size_t)snprintf(
			    buf + len, size - len, "%%%02X", (unsigned)*p);
		else
			buf[len++] = *p;
	}
	buf[len] = '\0';
	return strlcat(buf, a->unlocked ? "?immutable=1" : "?mode=ro", size) <
		       size
		   ? 0
		   : FAULT_LIMIT;
}

/* Called every 1,000 instructions: a table may be a view without an end. */
static int
on_progress(void *arg)
{
	struct source *a = arg;

	return ++a->steps > STEPS_MAX;
}

/* What is in the file is a stranger's: it computes and writes nothing. */
static void
restrain(struct source *a)
{
	sqlite3_extended_result_codes(a->db, 1);
	sqlite3_busy_timeout(a->db, BUSY_MS);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(a->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_progress_handler(a->db, 1000, on_progress, a);
	sqlite3_exec(a->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
}

/* In older versions there was no address of the user's own. */
static int
prepare(struct source *a, struct fault *f)
{
	static const char *const queries[] = {
		"SELECT id, as_num, wg_pub_key, wg_endpoint_addr,"
		" wg_endpoint_port, user_link_local FROM peering_links"
		" ORDER BY id",
		"SELECT id, as_num, wg_pub_key, wg_endpoint_addr,"
		" wg_endpoint_port, NULL FROM peering_links ORDER BY id",
	};

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (sqlite3_prepare_v2(a->db, queries[i], -1, &a->stmt, NULL) ==
		    SQLITE_OK)
			return 0;
	return db_failed(a, f);
}

static int
source_open(struct source *a, const char *path, struct fault *f)
{
	char uri[3 * PATH_MAX];
	int rc;

	if (strlcpy(a->path, path, sizeof(a->path)) >= sizeof(a->path))
		return os_failed("the path", ENAMETOOLONG, f);
	rc = look(a, f);
	if (rc != 0)
		return rc;
	if (make_uri(a, uri, sizeof(uri)) != 0)
		return os_failed(a->path, ENAMETOOLONG, f);
	if (sqlite3_open_v2(uri, &a->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return db_failed(a, f);
	restrain(a);
	return prepare(a, f);
}

/* NULL or empty, as that service leaves what the user did not give. */
static bool
is_empty(struct source *a, int column)
{
	int type = sqlite3_column_type(a->stmt, column);

	return type == SQLITE_NULL ||
	       (type == SQLITE_TEXT &&
		   sqlite3_column_bytes(a->stmt, column) == 0);
}

/* NULL: it is none, and *why says so. */
static json_t *
take_text(struct source *a, int column, const char **why)
{
	const char *text = (const char *)sqlite3_column_text(a->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(a->stmt, column);

	if (text == NULL || len > CELL_MAX)
		*why = "it is too long";
	else if (!text_is_plain(text, len))
		*why = "it has characters that are not printable ASCII";
	else
		return json_stringn(text, len);
	return NULL;
}

static const struct {
	const char *arg, *name;
	int type;
	bool optional;
} columns[] = {
	{ "id", "id", SQLITE_INTEGER, false },
	{ "asn", "as_num", SQLITE_INTEGER, false },
	{ "key", "wg_pub_key", SQLITE_TEXT, false },
	{ "endpoint", "wg_endpoint_addr", SQLITE_TEXT, true },
	{ "port", "wg_endpoint_port", SQLITE_INTEGER, true },
	{ "link_local", "user_link_local", SQLITE_TEXT, true },
};

static json_t *
take_value(struct source *a, int i, const char **why)
{
	if (columns[i].optional && is_empty(a, i))
		return json_null();
	if (sqlite3_column_type(a->stmt, i) != columns[i].type) {
		*why = columns[i].type == SQLITE_TEXT ? "it is no text"
						      : "it is no number";
		return NULL;
	}
	if (columns[i].type == SQLITE_TEXT)
		return take_text(a, i, why);
	return json_integer(sqlite3_column_int64(a->stmt, i));
}

static json_t *
take_row(struct source *a)
{
	json_t *args = json_object(), *fault = NULL;

	for (int i = 0; i < (int)(sizeof(columns) / sizeof(columns[0])); i++) {
		const char *why = NULL;
		json_t *v = take_value(a, i, &why);
		struct fault f;

		if (v != NULL) {
			json_object_set_new(args, columns[i].arg, v);
		} else if (fault == NULL) {
			fault_set(
			    &f, FAULT_INVALID, columns[i].name, "%s", why);
			fault = fault_to_json(&f);
		}
	}
	return json_pack("{s:o,s:o}", "args", args, "fault",
	    fault != NULL ? fault : json_null());
}

static int
take_rows(struct source *a, json_t *rows, struct fault *f)
{
	int step;

	while ((step = sqlite3_step(a->stmt)) == SQLITE_ROW) {
		if (json_array_size(rows) == ROWS_MAX ||
		    json_array_append_new(rows, take_row(a)) != 0)
			break;
	}
	if (step == SQLITE_ROW || step == SQLITE_INTERRUPT)
		return fault_set(f, FAULT_LIMIT, NULL,
		    "%s: there is more in peering_links than %d rows", a->path,
		    ROWS_MAX);
	return step == SQLITE_DONE ? 0 : db_failed(a, f);
}

/* Did that service begin to write while its file was read without a lock? */
static int
look_again(const struct source *a, struct fault *f)
{
	struct stat st;

	if (!a->unlocked ||
	    (stat(a->path, &st) == 0 && !has_log(a) &&
		st.st_ino == a->before.st_ino &&
		st.st_size == a->before.st_size &&
		st.st_mtim.tv_sec == a->before.st_mtim.tv_sec &&
		st.st_mtim.tv_nsec == a->before.st_mtim.tv_nsec))
		return 0;
	return fault_set(f, FAULT_AWAY, NULL,
	    "%s changed while it was read; try again", a->path);
}

int
autopeer_read(json_t **out, const char *path, struct fault *f)
{
	struct source a = { 0 };
	json_t *rows = json_array();
	int rc;

	rc = source_open(&a, path, f);
	if (rc == 0)
		rc = take_rows(&a, rows, f);
	if (rc == 0)
		rc = look_again(&a, f);
	if (rc == 0)
		*out = json_incref(rows);
	json_decref(rows);
	sqlite3_finalize(a.stmt);
	sqlite3_close(a.db);
	return rc;
}
