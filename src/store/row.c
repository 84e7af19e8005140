#include "store/row.h"

#include <bsd/string.h>
#include <string.h>

static void
bind_text(sqlite3_stmt *stmt, int column, const char *text)
{
	sqlite3_bind_text(stmt, column, text, -1, SQLITE_TRANSIENT);
}

static void
bind_blob(sqlite3_stmt *stmt, int column, const void *data, int len)
{
	sqlite3_bind_blob(stmt, column, data, len, SQLITE_TRANSIENT);
}

void
row_bind_peering(sqlite3_stmt *stmt, const struct peering *p)
{
	sqlite3_bind_int64(stmt, 1, p->asn);
	sqlite3_bind_int64(stmt, 2, p->id);
	sqlite3_bind_int64(stmt, 3, p->listen_port);
	bind_text(stmt, 4, p->mntner);
	bind_blob(stmt, 5, p->key.byte, WGKEY_LEN);
	if (p->has_psk)
		bind_blob(stmt, 6, p->psk.byte, WGKEY_LEN);
	bind_text(stmt, 7, p->host);
	sqlite3_bind_int64(stmt, 8, p->port);
	if (p->link_local.family == 6)
		bind_blob(stmt, 9, p->link_local.byte, 16);
	sqlite3_bind_int64(stmt, 10, p->mtu);
	sqlite3_bind_int64(stmt, 11, p->created);
	sqlite3_bind_int64(stmt, 12, p->changed);
	sqlite3_bind_int64(stmt, 13, p->latency);
	bind_text(stmt, 14, p->paused);
	sqlite3_bind_int64(stmt, 15, p->keyed);
}

void
row_bind_event(sqlite3_stmt *stmt, const struct store_event *e, int64_t now)
{
	sqlite3_bind_int64(stmt, 1, now);
	bind_text(stmt, 2, e->who);
	bind_text(stmt, 3, e->from);
	bind_text(stmt, 4, e->key);
	sqlite3_bind_int(stmt, 5, e->admin);
	bind_text(stmt, 6, e->what);
	sqlite3_bind_int64(stmt, 7, e->asn);
	bind_text(stmt, 8, e->detail);
}

/* These collect in *bad, so that a row is judged once, at its end. */
static uint32_t
read_number(sqlite3_stmt *stmt, int column, uint32_t max, bool *bad)
{
	int64_t n = sqlite3_column_int64(stmt, column);

	*bad = *bad || n < 0 || n > max;
	return (uint32_t)n;
}

static void
read_text(sqlite3_stmt *stmt, int column, char *dst, size_t size, bool *bad)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);

	if (text == NULL || len >= size || !text_is_plain(text, len)) {
		*bad = true;
		return;
	}
	strlcpy(dst, text, size);
}

/* False for NULL. */
static bool
read_blob(sqlite3_stmt *stmt, int column, void *dst, size_t size, bool *bad)
{
	const void *data = sqlite3_column_blob(stmt, column);

	if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
		return false;
	if (data == NULL || (size_t)sqlite3_column_bytes(stmt, column) != size)
		*bad = true;
	else
		memcpy(dst, data, size);
	return true;
}

int
row_read_peering(sqlite3_stmt *stmt, struct peering *p)
{
	bool bad = false;

	memset(p, 0, sizeof(*p));
	p->asn = read_number(stmt, 0, UINT32_MAX, &bad);
	p->id = read_number(stmt, 1, PEERING_ID_MAX, &bad);
	p->listen_port = (uint16_t)read_number(stmt, 2, UINT16_MAX, &bad);
	read_text(stmt, 3, p->mntner, sizeof(p->mntner), &bad);
	if (!read_blob(stmt, 4, p->key.byte, WGKEY_LEN, &bad))
		bad = true;
	p->has_psk = read_blob(stmt, 5, p->psk.byte, WGKEY_LEN, &bad);
	read_text(stmt, 6, p->host, sizeof(p->host), &bad);
	p->port = (uint16_t)read_number(stmt, 7, UINT16_MAX, &bad);
	if (read_blob(stmt, 8, p->link_local.byte, 16, &bad))
		p->link_local.family = 6;
	p->mtu = (uint16_t)read_number(stmt, 9, UINT16_MAX, &bad);
	p->created = sqlite3_column_int64(stmt, 10);
	p->changed = sqlite3_column_int64(stmt, 11);
	p->latency = (uint8_t)read_number(stmt, 12, LATENCY_MAX, &bad);
	read_text(stmt, 13, p->paused, sizeof(p->paused), &bad);
	p->keyed = read_number(stmt, 14, 1, &bad) != 0;
	return bad ? FAULT_INVALID : 0;
}

static void
show_text(sqlite3_stmt *stmt, int column, char *dst, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	if (text != NULL)
		text_clean(dst, size, text,
		    (size_t)sqlite3_column_bytes(stmt, column));
}

void
row_read_event(sqlite3_stmt *stmt, struct store_event *e)
{
	memset(e, 0, sizeof(*e));
	e->id = sqlite3_column_int64(stmt, 0);
	e->time = sqlite3_column_int64(stmt, 1);
	show_text(stmt, 2, e->who, sizeof(e->who));
	show_text(stmt, 3, e->from, sizeof(e->from));
	show_text(stmt, 4, e->key, sizeof(e->key));
	e->admin = sqlite3_column_int(stmt, 5) != 0;
	show_text(stmt, 6, e->what, sizeof(e->what));
	e->asn = (uint32_t)sqlite3_column_int64(stmt, 7);
	show_text(stmt, 8, e->detail, sizeof(e->detail));
}
