#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sample.h"
#include "store/store.h"

static char folder[64];
static char path[96];

static int
setup(void **state)
{
	(void)state;
	strlcpy(folder, "/tmp/meetme-store-XXXXXX", sizeof(folder));
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/store.db", folder);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "", "-wal", "-shm", "-journal",
		".new" };
	char name[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, names[i]);
		unlink(name);
	}
	return rmdir(folder);
}

static struct store *
opened(void)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	if (store_open(&s, path, &f) != 0)
		fail_msg("%s", f.text);
	return s;
}

static struct store_event
event_of(const char *what, uint32_t asn)
{
	struct store_event e = { .who = "FOO-MNT",
		.from = "2001:db8::1",
		.key = "SHA256:abc",
		.admin = true,
		.asn = asn };

	strlcpy(e.what, what, sizeof(e.what));
	strlcpy(e.detail, "endpoint a.b:1", sizeof(e.detail));
	return e;
}

static void
insert(struct store *s, const struct peering *p)
{
	struct store_event e = event_of("peer_create", p->asn);
	struct fault f = { 0 };

	if (store_insert(s, p, &e, &f) != 0)
		fail_msg("%s", f.text);
}

static size_t
count_events(struct store *s)
{
	struct store_event *list;
	size_t n;

	assert_int_equal(store_events(s, 1000, &list, &n, NULL), 0);
	free(list);
	return n;
}

static void
is_same(const struct peering *a, const struct peering *b)
{
	assert_int_equal(a->asn, b->asn);
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->listen_port, b->listen_port);
	assert_string_equal(a->mntner, b->mntner);
	assert_memory_equal(&a->key, &b->key, sizeof(a->key));
	assert_int_equal(a->has_psk, b->has_psk);
	assert_memory_equal(&a->psk, &b->psk, sizeof(a->psk));
	assert_string_equal(a->host, b->host);
	assert_int_equal(a->port, b->port);
	assert_int_equal(ip_cmp(&a->link_local, &b->link_local), 0);
	assert_int_equal(a->mtu, b->mtu);
	assert_int_equal(a->created, b->created);
	assert_int_equal(a->changed, b->changed);
	assert_string_equal(a->paused, b->paused);
	assert_int_equal(a->keyed, b->keyed);
}

/* A peering that uses every field. */
static struct peering
full_peering(void)
{
	struct peering p = sample_peering(4294967294, PEERING_ID_MAX);

	p.listen_port = 65535;
	p.has_psk = true;
	p.psk = sample_key(99);
	p.link_local = sample_ip("fe80::1:2");
	p.changed = 1750000001;
	p.keyed = true;
	strlcpy(p.paused, "FOO-MNT does not maintain it", sizeof(p.paused));
	return p;
}

static void
test_peerings_survive_a_restart(void **state)
{
	struct peering a = full_peering(), b = sample_peering(65000, 1);
	struct store *s = opened();
	struct peering *list;
	size_t n;

	(void)state;
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_int_equal(n, 0);
	assert_null(list);
	b.host[0] = '\0';
	b.port = 0;
	insert(s, &a);
	insert(s, &b);
	store_close(s);
	s = opened();
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_int_equal(n, 2);
	is_same(&list[0], &b);
	is_same(&list[1], &a);
	free(list);
	assert_int_equal(count_events(s), 2);
	store_close(s);
}

static void
test_latency_has_no_event(void **state)
{
	static const struct store_latency list[] = { { 65000, 4 }, { 65001, 2 },
		{ 65002, 9 } };
	static const struct store_latency odd[] = { { 65000, 5 },
		{ 65002, 10 } };
	struct peering a = sample_peering(65000, 1), *got;
	struct peering b = sample_peering(65002, 2);
	struct store_event e = event_of("peer_edit", 65000);
	struct store *s = opened();
	size_t n;

	(void)state;
	insert(s, &a);
	insert(s, &b);
	assert_int_equal(store_set_latency(s, list, 3, NULL), 0);
	/* A visitor's change leaves it, a wrong one changes nothing. */
	assert_int_equal(store_update(s, &a, &e, NULL), 0);
	assert_int_equal(store_set_latency(s, odd, 2, NULL), FAULT_INVALID);
	store_close(s);
	s = opened();
	assert_int_equal(store_list(s, &got, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(got[0].latency, 4);
	assert_int_equal(got[1].latency, 9);
	free(got);
	assert_int_equal(count_events(s), 3);
	store_close(s);
}

static void
test_update_keeps_what_was_allocated(void **state)
{
	struct peering p = sample_peering(65000, 1), q = p, *list;
	struct store_event e = event_of("peer_edit", 65000);
	struct store *s = opened();
	size_t n;

	(void)state;
	insert(s, &p);
	q.key = sample_key(7);
	q.has_psk = true;
	q.psk = sample_key(8);
	q.host[0] = '\0';
	q.port = 0;
	q.link_local = sample_ip("fe80::9");
	q.mtu = 1300;
	q.changed++;
	q.keyed = true;
	strlcpy(q.paused, "why", sizeof(q.paused));
	q.id = 5;
	q.listen_port = 5;
	q.created = 5;
	assert_int_equal(store_update(s, &q, &e, NULL), 0);
	q.id = p.id;
	q.listen_port = p.listen_port;
	q.created = p.created;
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_int_equal(n, 1);
	is_same(&list[0], &q);
	free(list);
	store_close(s);
}

static void
test_updates_of_many(void **state)
{
	struct peering p[3] = { sample_peering(65000, 1),
		sample_peering(65001, 2), sample_peering(65002, 3) };
	struct store_event e[3] = { event_of("peer_pause", 65000),
		event_of("peer_pause", 65001), event_of("peer_pause", 65002) };
	struct store *s = opened();
	struct peering *list;
	size_t n;

	(void)state;
	insert(s, &p[0]);
	insert(s, &p[1]);
	p[0].keyed = p[1].keyed = true;
	/* One of them is not there: none is changed. */
	assert_int_equal(store_update_all(s, p, e, 3, NULL), FAULT_NOT_FOUND);
	assert_int_equal(count_events(s), 2);
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_false(list[0].keyed);
	free(list);
	assert_int_equal(store_update_all(s, p, e, 2, NULL), 0);
	assert_int_equal(count_events(s), 4);
	p[1].keyed = false;
	assert_int_equal(store_update_all(s, p, NULL, 2, NULL), 0);
	assert_int_equal(count_events(s), 4);
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	is_same(&list[0], &p[0]);
	is_same(&list[1], &p[1]);
	free(list);
	store_close(s);
}

static void
test_remove_frees_everything(void **state)
{
	struct peering p = sample_peering(65000, 1), *list;
	struct store_event e = event_of("peer_remove", 65000);
	struct store *s = opened();
	size_t n;

	(void)state;
	insert(s, &p);
	assert_int_equal(store_remove(s, 65000, &e, NULL), 0);
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_int_equal(n, 0);
	p.asn = 65001;
	insert(s, &p);
	store_close(s);
}

/* What collides is refused with its name, and leaves neither row nor event. */
static void
test_collisions(void **state)
{
	static const char *const fields[] = { "asn", "id", "listen_port", "key",
		"link_local" };
	struct store_event e = event_of("peer_create", 65000);
	struct peering p = full_peering(), q[5];
	struct store *s = opened();
	struct fault f = { 0 };

	(void)state;
	insert(s, &p);
	for (size_t i = 0; i < 5; i++)
		q[i] = sample_peering(65000, 1);
	q[0].asn = p.asn;
	q[1].id = p.id;
	q[2].listen_port = p.listen_port;
	q[3].key = p.key;
	q[4].link_local = p.link_local;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(store_insert(s, &q[i], &e, &f), FAULT_TAKEN);
		assert_string_equal(f.field, fields[i]);
	}
	assert_int_equal(count_events(s), 1);
	store_close(s);
}

/* The schema is the second line behind peering_check. */
static void
test_what_no_peering_can_have(void **state)
{
	struct store *s = opened();
	struct store_event e = event_of("peer_create", 65000);
	struct peering p[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		p[i] = sample_peering(65000, 1);
	p[0].asn = 0;
	p[1].id = 65536;
	p[2].listen_port = 0;
	p[3].port = 0;
	p[4].mtu = 1279;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
		    store_insert(s, &p[i], &e, NULL), FAULT_INVALID);
	assert_int_equal(count_events(s), 0);
	store_close(s);
}

static void
test_unknown_peerings(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct store_event e = event_of("peer_edit", 65000);
	struct store *s = opened();

	(void)state;
	assert_int_equal(store_update(s, &p, &e, NULL), FAULT_NOT_FOUND);
	assert_int_equal(store_remove(s, 65000, &e, NULL), FAULT_NOT_FOUND);
	assert_int_equal(count_events(s), 0);
	store_close(s);
}

/* A change whose event cannot be written is no change. */
static void
test_no_change_without_its_event(void **state)
{
	struct peering p = sample_peering(65000, 1), *list;
	struct store_event e = event_of("", 65000);
	struct store *s = opened();
	size_t n;

	(void)state;
	assert_int_equal(store_insert(s, &p, &e, NULL), FAULT_INVALID);
	assert_int_equal(store_list(s, &list, &n, NULL), 0);
	assert_int_equal(n, 0);
	insert(s, &p);
	store_close(s);
}

static void
test_events_come_newest_first(void **state)
{
	struct store_event e = event_of("login", 0), *list;
	struct store *s = opened();
	size_t n;

	(void)state;
	assert_int_equal(store_log(s, &e, NULL), 0);
	strlcpy(e.what, "peer_status", sizeof(e.what));
	strlcpy(e.detail, "\033[2Jx\n", sizeof(e.detail));
	e.admin = false;
	assert_int_equal(store_log(s, &e, NULL), 0);
	assert_int_equal(store_events(s, 2, &list, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].what, "peer_status");
	assert_string_equal(list[0].detail, "?[2Jx?");
	assert_false(list[0].admin);
	assert_true(list[0].time > 1750000000);
	assert_true(list[0].id > list[1].id);
	assert_string_equal(list[1].what, "login");
	assert_string_equal(list[1].who, "FOO-MNT");
	assert_string_equal(list[1].from, "2001:db8::1");
	assert_string_equal(list[1].key, "SHA256:abc");
	assert_true(list[1].admin);
	free(list);
	assert_int_equal(store_events(s, 1, &list, &n, NULL), 0);
	assert_int_equal(n, 1);
	free(list);
	store_close(s);
}

static void
execute(const char *sql)
{
	sqlite3 *db;
	char *error = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_old_events_are_forgotten(void **state)
{
	struct store_event login = event_of("login", 0);
	struct store_event edit = event_of("peer_edit", 65000);
	struct store *s = opened();

	(void)state;
	assert_int_equal(store_log(s, &login, NULL), 0);
	assert_int_equal(store_log(s, &edit, NULL), 0);
	execute("UPDATE event SET id = 100001 WHERE id = 2");
	assert_int_equal(store_log(s, &login, NULL), 0);
	assert_int_equal(count_events(s), 2); /* the first login is gone */
	execute("UPDATE event SET id = 1000001 WHERE id = 100002");
	assert_int_equal(store_log(s, &login, NULL), 0);
	assert_int_equal(count_events(s), 3); /* the change stays longer */
	execute("UPDATE event SET id = 1 WHERE id = 100001");
	assert_int_equal(store_log(s, &login, NULL), 0);
	assert_int_equal(count_events(s), 3); /* but not for ever */
	store_close(s);
}

/* The file must be refused with its name in the text, and keep its bytes. */
static void
refused(const char *why)
{
	struct store *s = NULL;
	struct fault f = { 0 };
	char *before, *after;
	size_t len, after_len;

	assert_int_equal(file_read(path, 1 << 20, &before, &len), 0);
	assert_int_equal(store_open(&s, path, &f), FAULT_INVALID);
	assert_null(s);
	assert_non_null(strstr(f.text, path));
	if (strstr(f.text, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", f.text, why);
	assert_int_equal(file_read(path, 1 << 20, &after, &after_len), 0);
	assert_int_equal(len, after_len);
	assert_memory_equal(before, after, len);
	free(before);
	free(after);
}

static void
test_files_of_others(void **state)
{
	(void)state;
	execute("CREATE TABLE peering (asn INTEGER); PRAGMA user_version = 1");
	refused("no database of meetme");
	assert_int_equal(file_replace(path, 0600, "#!/bin/sh\n", 10), 0);
	refused("it has 10 bytes");
	assert_int_equal(file_replace(path, 0600, "", 0), 0);
	refused("it has 0 bytes");
	assert_int_equal(unlink(path), 0);
	store_close(opened());
	execute("PRAGMA user_version = 99");
	refused("has version 99");
}

/* Cut at every page, and in the middle of them. */
static void
test_truncated_stores(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct store *s = opened();
	char *whole;
	size_t len;

	(void)state;
	insert(s, &p);
	store_close(s);
	assert_int_equal(file_read(path, 1 << 20, &whole, &len), 0);
	assert_true(len > 4096);
	for (size_t cut = 0; cut < len; cut += 512) {
		assert_int_equal(file_replace(path, 0600, whole, cut), 0);
		refused("is damaged");
	}
	assert_int_equal(file_replace(path, 0600, whole, len), 0);
	store_close(opened());
	free(whole);
}

static void
test_overwritten_pages(void **state)
{
	struct store *s = opened();
	char *whole;
	size_t len;

	(void)state;
	for (uint32_t i = 1; i < 100; i++) {
		struct peering p = sample_peering(65000 + i, i);

		insert(s, &p);
	}
	store_close(s);
	assert_int_equal(file_read(path, 1 << 20, &whole, &len), 0);
	memset(whole + 4096, 0x55, 4096);
	assert_int_equal(file_replace(path, 0600, whole, len), 0);
	refused("is damaged");
	free(whole);
}

/* A log of a database that is gone must not run into a new one. */
static void
test_a_log_without_its_store(void **state)
{
	struct store *s = NULL;
	struct fault f = { 0 };
	char wal[128];

	(void)state;
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(file_replace(wal, 0600, "x", 1), 0);
	assert_int_equal(store_open(&s, path, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, "without its database"));
	assert_int_not_equal(access(path, F_OK), 0);
}

/* It holds preshared keys. */
static void
test_nobody_else_may_read(void **state)
{
	struct peering p = sample_peering(65000, 1);
	struct store *s = opened();
	char wal[128];
	struct stat st;

	(void)state;
	insert(s, &p);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(s);
}

/* What is written to a file without a name is lost at the next start. */
static void
test_a_deleted_file(void **state)
{
	struct peering p = sample_peering(65000, 1),
		       q = sample_peering(65001, 2);
	struct store_event e = event_of("peer_create", 65001);
	struct store *s = opened();
	struct fault f = { 0 };

	(void)state;
	insert(s, &p);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_insert(s, &q, &e, &f), FAULT_SYSTEM);
	assert_non_null(strstr(f.text, "deleted"));
	assert_int_equal(count_events(s), 1);
	store_close(s);
}

static void
test_no_folder(void **state)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    store_open(&s, "/nonexistent/store.db", &f), FAULT_SYSTEM);
	assert_non_null(strstr(f.text, "/nonexistent/store.db"));
}

#define STORE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_peerings_survive_a_restart),
		STORE_TEST(test_latency_has_no_event),
		STORE_TEST(test_update_keeps_what_was_allocated),
		STORE_TEST(test_updates_of_many),
		STORE_TEST(test_remove_frees_everything),
		STORE_TEST(test_collisions),
		STORE_TEST(test_what_no_peering_can_have),
		STORE_TEST(test_unknown_peerings),
		STORE_TEST(test_no_change_without_its_event),
		STORE_TEST(test_events_come_newest_first),
		STORE_TEST(test_old_events_are_forgotten),
		STORE_TEST(test_files_of_others),
		STORE_TEST(test_truncated_stores),
		STORE_TEST(test_overwritten_pages),
		STORE_TEST(test_a_log_without_its_store),
		STORE_TEST(test_nobody_else_may_read),
		STORE_TEST(test_a_deleted_file),
		STORE_TEST(test_no_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
