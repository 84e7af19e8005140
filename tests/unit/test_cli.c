/* What `meetme` does on files: the first POP's addresses, init, whois. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "cli/address.h"
#include "cli/answers.h"
#include "cli/whois.h"

static void
test_first_address(void **state)
{
	static const char *const pairs[][2] = {
		{ "172.22.144.160/27", "172.22.144.161/29" },
		{ "172.20.0.0/14", "172.20.0.1/29" },
		{ "172.22.144.160/28", "172.22.144.161/29" },
		{ "172.22.144.160/29", "172.22.144.161/31" },
		{ "172.22.144.160/30", "172.22.144.160/32" },
		{ "172.22.144.163/32", "172.22.144.163/32" },
		{ "fd28:7515:7d51::/48", "fd28:7515:7d51:1::1/64" },
		{ "fd28::/63", "fd28:0:0:1::1/64" },
		{ "fd28::/64", "fd28::1/66" },
		{ "fd28::/126", "fd28::/128" },
		{ "fd28::5/128", "fd28::5/128" },
	};
	char text[PREFIX_TEXT_MAX];
	struct prefix p;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *from = pairs[i][0];

		assert_int_equal(prefix_parse(&p, from, strlen(from)), 0);
		p = first_address(&p);
		assert_string_equal(prefix_text(&p, text), pairs[i][1]);
	}
}

/* Whatever is answered, the file that comes of it is good. */
static void
init_gives(const char *asn, const char *prefixes, const char *endpoint,
    const char *pop)
{
	static struct network_problems problems;
	const char *const texts[] = { asn, "Test & Sons, #1: 'x'", prefixes,
		endpoint };
	struct wgkey private_key, key;
	struct network *net = NULL;
	struct answers a = { 0 };
	char *text = NULL;
	size_t len;
	FILE *f;

	for (size_t i = 0; i < 4; i++) {
		assert_false(answer_given(&a, &questions[i]));
		assert_int_equal(
		    answer_take(&a, &questions[i], texts[i], NULL), 0);
		assert_true(answer_given(&a, &questions[i]));
	}
	answers_guess(&a);
	assert_string_equal(a.pop, pop);
	assert_int_equal(wgkey_generate(&private_key), 0);
	assert_int_equal(wgkey_public(&key, &private_key), 0);
	f = open_memstream(&text, &len);
	assert_non_null(f);
	assert_int_equal(answers_write(f, &a, &key), 0);
	fclose(f);
	if (network_parse(&net, text, len, &problems) != 0)
		fail_msg("%s: %s\n%s", problems.list[0].field,
		    problems.list[0].text, text);
	assert_string_equal(net->name, texts[1]);
	assert_ptr_equal(network_pop_by_key(net, &key), &net->pops[0]);
	assert_true(net->peering.ipv4 && net->peering.ipv6);
	network_free(net);
	free(text);
}

static void
test_init(void **state)
{
	struct answers a = { 0 };
	struct fault f;

	(void)state;
	init_gives("4242420263", "172.22.144.160/27 fd28:7515:7d51::/48",
	    "nl-ams1.flap42.eu", "nl-ams1");
	init_gives("AS4242420000", "172.22.144.160/30", "192.0.2.7", "pop1");
	init_gives("1", "fd00::/64, 10.0.0.0/8,fd01::/48", "2a01::1", "pop1");
	init_gives("64512", "fd00::/128", "UPPER.example.net", "pop1");
	assert_int_equal(
	    answer_take(&a, &questions[2], "10.0.0.0/8 x", &f), FAULT_INVALID);
	assert_int_equal(a.n_prefixes, 0);
	assert_int_equal(
	    answer_take(&a, &questions[2], " ,", &f), FAULT_INVALID);
	assert_int_equal(
	    answer_take(&a, &questions[1], "a\nb", &f), FAULT_INVALID);
}

static char dir[] = "/tmp/test_cli.XXXXXX";

static void
add(const char *path, const char *text)
{
	char full[128], *slash;

	assert_int_equal(path_join(full, sizeof(full), dir, path), 0);
	for (slash = full + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		if (mkdir(full, 0700) != 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	assert_int_equal(file_create(full, 0600, text, strlen(text)), 0);
}

static void
link_to(const char *path, const char *target)
{
	char full[128];

	assert_int_equal(path_join(full, sizeof(full), dir, path), 0);
	assert_int_equal(symlink(target, full), 0);
}

/* The objects of that name are these, one after the other. */
static void
finds(const char *name, int n, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(whois(f, dir, name), n);
	fclose(f);
	assert_string_equal(text, want);
	free(text);
}

static int
set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	add("secret", "secret\n");
	add("data/aut-num/AS64512", "aut-num:\tAS64512\r\nas-name: \x1b[2JX");
	add("data/mntner/FOO-MNT", "mntner: FOO-MNT\n");
	add("data/mntner/.hidden", "mntner: HIDDEN\n");
	add("data/person/FOO-MNT", "person: Foo\n");
	add("data/as-set/AS64512:AS-ALL", "as-set: x\n");
	add("data/inetnum/172.20.0.0_14", "inetnum: 14\n");
	add("data/inetnum/172.20.0.0_24", "inetnum: 24\n");
	add("data/route/172.20.0.0_24", "route: 24\n");
	add("data/inet6num/fd00::_8", "inet6num: 8\n");
	link_to("data/mntner/OUT-MNT", "/etc/passwd");
	link_to("data/mntner/UP-MNT", "../../../../etc/passwd");
	link_to("data/role", "/etc");
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const paths[] = { "data/aut-num/AS64512",
		"data/mntner/FOO-MNT", "data/mntner/.hidden",
		"data/mntner/OUT-MNT", "data/mntner/UP-MNT",
		"data/person/FOO-MNT", "data/as-set/AS64512:AS-ALL",
		"data/inetnum/172.20.0.0_14", "data/inetnum/172.20.0.0_24",
		"data/route/172.20.0.0_24", "data/inet6num/fd00::_8",
		"data/role", "data/aut-num", "data/mntner", "data/person",
		"data/as-set", "data/inetnum", "data/route", "data/inet6num",
		"data", "secret" };
	char full[128];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(
		    path_join(full, sizeof(full), dir, paths[i]), 0);
		assert_int_equal(remove(full), 0);
	}
	return rmdir(dir);
}

static void
test_whois(void **state)
{
	static const char as64512[] = "% data/aut-num/AS64512\n"
				      "aut-num: AS64512\nas-name: ?[2JX\n";

	(void)state;
	finds("AS64512", 1, as64512);
	finds("as64512", 1, as64512);
	finds("64512", 1, as64512);
	finds("AS64513", 0, "");
	finds("foo", 1, "% data/mntner/FOO-MNT\nmntner: FOO-MNT\n");
	finds("foo-mnt", 2,
	    "% data/mntner/FOO-MNT\nmntner: FOO-MNT\n\n"
	    "% data/person/FOO-MNT\nperson: Foo\n");
	finds("AS64512:AS-ALL", 1, "% data/as-set/AS64512:AS-ALL\nas-set: x\n");
	finds("172.20.0.0/24", 2,
	    "% data/inetnum/172.20.0.0_24\ninetnum: 24\n\n"
	    "% data/route/172.20.0.0_24\nroute: 24\n");
	finds("172.20.0.77", 2,
	    "% data/inetnum/172.20.0.0_24\ninetnum: 24\n\n"
	    "% data/route/172.20.0.0_24\nroute: 24\n");
	finds(
	    "172.21.0.0/16", 1, "% data/inetnum/172.20.0.0_14\ninetnum: 14\n");
	finds("fd42::1", 1, "% data/inet6num/fd00::_8\ninet6num: 8\n");
	finds("10.0.0.1", 0, "");
}

static void
test_whois_stays_inside(void **state)
{
	(void)state;
	finds("OUT-MNT", 0, "");
	finds("UP-MNT", 0, "");
	finds("passwd", 0, "");
	finds("../../secret", 0, "");
	finds("../mntner/FOO-MNT", 0, "");
	finds(".hidden", 0, "");
	finds(".", 0, "");
	finds("..", 0, "");
	finds("", 0, "");
	assert_int_equal(whois(stdout, "/nonexistent", "FOO"), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_address),
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_whois),
		cmocka_unit_test(test_whois_stays_inside),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
