#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "engine/git.h"

static char dir[] = "/tmp/test_git.XXXXXX", config[64], repository[64];

struct seen {
	struct event_base *base;
	struct git_result result;
	unsigned calls;
};

static void
on_done(void *arg, const struct git_result *result)
{
	struct seen *seen = arg;

	seen->result = *result;
	seen->calls++;
	event_base_loopbreak(seen->base);
}

static struct git_result
run_in(int seconds, const char *folder, uint64_t bytes, const char *const *args)
{
	struct seen seen = { .base = event_base_new() };
	const struct git_command cmd = { .repository = repository,
		.config = config,
		.conf_dir = "/etc/meetme",
		.args = args,
		.seconds = seconds,
		.folder = folder,
		.bytes = bytes };
	struct git *g;

	assert_int_equal(git_start(&g, seen.base, &cmd, on_done, &seen), 0);
	event_base_dispatch(seen.base);
	assert_int_equal(seen.calls, 1);
	event_base_free(seen.base);
	return seen.result;
}
#define RUN(seconds, ...) \
	run_in(seconds, NULL, 0, (const char *const[]){ __VA_ARGS__, NULL })

static void
test_says(void **state)
{
	struct git_result r;

	(void)state;
	r = RUN(10, "init", "--quiet", "--bare", "--template=");
	assert_int_equal(r.status, 0);
	assert_string_equal(r.text, "");
	r = RUN(10, "rev-parse", "--verify", "refs/heads/none");
	assert_int_equal(r.status, 128);
	assert_string_equal(r.text, "fatal: Needed a single revision");
	r = RUN(10, "-c", "alias.x=!printf 'a\\033[2Jb\\n'", "x");
	assert_string_equal(r.text, "a?[2Jb");
	r = RUN(10, "-c", "alias.x=!yes | head -c 100000; echo; echo end", "x");
	assert_string_equal(r.text, "end");
}

static void
test_surroundings(void **state)
{
	struct git_result r;

	(void)state;
	setenv("GIT_DIR", "/nowhere", 1);
	setenv("GIT_EXTERNAL_DIFF", "false", 1);
	r = RUN(10, "-c", "alias.x=!echo \"<$GIT_EXTERNAL_DIFF>\"", "x");
	assert_string_equal(r.text, "<>");
	r = RUN(10, "-c", "alias.x=!cat; ls /proc/self/fd | wc -l", "x");
	assert_string_equal(r.text, "4"); /* its folder is the fourth */
	r = RUN(10, "fetch", "--", "ext::sh -c id", "HEAD");
	assert_string_equal(r.text, "fatal: transport 'ext' not allowed");
	r = RUN(10, "fetch", "--", "git://127.0.0.1/x", "HEAD");
	assert_string_equal(r.text, "fatal: transport 'git' not allowed");
	unsetenv("GIT_DIR");
	unsetenv("GIT_EXTERNAL_DIFF");
}

/* What hangs is killed with all that it started. */
static void
test_deadline(void **state)
{
	int64_t begun = clock_mono_us();
	struct git_result r;

	(void)state;
	r = RUN(1, "-c", "alias.x=!sleep 60 & sleep 60", "x");
	assert_int_equal(r.status, -1);
	assert_true(r.late);
	assert_true(clock_mono_us() - begun < 10000000);
}

/* ssh's reasons are shown, not that git has none. */
static void
test_calls(void **state)
{
	struct git_result r;

	(void)state;
#define FAILED "; echo 'fatal: Could not read from remote repository.'; echo x"
	r = RUN(
	    10, "-c", "alias.x=!printf 'a\\nb\\r\\n\\nc\\r\\n'" FAILED, "x");
	assert_string_equal(r.text, "b; c");
	r = RUN(10, "-c", "alias.x=!printf 'a\\n'" FAILED, "x");
	assert_string_equal(r.text, "a");
	r = RUN(10, "-c", "alias.x=!true" FAILED, "x");
	assert_string_equal(
	    r.text, "fatal: Could not read from remote repository.");
	r = RUN(10, "-c", "alias.x=!echo 'fatal: no'" FAILED, "x");
	assert_string_equal(r.text, "fatal: no");
	r = RUN(10, "-c",
	    "alias.x=!yes a | head -c 600 | tr -d '\\n'; echo" FAILED, "x");
	assert_int_equal(strspn(r.text, "a"), GIT_TEXT_MAX - 1);
#undef FAILED
}

/* What fills the disk is killed. */
static void
test_large(void **state)
{
	const char *const args[] = { "-c",
		"alias.x=!head -c 2000000 /dev/zero >$GIT_DIR/zero; sleep 60",
		"x", NULL };
	struct git_result r;

	(void)state;
	r = run_in(60, repository, UINT64_C(1) << 30,
	    (const char *const[]){ "init", "--quiet", "--bare", NULL });
	assert_int_equal(r.status, 0);
	r = run_in(60, repository, 1 << 20, args);
	assert_int_equal(r.status, -1);
	assert_true(r.large);
	assert_false(r.late);
}

/* It may not take the memory of everyone. */
static void
test_memory(void **state)
{
	struct git_result r;

	(void)state;
	r = RUN(60, "-c",
	    "alias.x=!head -c 300000000 /dev/zero | git hash-object --stdin",
	    "x");
	assert_int_equal(r.status, 128);
	assert_int_equal(strncmp(r.text, "fatal: Out of memory", 20), 0);
	r = RUN(60, "-c",
	    "alias.x=!head -c 9000000 /dev/zero | git hash-object --stdin",
	    "x");
	assert_int_equal(r.status, 0);
}

static void
test_kill(void **state)
{
	struct event_base *base = event_base_new();
	static const char *const args[] = { "-c", "alias.x=!sleep 60", "x",
		NULL };
	const struct git_command cmd = { .repository = repository,
		.config = config,
		.conf_dir = "/etc/meetme",
		.args = args,
		.seconds = 60 };
	struct seen seen = { .base = base };
	struct git *g;

	(void)state;
	assert_int_equal(git_start(&g, base, &cmd, on_done, &seen), 0);
	git_kill(g);
	git_kill(NULL);
	event_base_dispatch(base);
	assert_int_equal(seen.calls, 0);
	event_base_free(base);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
remove_all(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says),
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_kill),
	};
	int rc;

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(config, sizeof(config), "%s/config", dir);
	snprintf(repository, sizeof(repository), "%s/git", dir);
	if (git_configure(config) != 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	remove_all();
	return rc;
}
