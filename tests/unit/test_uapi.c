#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/uapi.h"

#define KEY_A "a8dac1d8a70a751f0f699fb14ba1cff0f9d7a2c6fbd1bbd0c4a0a8ec4ee7a3b1"
#define KEY_B "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33"
#define ZERO  "0000000000000000000000000000000000000000000000000000000000000000"

static const char answer[] = "private_key=" KEY_A "\n"
			     "listen_port=52001\n"
			     "fwmark=0\n"
			     "public_key=" KEY_B "\n"
			     "preshared_key=" ZERO "\n"
			     "protocol_version=1\n"
			     "endpoint=[2001:db8::1]:51820\n"
			     "last_handshake_time_sec=1750000000\n"
			     "last_handshake_time_nsec=12345\n"
			     "tx_bytes=18446744073709551615\n"
			     "rx_bytes=4096\n"
			     "persistent_keepalive_interval=30\n"
			     "allowed_ip=172.16.0.0/12\n"
			     "allowed_ip=fd00::/8\n"
			     "errno=0\n\n";

static int
parse(struct wg_device *d, const char *text)
{
	return uapi_parse(d, text, strlen(text));
}

static void
reads_a_device(void **state)
{
	struct wg_device d;
	const struct wg_peer *p = &d.peers[0];
	char text[IP_TEXT_MAX];

	(void)state;
	assert_int_equal(parse(&d, answer), 0);
	assert_int_equal(d.private_key.byte[0], 0xa8);
	assert_int_equal(d.listen_port, 52001);
	assert_int_equal(d.n_peers, 1);
	assert_int_equal(p->key.byte[31], 0x33);
	assert_true(wgkey_is_zero(&p->psk));
	assert_string_equal(ip_text(&p->endpoint, text), "2001:db8::1");
	assert_int_equal(p->port, 51820);
	assert_int_equal(p->handshake, 1750000000);
	assert_true(p->tx == UINT64_MAX);
	assert_int_equal(p->rx, 4096);
	assert_int_equal(p->keepalive, 30);
	assert_int_equal(p->n_allowed, 2);
	assert_int_equal(p->allowed[0].len, 12);
	assert_int_equal(p->allowed[1].ip.family, 6);
}

static void
reads_endpoints(void **state)
{
	static const struct {
		const char *line, *ip; /* NULL: no good */
	} cases[] = {
		{ "endpoint=192.0.2.1:1", "192.0.2.1" },
		{ "endpoint=[fe80::1%eth0]:65535", "fe80::1" },
		{ "endpoint=192.0.2.1", NULL },
		{ "endpoint=192.0.2.1:65536", NULL },
		{ "endpoint=[2001:db8::1:51820", NULL },
		{ "endpoint=:1", NULL },
		{ "endpoint=[:1", NULL },
		{ "endpoint=[]:1", NULL },
		{ "endpoint=a.example.org:1", NULL },
		{ "endpoint=", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256], ip[IP_TEXT_MAX];
		struct wg_device d;
		int rc;

		snprintf(text, sizeof(text),
		    "public_key=" KEY_B "\n%s\nerrno=0\n\n", cases[i].line);
		rc = parse(&d, text);
		assert_int_equal(rc, cases[i].ip != NULL ? 0 : -EBADMSG);
		if (rc == 0)
			assert_string_equal(
			    ip_text(&d.peers[0].endpoint, ip), cases[i].ip);
	}
}

static void
hands_on_what_the_device_says(void **state)
{
	struct wg_device d = { .listen_port = 7 };

	(void)state;
	assert_int_equal(parse(&d, "errno=98\n\n"), -EADDRINUSE);
	assert_int_equal(parse(&d, "errno=-98\n\n"), -EADDRINUSE);
	assert_int_equal(parse(NULL, "errno=0\n\n"), 0);
	assert_int_equal(d.listen_port, 7);
	/* A device may come to say more than we know. */
	assert_int_equal(parse(&d, "colour=blue\nerrno=0\n\n"), 0);
	assert_int_equal(d.listen_port, 0);
}

static void
refuses_what_is_no_answer(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		"\n\n",
		"errno=0",
		"errno=0\n",
		"errno=0\n\n\n",
		"errno=\n\n",
		"errno=--1\n\n",
		"errno=99999\n\n",
		"errno=0\nlisten_port=1\n\n",
		"listen_port=1\n\n",
		"listen_port=65536\nerrno=0\n\n",
		"listen_port=-1\nerrno=0\n\n",
		"listen_port\nerrno=0\n\n",
		"private_key=abc\nerrno=0\n\n",
		"public_key=" KEY_B "0\nerrno=0\n\n",
		"public_key=G" ZERO "\nerrno=0\n\n",
		"public_key=" KEY_B "\nrx_bytes=18446744073709551616\nerrno=0\n"
		"\n",
		"public_key=" KEY_B "\nlast_handshake_time_sec="
		"9223372036854775808\nerrno=0\n\n",
		"public_key=" KEY_B "\nallowed_ip=10.0.0.0/33\nerrno=0\n\n",
	};
	struct wg_device d = { .listen_port = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(&d, bad[i]), -EBADMSG);
	for (size_t n = 0; n < sizeof(answer) - 1; n++)
		assert_int_equal(uapi_parse(&d, answer, n), -EBADMSG);
	assert_int_equal(d.listen_port, 7);
}

static void
counts_peers_beyond_those_kept(void **state)
{
	char text[2048];
	struct wg_device d;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < WG_PEERS_MAX + 2; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "public_key=" KEY_B "\nallowed_ip=::/0\n");
	snprintf(text + n, sizeof(text) - n, "errno=0\n\n");
	assert_int_equal(parse(&d, text), 0);
	assert_int_equal(d.n_peers, WG_PEERS_MAX + 2);
}

static struct wg_device
wanted(void)
{
	struct wg_device d;

	assert_int_equal(parse(&d, answer), 0);
	return d;
}

static void
finds_no_difference_in_what_roamed(void **state)
{
	struct wg_device want = wanted(), have = wanted();
	struct wg_change c;

	(void)state;
	assert_false(wg_diff(&c, &want, &have, true));
	have.peers[0].endpoint.byte[15] = 2;
	assert_false(wg_diff(&c, &want, &have, false));
	assert_true(wg_diff(&c, &want, &have, true));
	assert_true(c.endpoint && c.peer && !c.psk && !c.allowed);
	have.peers[0].endpoint = (struct ip){ 0 };
	assert_true(wg_diff(&c, &want, &have, false));
	/* None is wanted: what there is stays. */
	want.peers[0].endpoint = (struct ip){ 0 };
	have = wanted();
	assert_false(wg_diff(&c, &want, &have, true));
}

static void
finds_every_field(void **state)
{
	struct wg_device want = wanted(), have = wanted();
	struct prefix first;
	struct wg_change c;

	(void)state;
	/* The order of allowed addresses means nothing. */
	first = have.peers[0].allowed[0];
	have.peers[0].allowed[0] = have.peers[0].allowed[1];
	have.peers[0].allowed[1] = first;
	assert_false(wg_diff(&c, &want, &have, true));
	have.peers[0].allowed[1].len++;
	assert_true(wg_diff(&c, &want, &have, true) && c.allowed);
	have = wanted();
	have.private_key.byte[0] ^= 1;
	assert_true(wg_diff(&c, &want, &have, true) && c.private_key);
	have = wanted();
	have.listen_port++;
	assert_true(wg_diff(&c, &want, &have, true) && c.listen_port);
	assert_false(c.peer);
	have = wanted();
	have.peers[0].psk.byte[0] = 1;
	assert_true(wg_diff(&c, &want, &have, true) && c.psk);
	have = wanted();
	have.peers[0].keepalive = 0;
	assert_true(wg_diff(&c, &want, &have, true) && c.keepalive);
	have = wanted();
	have.peers[0].key.byte[0] ^= 1;
	assert_true(wg_diff(&c, &want, &have, true));
	assert_int_equal(c.n_remove, 1);
	assert_true(c.peer && c.allowed && c.endpoint && c.keepalive);
}

static void
prints_only_what_changes(void **state)
{
	struct wg_device want = wanted(), have = wanted();
	char text[2048];
	struct wg_change c;
	FILE *f;

	(void)state;
	have.peers[0].keepalive = 0;
	assert_true(wg_diff(&c, &want, &have, false));
	f = fmemopen(text, sizeof(text), "w");
	assert_non_null(f);
	uapi_print(f, &c);
	fclose(f);
	assert_string_equal(text, "set=1\npublic_key=" KEY_B
				  "\npersistent_keepalive_interval=30\n\n");

	have.n_peers = WG_PEERS_MAX + 1;
	assert_true(wg_diff(&c, &want, &have, false));
	f = fmemopen(text, sizeof(text), "w");
	assert_non_null(f);
	uapi_print(f, &c);
	fclose(f);
	assert_string_equal(text,
	    "set=1\nreplace_peers=true\npublic_key=" KEY_B
	    "\nendpoint=[2001:db8::1]:51820\n"
	    "persistent_keepalive_interval=30\nreplace_allowed_ips=true\n"
	    "allowed_ip=172.16.0.0/12\nallowed_ip=fd00::/8\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_device),
		cmocka_unit_test(reads_endpoints),
		cmocka_unit_test(hands_on_what_the_device_says),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(counts_peers_beyond_those_kept),
		cmocka_unit_test(finds_no_difference_in_what_roamed),
		cmocka_unit_test(finds_every_field),
		cmocka_unit_test(prints_only_what_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
