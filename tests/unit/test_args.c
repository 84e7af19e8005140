#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "engine/args.h"

#define KEY "RE+KOyTtwLDnbBjdZ3B5lN2s6xmzFhOJ8S2Tqh9XyVQ="

static int
apply(struct peering *p, const char *text, struct fault *f)
{
	json_t *args = json_loads(text, 0, NULL);
	int rc;

	assert_non_null(args);
	rc = args_apply(p, args, f);
	json_decref(args);
	return rc;
}

static void
takes_all_arguments(void **state)
{
	struct peering p = { 0 };
	struct fault f;

	(void)state;
	assert_int_equal(apply(&p,
			     "{\"asn\": 4242421344, \"key\": \"" KEY "\","
			     "\"endpoint\": \"a.example.org\", \"port\": 51820,"
			     "\"link_local\": \"fe80::7\", \"psk\": true,"
			     "\"mtu\": 1400}",
			     &f),
	    0);
	assert_int_equal(p.asn, 4242421344);
	assert_string_equal(p.host, "a.example.org");
	assert_int_equal(p.port, 51820);
	assert_true(ip_is_link_local(&p.link_local));
	assert_true(p.has_psk && !wgkey_is_zero(&p.psk));
	assert_int_equal(p.mtu, 1400);
}

static void
an_edit_changes_what_it_names(void **state)
{
	struct peering p = { .asn = 7, .host = "192.0.2.1", .port = 9 };
	struct wgkey psk;
	struct fault f;

	(void)state;
	assert_int_equal(apply(&p, "{\"psk\": true}", &f), 0);
	psk = p.psk;
	assert_int_equal(apply(&p, "{\"psk\": true, \"mtu\": 1300}", &f), 0);
	assert_true(wgkey_equal(&psk, &p.psk));
	assert_string_equal(p.host, "192.0.2.1");
	assert_int_equal(apply(&p, "{\"psk\": false}", &f), 0);
	assert_false(p.has_psk);
	assert_true(wgkey_is_zero(&p.psk));
	assert_int_equal(apply(&p, "{\"endpoint\": null}", &f), 0);
	assert_string_equal(p.host, "");
	assert_int_equal(p.port, 0);
}

static void
refuses(const char *args, const char *field)
{
	struct peering p = { 0 };
	struct fault f;

	assert_int_equal(apply(&p, args, &f), FAULT_INVALID);
	assert_string_equal(f.field, field);
	assert_true(strlen(f.text) > 0);
}

static void
refuses_what_is_no_value(void **state)
{
	(void)state;
	refuses("{\"asn\": 0}", "asn");
	refuses("{\"asn\": 4294967296}", "asn");
	refuses("{\"asn\": \"4242421344\"}", "asn");
	refuses("{\"asn\": 1.5}", "asn");
	refuses("{\"key\": \"short\"}", "key");
	refuses("{\"key\": null}", "key");
	refuses("{\"endpoint\": \"\"}", "endpoint");
	refuses("{\"endpoint\": \"a\\nb\"}", "endpoint");
	refuses("{\"endpoint\": \"a\\u001b[2J\"}", "endpoint");
	refuses("{\"port\": 0}", "port");
	refuses("{\"port\": 65536}", "port");
	refuses("{\"link_local\": \"fe80::1%eth0;x\"}", "link_local");
	refuses("{\"psk\": 1}", "psk");
	refuses("{\"mtu\": 1279}", "mtu");
	refuses("{\"mtu\": 1441}", "mtu");
	refuses("{\"colour\": \"blue\"}", "args");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_all_arguments),
		cmocka_unit_test(an_edit_changes_what_it_names),
		cmocka_unit_test(refuses_what_is_no_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
