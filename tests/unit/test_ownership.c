#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/ownership.h"
#include "sample.h"

#define KEY                                                          \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHDIDpt3BsfM1BTB8TCKEF" \
	"yON80AeVJ8ZHMai3HnzmFj"
#define N    20
#define BASE 4242421000U

/* A registry of N maintainers M0-MNT.., each with a key and AS BASE + i. */
static char dir[64];
static struct peering all[N];

static void
put(const char *class, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/data/%s/%s", dir, class, name);
	assert_int_equal(file_replace(path, 0600, text, strlen(text)), 0);
}

static void
put_mntner(unsigned i, const char *auth)
{
	char name[32], text[256];

	snprintf(name, sizeof(name), "M%u-MNT", i);
	snprintf(text, sizeof(text), "mntner: %s\nauth: %s\n", name, auth);
	put("mntner", name, text);
}

static void
put_aut_num(unsigned i, const char *mntner)
{
	char name[32], text[256];

	snprintf(name, sizeof(name), "AS%u", BASE + i);
	snprintf(text, sizeof(text), "aut-num: %s\nmnt-by: %s\n", name, mntner);
	put("aut-num", name, text);
}

static void
end_mntner(unsigned i)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/data/mntner/M%u-MNT", dir, i);
	assert_int_equal(unlink(path), 0);
}

static int
setup(void **state)
{
	static const char *const below[] = { "", "/data", "/data/mntner",
		"/data/aut-num" };
	char path[128], name[32];

	(void)state;
	strlcpy(dir, "/tmp/test_ownership.XXXXXX", sizeof(dir));
	if (mkdtemp(dir) == NULL)
		return -1;
	for (size_t i = 1; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, below[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	for (unsigned i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "M%u-MNT", i);
		put_mntner(i, KEY);
		put_aut_num(i, name);
		all[i] = sample_peering(BASE + i, i + 1);
		strlcpy(all[i].mntner, name, sizeof(all[i].mntner));
		all[i].keyed = true;
	}
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
teardown(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Reviews all[], and makes it so: how many were changed, and are held. */
static size_t
review(size_t *held, bool confirmed)
{
	struct ownership_review v;
	struct registry *r;
	size_t n;

	assert_int_equal(registry_load(&r, dir, NULL), 0);
	assert_int_equal(ownership_review(&v, r, all, N, confirmed), 0);
	for (size_t i = 0; i < v.n + v.n_keyed; i++) {
		const struct peering *p =
		    i < v.n ? &v.list[i] : &v.keyed[i - v.n];

		all[p->asn - BASE] = *p;
	}
	for (size_t i = 0; i < v.n; i++) {
		bool paused = v.list[i].paused[0] != '\0';

		assert_string_equal(
		    v.events[i].what, paused ? "peer_pause" : "peer_resume");
		assert_string_equal(v.events[i].who, "meetmed");
		assert_int_equal(v.events[i].asn, v.list[i].asn);
		assert_non_null(strstr(v.events[i].detail, "-MNT"));
	}
	n = v.n;
	if (held != NULL)
		*held = v.n_held;
	else
		assert_int_equal(v.n_held, 0);
	ownership_review_free(&v);
	registry_free(r);
	return n;
}

static size_t
count_paused(void)
{
	size_t n = 0;

	for (size_t i = 0; i < N; i++)
		n += all[i].paused[0] != '\0';
	return n;
}

static void
test_each_reason(void **state)
{
	(void)state;
	assert_int_equal(review(NULL, false), 0);
	put_aut_num(3, "M4-MNT");
	assert_int_equal(review(NULL, false), 1);
	assert_string_equal(
	    all[3].paused, "M3-MNT does not maintain AS4242421003 any more");
	put_mntner(5, "pgp-fingerprint 0123");
	assert_int_equal(review(NULL, false), 1);
	assert_string_equal(
	    all[5].paused, "M5-MNT has no SSH key in the registry any more");
	end_mntner(7);
	assert_int_equal(review(NULL, false), 1);
	assert_string_equal(
	    all[7].paused, "there is no M7-MNT in the registry any more");
	assert_int_equal(review(NULL, false), 0);
	assert_int_equal(count_paused(), 3);
}

static void
test_all_is_back(void **state)
{
	(void)state;
	put_aut_num(3, "M4-MNT");
	assert_int_equal(review(NULL, false), 1);
	/* Back, but without a key: another reason, no second pause. */
	put_aut_num(3, "M3-MNT");
	put_mntner(3, "pgp-fingerprint 0123");
	assert_int_equal(review(NULL, false), 1);
	assert_non_null(strstr(all[3].paused, "has no SSH key"));
	put_mntner(3, KEY);
	assert_int_equal(review(NULL, false), 1);
	assert_string_equal(all[3].paused, "");
}

/* Nobody can lose what he never had. */
static void
test_without_key_from_the_first(void **state)
{
	(void)state;
	all[2].keyed = false;
	put_mntner(2, "pgp-fingerprint 0123");
	assert_int_equal(review(NULL, false), 0);
	/* Another one on the AS's list does not help the one who lost it. */
	put_aut_num(2, "M2-MNT\nmnt-by: M4-MNT");
	assert_int_equal(review(NULL, false), 0);
	/* Once he had one, he must keep one. */
	put_mntner(2, KEY);
	assert_int_equal(review(NULL, false), 0);
	assert_true(all[2].keyed);
	put_mntner(2, "pgp-fingerprint 0123");
	assert_int_equal(review(NULL, false), 1);
	assert_int_equal(count_paused(), 1);
}

static void
test_an_operators_is_his(void **state)
{
	(void)state;
	strlcpy(all[0].mntner, OWNERSHIP_OPERATOR, sizeof(all[0].mntner));
	all[0].keyed = false;
	put_aut_num(0, "NOBODY-MNT");
	end_mntner(0);
	assert_int_equal(review(NULL, false), 0);
}

static void
test_more_than_a_tenth(void **state)
{
	size_t held;

	(void)state;
	/* Two of 20 are a tenth. */
	end_mntner(0);
	end_mntner(1);
	assert_int_equal(review(NULL, false), 2);
	/* Those paused already do not count. */
	end_mntner(2);
	end_mntner(3);
	assert_int_equal(review(NULL, false), 2);
	for (unsigned i = 4; i < 7; i++)
		end_mntner(i);
	/* One that is back goes on all the same. */
	put_mntner(0, KEY);
	assert_int_equal(review(&held, false), 1);
	assert_int_equal(held, 3);
	assert_string_equal(all[0].paused, "");
	assert_int_equal(count_paused(), 3);
	/* So do the others' reasons, but none is paused. */
	put_mntner(1, "pgp-fingerprint 0123");
	assert_int_equal(review(&held, false), 1);
	assert_int_equal(held, 3);
	assert_int_equal(count_paused(), 3);
	assert_int_equal(review(NULL, true), 3);
	assert_int_equal(count_paused(), 6);
}

static void
test_mended_before_it_is_confirmed(void **state)
{
	size_t held;

	(void)state;
	for (unsigned i = 0; i < N; i++)
		put_aut_num(i, "NOBODY-MNT");
	assert_int_equal(review(&held, false), 0);
	assert_int_equal(held, N);
	for (unsigned i = 0; i < N; i++)
		put_aut_num(i, all[i].mntner);
	assert_int_equal(review(NULL, true), 0);
	assert_int_equal(count_paused(), 0);
}

/* One of few is more than a tenth, and must not wait for a person. */
static void
test_one_of_few(void **state)
{
	struct ownership_review v;
	struct registry *r;

	(void)state;
	end_mntner(0);
	end_mntner(1);
	assert_int_equal(registry_load(&r, dir, NULL), 0);
	assert_int_equal(ownership_review(&v, r, all, 1, false), 0);
	assert_int_equal(v.n, 1);
	assert_int_equal(v.n_held, 0);
	ownership_review_free(&v);
	assert_int_equal(ownership_review(&v, r, all, 2, false), 0);
	assert_int_equal(v.n, 0);
	assert_int_equal(v.n_held, 2);
	ownership_review_free(&v);
	assert_int_equal(ownership_review(&v, r, NULL, 0, false), 0);
	assert_int_equal(v.n + v.n_held + v.n_keyed, 0);
	ownership_review_free(&v);
	registry_free(r);
}

/* A draft keeps what it does not bring, unless it brings another owner. */
static void
test_settle(void **state)
{
	struct engine e = { 0 };
	struct peering p;

	(void)state;
	put_aut_num(3, "M4-MNT");
	assert_int_equal(review(NULL, false), 1);
	assert_int_equal(registry_load(&e.registry, dir, NULL), 0);
	assert_true(ownership_moved(e.registry, &all[3]));
	assert_false(ownership_moved(e.registry, &all[4]));
	p = all[3];
	p.paused[0] = '\0';
	p.keyed = false;
	ownership_settle(&e, &p, &all[3]);
	assert_string_equal(p.paused, all[3].paused);
	assert_true(p.keyed);
	strlcpy(p.mntner, "M4-MNT", sizeof(p.mntner));
	p.keyed = false;
	ownership_settle(&e, &p, &all[3]);
	assert_string_equal(p.paused, "");
	assert_true(p.keyed);
	/* A new one by whom does not maintain it is none that runs. */
	strlcpy(p.mntner, "M5-MNT", sizeof(p.mntner));
	ownership_settle(&e, &p, NULL);
	assert_non_null(strstr(p.paused, "M5-MNT does not maintain"));
	registry_free(e.registry);
}

#define OWNERSHIP_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWNERSHIP_TEST(test_each_reason),
		OWNERSHIP_TEST(test_all_is_back),
		OWNERSHIP_TEST(test_without_key_from_the_first),
		OWNERSHIP_TEST(test_an_operators_is_his),
		OWNERSHIP_TEST(test_more_than_a_tenth),
		OWNERSHIP_TEST(test_mended_before_it_is_confirmed),
		OWNERSHIP_TEST(test_one_of_few),
		OWNERSHIP_TEST(test_settle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
