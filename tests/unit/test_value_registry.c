#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "network/network.h"
#include "network/value.h"

static const char *const good_urls[] = {
	"https://git.example.org/dn42/registry",
	"https://git.example.org:8443/dn42/registry.git",
	"https://192.0.2.1/x",
	"https://[2001:db8::1]:443/x",
	"ssh://git@git.example.org:2222/dn42/registry.git",
	"ssh://git.example.org/~user/registry",
	"git@git.example.org:dn42/registry.git",
	"git@[2001:db8::1]:registry",
	"/srv/registry",
};

static const char *const bad_urls[] = {
	"",
	"registry",
	"./registry",
	"-c",
	"--upload-pack=x",
	"file:///srv/registry",
	"http://git.example.org/x",
	"git://git.example.org/x",
	"ext::sh -c id",
	"https::ext",
	"https://",
	"https://git.example.org",
	"https://git.example.org/",
	"https://user@git.example.org/x",
	"https://user:secret@git.example.org/x",
	"https://git.example.org:0/x",
	"https://git.example.org/x y",
	"https://git.example.org/x\n",
	"https://git.example.org/x?y",
	"https://-oProxyCommand=id/x",
	"ssh://-oProxyCommand=id/x",
	"ssh://-x@git.example.org/x",
	"ssh://user:secret@git.example.org/x",
	"ssh://@git.example.org/x",
	"git@-oProxyCommand=id:x",
	"-x@git.example.org:x",
	"git@git.example.org:-x",
	"git@git.example.org:",
	"git@git.example.org::x",
	"git@git.example.org://x",
	"git.example.org:x",
	"/srv/registry;id",
	"/srv/$HOME",
	"/srv/`id`",
	"/srv/a'b",
	"/srv/\"",
	"/srv/\x1b[2J",
	"/srv/\xc3\xa4",
};

#define N(list) (sizeof(list) / sizeof((list)[0]))

static int
check(const char *field, const char *text)
{
	return network_check_value(field, text, NULL);
}

static void
test_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(good_urls); i++)
		if (check("registry.url", good_urls[i]) != 0)
			fail_msg("refused: %s", good_urls[i]);
	for (size_t i = 0; i < N(bad_urls); i++)
		if (check("registry.url", bad_urls[i]) != FAULT_INVALID)
			fail_msg("taken: %s", bad_urls[i]);
	/* What stands behind a NUL would not be seen. */
	assert_int_equal(
	    value_url((char[NETWORK_URL_MAX]){ 0 }, "/a\0b", 4, NULL),
	    FAULT_INVALID);
}

static void
test_branch(void **state)
{
	static const char *const good[] = { "master", "a/b", "v1.2_x-y" };
	static const char *const bad[] = { "", "-x", "/a", "a/", "a..b", "a//b",
		"a b", "a:b", "+a", "a~1", "a@{1}", "a/.b", "a.", "*" };

	(void)state;
	for (size_t i = 0; i < N(good); i++)
		assert_int_equal(check("registry.branch", good[i]), 0);
	for (size_t i = 0; i < N(bad); i++)
		if (check("registry.branch", bad[i]) != FAULT_INVALID)
			fail_msg("taken: %s", bad[i]);
}

static void
test_interval(void **state)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} good[] = { { "1m", 60 }, { "60s", 60 }, { "10m", 600 },
		{ "24h", 86400 }, { "1d", 86400 } };
	static const char *const bad[] = { "", "m", "600", "59s", "0m", "2d",
		"25h", "-1m", "1w", "1 m", "4294967296s", "99999999d" };
	uint32_t n;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		const char *text = good[i].text;

		assert_int_equal(
		    value_interval(&n, text, strlen(text), NULL), 0);
		assert_int_equal(n, good[i].seconds);
	}
	for (size_t i = 0; i < N(bad); i++)
		if (check("registry.interval", bad[i]) != FAULT_INVALID)
			fail_msg("taken: %s", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_branch),
		cmocka_unit_test(test_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
