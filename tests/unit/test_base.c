/* Numbers, keys, text, faults, files: what everything else stands on. */
#include <errno.h>
#include <fcntl.h>
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

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/paths.h"
#include "base/text.h"
#include "base/wgkey.h"

static bool
is_num(const char *text, uint32_t min, uint32_t max, uint32_t want)
{
	uint32_t n = 77;
	int rc = num_parse(&n, text, strlen(text), min, max);

	return rc == 0 ? n == want : rc == FAULT_INVALID && n == 77 && !want;
}

static void
test_num(void **state)
{
	(void)state;
	assert_true(is_num("1", 1, 1, 1));
	assert_true(is_num("4294967295", 0, UINT32_MAX, UINT32_MAX));
	assert_true(is_num("4294967296", 0, UINT32_MAX, 0));
	assert_true(is_num("9999999999", 0, UINT32_MAX, 0));
	assert_true(is_num("18446744073709551617", 0, UINT32_MAX, 0));
	assert_true(is_num("5", 6, 9, 0));
	assert_true(is_num("10", 6, 9, 0));
	assert_true(is_num("", 0, 9, 0));
	assert_true(is_num("-1", 0, 9, 0));
	assert_true(is_num("+1", 0, 9, 0));
	assert_true(is_num(" 1", 0, 9, 0));
	assert_true(is_num("1 ", 0, 9, 0));
	assert_true(is_num("1\n", 0, 9, 0));
	assert_true(is_num("0x1", 0, 9, 0));
}

static uint32_t
asn(const char *text)
{
	uint32_t n = 0;

	return asn_parse(&n, text, strlen(text)) == 0 ? n : 0;
}

static void
test_asn(void **state)
{
	uint16_t port = 0;

	(void)state;
	assert_int_equal(asn("4242420263"), 4242420263);
	assert_int_equal(asn("AS4242420263"), 4242420263);
	assert_int_equal(asn("as1"), 1);
	assert_int_equal(asn("4294967294"), 4294967294);
	assert_int_equal(asn("4294967295"), 0);
	assert_int_equal(asn("4294967296"), 0);
	assert_int_equal(asn("0"), 0);
	assert_int_equal(asn("23456"), 0);
	assert_int_equal(asn("65535"), 0);
	assert_int_equal(asn("AS"), 0);
	assert_int_equal(asn("ASAS1"), 0);
	assert_int_equal(asn("AS 1"), 0);
	assert_int_equal(asn("1.10"), 0);
	assert_int_equal(asn("-1"), 0);
	assert_int_equal(asn(""), 0);
	assert_int_equal(port_parse(&port, "65535", 5), 0);
	assert_int_equal(port, 65535);
	assert_int_equal(port_parse(&port, "0", 1), FAULT_INVALID);
	assert_int_equal(port_parse(&port, "65536", 5), FAULT_INVALID);
	assert_int_equal(port, 65535);
}

static bool
is_key(const char *text)
{
	struct wgkey key;
	char again[WGKEY_TEXT_MAX];

	if (wgkey_parse(&key, text, strlen(text)) != 0)
		return false;
	assert_string_equal(wgkey_text(&key, again), text);
	return true;
}

static void
test_wgkey_text(void **state)
{
	(void)state;
	assert_true(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI="));
	assert_true(is_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
	assert_true(is_key("//////////////////////////////////////////8="));
	/* Bits behind the 256th. */
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTJ="));
	assert_false(is_key("//////////////////////////////////////////9="));
	/* 31, 33 and 34 bytes; no padding; too much of it. */
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaQ=="));
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTIA"));
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI"));
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI=="));
	assert_false(is_key("C3Wl=6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI="));
	/* Other alphabets, white space. */
	assert_false(is_key("C3Wlu6y-v84FN_vreuTqL6r5wEtGTMXX5rKgHkxDaTI="));
	assert_false(is_key(" 3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI="));
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDaTI=\n"));
	assert_false(is_key("C3Wlu6y+v84FN/vreuTqL6\n5wEtGTMXX5rKgHkxDaTI="));
	assert_false(is_key(""));
}

/* The points of small order, and with the ignored high bit set. */
static void
test_wgkey_weak(void **state)
{
	static const uint8_t e0[32] = { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41,
		0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
		0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62,
		0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 };
	struct wgkey key = { 0 }, good;

	(void)state;
	assert_true(wgkey_is_zero(&key));
	assert_true(wgkey_is_weak(&key));
	key.byte[0] = 1;
	assert_false(wgkey_is_zero(&key));
	assert_true(wgkey_is_weak(&key));
	key.byte[31] = 0x80;
	assert_true(wgkey_is_weak(&key));
	memcpy(key.byte, e0, sizeof(e0));
	assert_true(wgkey_is_weak(&key));
	/* p - 1, p, p + 1 */
	memset(key.byte, 0xff, sizeof(key.byte));
	key.byte[31] = 0x7f;
	for (unsigned low = 0xec; low <= 0xee; low++) {
		key.byte[0] = (uint8_t)low;
		assert_true(wgkey_is_weak(&key));
	}
	key.byte[0] = 0xe0;
	assert_false(wgkey_is_weak(&key));
	assert_int_equal(wgkey_generate(&good), 0);
	assert_int_equal(wgkey_public(&key, &good), 0);
	assert_false(wgkey_is_weak(&key));
}

/* RFC 7748, 6.1. */
static void
test_wgkey_public(void **state)
{
	const char alice[] = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
	const char public[] = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";
	struct wgkey key, derived;
	char text[WGKEY_TEXT_MAX];

	(void)state;
	assert_int_equal(wgkey_parse(&key, alice, strlen(alice)), 0);
	assert_int_equal(wgkey_public(&derived, &key), 0);
	assert_string_equal(wgkey_text(&derived, text), public);
	assert_false(wgkey_equal(&key, &derived));
	wgkey_wipe(&derived);
	assert_true(wgkey_is_zero(&derived));
	assert_int_equal(wgkey_generate(&key), 0);
	assert_int_equal(key.byte[0] & 7, 0);
	assert_int_equal(key.byte[31] & 0xc0, 0x40);
	assert_int_equal(wgkey_generate(&derived), 0);
	assert_false(wgkey_equal(&key, &derived));
}

static void
test_text(void **state)
{
	char buf[64];

	(void)state;
	assert_true(text_is_plain("", 0));
	assert_true(text_is_plain(" ~", 2));
	assert_false(text_is_plain("a\nb", 3));
	assert_false(text_is_plain("\x1b[2J", 4));
	assert_false(text_is_plain("\x7f", 1));
	assert_false(text_is_plain("\xc2\x9b", 2));
	assert_false(text_is_plain("a\0b", 3));
	assert_string_equal(
	    text_clean(buf, sizeof(buf), "a\x1b\xc3\xa4\0z", 6), "a????z");
	assert_string_equal(text_clean(buf, 3, "abcdef", 6), "ab");
	assert_string_equal(text_clean(buf, 1, "abcdef", 6), "");
	assert_string_equal(
	    text_mask(buf, sizeof(buf), "RE+abc=", 3), "RE+***=");
	assert_string_equal(text_mask(buf, sizeof(buf), "ab", 3), "ab");
	assert_string_equal(text_mask(buf, 4, "abcdef", 1), "a**");
}

static bool
is_host(const char *text)
{
	return text_is_hostname(text, strlen(text));
}

static void
test_hostname(void **state)
{
	char label[80], name[300];

	(void)state;
	assert_true(is_host("nl-ams1.flap42.eu"));
	assert_true(is_host("1.2.xn--p1ai"));
	assert_false(is_host(""));
	assert_false(is_host("localhost"));
	assert_false(is_host("a..b"));
	assert_false(is_host(".a.b"));
	assert_false(is_host("a.b."));
	assert_false(is_host("-a.b"));
	assert_false(is_host("a-.b"));
	assert_false(is_host("a.b-"));
	assert_false(is_host("a_b.c"));
	assert_false(is_host("a b.c"));
	assert_false(is_host("a.b\n"));
	assert_false(is_host("\xc3\xa4.de"));
	assert_false(is_host("10.0.0.300"));
	assert_false(is_host("127.1"));
	assert_false(is_host("0x7f.0x1"));
	assert_false(is_host("a.1x"));
	assert_false(text_is_hostname("a.b\0c", 5));
	memset(label, 'a', sizeof(label));
	memcpy(label + 63, ".de", 4);
	assert_true(is_host(label));
	memcpy(label + 64, ".de", 4);
	label[63] = 'a';
	assert_false(is_host(label));
	for (size_t i = 0; i < sizeof(name); i += 2)
		memcpy(name + i, "a.", 2);
	assert_true(text_is_hostname(name, 253));
	assert_false(text_is_hostname(name, 255));
}

static void
test_fault(void **state)
{
	struct fault f;

	(void)state;
	assert_int_equal(
	    fault_set(&f, FAULT_TAKEN, "port", "%s\n%s", "a\x1b", "b"),
	    FAULT_TAKEN);
	assert_int_equal(f.code, FAULT_TAKEN);
	assert_string_equal(f.field, "port");
	assert_string_equal(f.text, "a??b");
	fault_set(&f, FAULT_LIMIT, NULL, "%0300d", 1);
	assert_string_equal(f.field, "");
	assert_int_equal(strlen(f.text), sizeof(f.text) - 1);
	assert_int_equal(fault_set(NULL, FAULT_AWAY, "x", "y"), FAULT_AWAY);
	for (int code = FAULT_AWAY; code < 0; code++)
		assert_int_equal(fault_code_of(fault_name(code)), code);
	assert_int_equal(fault_code_of("nonsense"), FAULT_SYSTEM);
}

static void
test_file(void **state)
{
	char dir[] = "/tmp/test_base.XXXXXX", path[64], *text = NULL;
	struct stat st;
	size_t len;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(path_join(path, sizeof(path), dir, "file"), 0);
	assert_int_equal(path_join(path, 4, dir, "file"), -ENAMETOOLONG);
	assert_int_equal(path_join(path, sizeof(path), dir, "file"), 0);
	assert_int_equal(file_read(path, 9, &text, &len), -ENOENT);
	assert_int_equal(file_read(dir, 9, &text, &len), -EINVAL);
	assert_int_equal(file_create(path, 0600, "one", 3), 0);
	assert_int_equal(file_create(path, 0600, "two", 3), -EEXIST);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_read(path, 2, &text, &len), -EFBIG);
	assert_int_equal(file_read(path, 3, &text, &len), 0);
	assert_int_equal(len, 3);
	assert_string_equal(text, "one");
	free(text);
	assert_int_equal(file_replace(path, 0644, "", 0), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(file_read(path, 0, &text, &len), 0);
	assert_int_equal(len, 0);
	free(text);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* What another wrote below a folder leads nowhere else. */
static void
test_below(void **state)
{
	char dir[] = "/tmp/test_base.XXXXXX", path[64], link[64], *text = NULL;
	uint64_t empty, bytes;
	size_t len;

	(void)state;
	assert_non_null(mkdtemp(dir));
	empty = file_tree_bytes(dir, UINT64_MAX);
	assert_true(empty >= 4096);
	snprintf(path, sizeof(path), "%s/sub", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/sub/file", dir);
	assert_int_equal(file_create(path, 0600, "one", 3), 0);
	snprintf(link, sizeof(link), "%s/sub/link", dir);
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(file_read_below(dir, "sub/file", 3, &text, &len), 0);
	assert_string_equal(text, "one");
	free(text);
	assert_int_equal(
	    file_read_below(dir, "sub/link", 3, &text, &len), -ELOOP);
	assert_int_equal(
	    file_read_below(dir, "sub/none", 3, &text, &len), -ENOENT);
	assert_int_equal(
	    file_read_below(dir, "../passwd", 3, &text, &len), -EXDEV);
	assert_int_equal(
	    file_read_below(dir, "/etc/passwd", 3, &text, &len), -EXDEV);
	bytes = file_tree_bytes(dir, UINT64_MAX);
	assert_true(bytes >= empty + UINT64_C(3) * 4096);
	assert_true(file_tree_bytes(dir, 4096) > 4096);
	assert_true(file_tree_bytes(dir, 4096) <= bytes);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(link), 0);
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("sub", link), 0);
	assert_int_equal(file_open_below(dir, "link", O_RDONLY), -ELOOP);
	assert_int_equal(file_open_below(dir, "link/file", O_RDONLY), -ELOOP);
	assert_int_equal(unlink(link), 0);
	snprintf(path, sizeof(path), "%s/sub", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(file_tree_bytes(dir, 4096), 0);
}

static void
test_paths(void **state)
{
	char root[PATHS_MAX];
	struct paths p = { .network = "untouched" };

	(void)state;
	memset(root, 'a', sizeof(root) - 1);
	root[sizeof(root) - 1] = '\0';
	assert_int_equal(paths_init(&p, root), -ENAMETOOLONG);
	assert_string_equal(p.network, "untouched");
	assert_int_equal(paths_init(&p, "/"), 0);
	assert_string_equal(p.network, "/etc/meetme/network.yaml");
	assert_int_equal(paths_init(&p, ""), 0);
	assert_string_equal(p.control, "/run/meetme/control.sock");
	assert_int_equal(paths_init(&p, "/x/y"), 0);
	assert_string_equal(p.bird_conf, "/x/y/etc/bird/bird.conf");
}

static void
test_clock(void **state)
{
	int64_t before = clock_mono_us(), now = clock_now_ms();

	(void)state;
	assert_true(clock_mono_us() >= before);
	assert_true(now > INT64_C(1700000000000));
}

/* Escapes, C1 controls in UTF-8, a text that runs backwards: none gets out. */
static void
test_log(void **state)
{
	static const char want[] = "test: a?[2J b????d ?? e??%n\n";
	char got[256];
	int ends[2], old = dup(STDERR_FILENO);
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	unsetenv("JOURNAL_STREAM");
	fflush(stderr);
	dup2(ends[1], STDERR_FILENO);
	log_init("test");
	log_info("%s", "a\x1b[2J b\xe2\x80\xae\x7f"
		       "d \xc2\x9b e\r\n%n");
	dup2(old, STDERR_FILENO);
	n = read(ends[0], got, sizeof(got) - 1);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, want);
	close(old);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_num),
		cmocka_unit_test(test_asn),
		cmocka_unit_test(test_wgkey_text),
		cmocka_unit_test(test_wgkey_weak),
		cmocka_unit_test(test_wgkey_public),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_hostname),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
