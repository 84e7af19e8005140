#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ssh/hostkey.h"

static const char *const files[] = { "ssh_host_ed25519_key", "ssh_host_rsa_key",
	"ssh_host_ed25519_key.pub", "ssh_host_rsa_key.pub" };
static char dir[] = "/tmp/meetme-hostkey-XXXXXX";

static char *
path_of(size_t i)
{
	static char path[128];

	assert_int_equal(path_join(path, sizeof(path), dir, files[i]), 0);
	return path;
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL && rmdir(dir) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++)
		unlink(path_of(i));
	return rmdir(dir);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static void
keys_are_made_once(void **state)
{
	char *before, *after;
	struct fault f;
	size_t len;

	(void)state;
	assert_int_equal(hostkey_make(dir, &f), 0);
	assert_int_equal(mode_of(dir), 0700);
	assert_int_equal(mode_of(path_of(0)), 0600);
	assert_int_equal(mode_of(path_of(1)), 0600);
	assert_int_equal(mode_of(path_of(2)), 0644);
	assert_int_equal(file_read(path_of(1), 16384, &before, &len), 0);
	assert_int_equal(hostkey_make(dir, &f), 0);
	assert_int_equal(file_read(path_of(1), 16384, &after, &len), 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
keys_are_loaded(void **state)
{
	ssh_bind bind = ssh_bind_new();
	struct fault f;

	(void)state;
	assert_int_equal(hostkey_load(dir, bind, &f), 0);
	ssh_bind_free(bind);
}

static void
garbage_is_kept_and_told(void **state)
{
	ssh_bind bind = ssh_bind_new();
	struct fault f;
	char *text;
	size_t len;

	(void)state;
	assert_int_equal(file_replace(path_of(0), 0600, "garbage\n", 8), 0);
	assert_int_equal(hostkey_make(dir, &f), FAULT_INVALID);
	assert_non_null(strstr(f.text, files[0]));
	assert_int_equal(hostkey_load(dir, bind, &f), FAULT_INVALID);
	assert_int_equal(file_read(path_of(0), 64, &text, &len), 0);
	assert_string_equal(text, "garbage\n");
	free(text);
	ssh_bind_free(bind);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_made_once),
		cmocka_unit_test(keys_are_loaded),
		cmocka_unit_test(garbage_is_kept_and_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
