/* All files of a POP, from the operator's file on, are those in golden/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "render/edgeos.h"
#include "render/render.h"
#include "sample.h"

#define FILES_MAX 32

/* What render_plan has given. */
struct tree {
	const char *dir; /* below tests/golden; NULL: not compared */
	char paths[FILES_MAX][64];
	size_t n;
	int fail; /* the result of the file `fail_at` */
	size_t fail_at;
};

static bool
golden_is_written(void)
{
	const char *mode = getenv("GOLDEN");

	return mode != NULL && strcmp(mode, "write") == 0;
}

static void
make_folders(const char *path)
{
	char part[256];

	for (const char *p = strchr(path, '/'); p != NULL;
	     p = strchr(p + 1, '/')) {
		strlcpy(part, path, (size_t)(p - path) + 1);
		mkdir(part, 0755);
	}
}

static void
is_golden(const char *dir, const char *name, const char *text, size_t len)
{
	char path[256], *golden;
	size_t n;

	snprintf(path, sizeof(path), "tests/golden/%s/%s", dir, name);
	if (golden_is_written()) {
		make_folders(path);
		assert_int_equal(file_replace(path, 0644, text, len), 0);
	}
	assert_int_equal(file_read(path, 1 << 20, &golden, &n), 0);
	assert_string_equal(text, golden);
	assert_int_equal(len, n);
	free(golden);
}

static int
put(void *arg, const char *path, const char *text, size_t len)
{
	struct tree *tree = arg;

	if (tree->fail != 0 && tree->n == tree->fail_at)
		return tree->fail;
	assert_true(tree->n < FILES_MAX);
	assert_int_equal(strlen(text), len);
	assert_memory_equal(text, RENDER_MARK, strlen(RENDER_MARK));
	strlcpy(tree->paths[tree->n++], path, sizeof(tree->paths[0]));
	if (tree->dir != NULL)
		is_golden(tree->dir, path, text, len);
	return 0;
}

static struct plan *
plan_of(const char *file, const char *pop, const struct peering *list, size_t n)
{
	struct network_problems problems = { 0 };
	struct peering_rules rules;
	struct network *net = NULL;
	struct plan *plan = NULL;

	assert_int_equal(network_load(&net, file, &problems), 0);
	assert_non_null(network_pop(net, pop));
	peering_rules_init(&rules, net, network_pop(net, pop));
	assert_int_equal(plan_derive(&plan, &rules, list, n), 0);
	network_free(net);
	return plan;
}

static void
tree_is(const struct tree *tree, const char *const *paths)
{
	for (size_t i = 0; i < tree->n; i++) {
		assert_non_null(paths[i]);
		assert_string_equal(tree->paths[i], paths[i]);
	}
	assert_null(paths[tree->n]);
}

static void
test_full_mesh(void **state)
{
	static const char *const paths[] = { "bird/meetme.conf",
		"bird/peers/as4242421344.conf", "bird/peers/as65000.conf",
		"sysctl.conf", "wireguard/wg-as4242421344.conf",
		"wireguard/wg-as65000.conf", "wireguard/wg-int-1.conf",
		"wireguard/wg-int-3.conf", "wireguard/wg-int-4.conf", NULL };
	struct peering list[2] = { sample_peering(65000, 2),
		sample_peering(4242421344, 1) };
	struct tree tree = { .dir = "nl-ams2" };
	struct plan *plan;

	(void)state;
	list[0].has_psk = true;
	list[0].psk = sample_key(5);
	list[0].host[0] = '\0';
	list[0].port = 0;
	list[0].link_local = sample_ip("fe80::1:2:3");
	plan = plan_of("examples/full-mesh.yaml", "nl-ams2", list, 2);
	assert_int_equal(render_plan(plan, put, &tree), 0);
	tree_is(&tree, paths);
	plan_free(plan);
}

static void
test_two_sites(void **state)
{
	static const char *const pops[] = { "edgerouter", "vps" };
	static const char *const paths[2][4] = {
		{ "edgeos/commands", NULL },
		{ "bird/meetme.conf", "sysctl.conf", "wireguard/wg0.conf",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct tree tree = { .dir = pops[i] };
		struct plan *plan;

		plan = plan_of("examples/two-sites.yaml", pops[i], NULL, 0);
		assert_int_equal(render_plan(plan, put, &tree), 0);
		tree_is(&tree, paths[i]);
		plan_free(plan);
	}
}

/* A Linux machine in the EdgeRouter's place. */
static void
test_frr(void **state)
{
	static const char *const paths[] = { "frr/frr.conf", "sysctl.conf",
		"wireguard/wg67.conf", "wireguard/wg1.conf",
		"wireguard/wg4.conf", "wireguard/wg5.conf",
		"wireguard/wg6.conf", "wireguard/wg7.conf", NULL };
	struct tree tree = { .dir = "frr" };
	struct plan *plan;

	(void)state;
	plan = plan_of("examples/two-sites.yaml", "edgerouter", NULL, 0);
	assert_int_equal(render_router(plan, true, NULL, put, &tree), 0);
	tree_is(&tree, paths);
	plan_free(plan);
}

/* Route reflectors, their clients, OSPF, and a POP of one family. */
static void
test_hubs(void **state)
{
	static const char *const pops[] = { "hub1", "both", "only4" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tree tree = { .dir = pops[i] };
		struct plan *plan;

		plan = plan_of("tests/fixtures/hubs.yaml", pops[i], NULL, 0);
		assert_int_equal(render_plan(plan, put, &tree), 0);
		assert_int_equal(tree.n, i == 0 ? 5 : 4);
		plan_free(plan);
	}
}

/* The operator brings his own IGP: no other file differs. */
static void
test_no_igp(void **state)
{
	struct tree tree = { .dir = "no-igp" };
	struct plan *plan;

	(void)state;
	plan = plan_of("tests/fixtures/two-pops.yaml", "vps", NULL, 0);
	plan->igp = IGP_NONE;
	assert_int_equal(render_plan(plan, put, &tree), 0);
	plan_free(plan);
}

static void
test_ends_at_the_first_failure(void **state)
{
	struct plan *plan;

	(void)state;
	plan = plan_of("examples/full-mesh.yaml", "nl-ams2", NULL, 0);
	for (size_t i = 0; i < 5; i++) {
		struct tree tree = { .fail = -ENOSPC, .fail_at = i };

		assert_int_equal(render_plan(plan, put, &tree), -ENOSPC);
		assert_int_equal(tree.n, i);
	}
	plan_free(plan);
}

/* One field of one value is amiss, and nothing of its file is given. */
static void
refused(struct plan *plan, size_t n_files)
{
	struct tree tree = { 0 };

	assert_int_equal(render_plan(plan, put, &tree), -EINVAL);
	assert_int_equal(tree.n, n_files);
}

#define REFUSED(field, text, n_files)                \
	do {                                         \
		char was_[sizeof(field)];            \
		memcpy(was_, field, sizeof(field));  \
		strlcpy(field, text, sizeof(field)); \
		refused(plan, n_files);              \
		memcpy(field, was_, sizeof(field));  \
	} while (0)

static void
test_unsafe_texts_are_refused(void **state)
{
	struct plan *plan;

	(void)state;
	plan = plan_of("examples/full-mesh.yaml", "nl-ams2", NULL, 0);
	REFUSED(plan->name, "a\nb", 0);
	REFUSED(plan->pop_name, "a\nb", 0);
	REFUSED(plan->ibgp[0].pop_name, "a\";", 0);
	REFUSED(plan->ibgp[2].pop_name, "", 0);
	REFUSED(plan->tunnels[0].pop_name, "a\nPostUp=x", 2);
	REFUSED(plan->tunnels[2].ifname, "../x", 4);
	REFUSED(plan->tunnels[2].ifname, "", 4);
	REFUSED(plan->tunnels[0].host, "a.b\nPostUp = x", 2);
	REFUSED(plan->tunnels[0].host, "a b", 2);
	plan_free(plan);
}

static void
ip_refused(struct plan *plan, struct ip *ip, const char *text, size_t n_files)
{
	const struct ip was = *ip;

	*ip = (struct ip){ 0 };
	if (text != NULL)
		*ip = sample_ip(text);
	refused(plan, n_files);
	*ip = was;
}

static void
test_addresses_of_no_use_are_refused(void **state)
{
	struct plan *plan;

	(void)state;
	plan = plan_of("examples/full-mesh.yaml", "nl-ams2", NULL, 0);
	ip_refused(plan, &plan->router_id, NULL, 0);
	ip_refused(plan, &plan->router_id, "fd00::1", 0);
	ip_refused(plan, &plan->ibgp[1].neighbor, "172.22.144.161", 0);
	ip_refused(plan, &plan->ibgp[1].neighbor, NULL, 0);
	ip_refused(plan, &plan->tunnels[0].local, NULL, 2);
	ip_refused(plan, &plan->tunnels[0].remote, "172.22.144.161", 2);
	ip_refused(plan, &plan->tunnels[1].local4, NULL, 3);
	ip_refused(plan, &plan->tunnels[1].remote4, "fe80::1", 3);
	ip_refused(plan, &plan->loopback4, "fe80::1", 2);
	plan->ibgp[0].pop = 0;
	refused(plan, 0);
	plan->ibgp[0].pop = 1;
	plan->tunnels[0].listen_port = 0;
	refused(plan, 2);
	plan->tunnels[0].listen_port = 1;
	plan->tunnels[0].n_allowed = 0;
	refused(plan, 2);
	plan_free(plan);
}

static void
test_failed_writes_are_told(void **state)
{
	struct plan *plan;
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	if (f == NULL)
		skip();
	plan = plan_of("examples/full-mesh.yaml", "nl-ams2", NULL, 0);
	assert_int_equal(render_wg_quick(f, plan, &plan->tunnels[0]), -EIO);
	assert_int_equal(render_sysctl(f), -EIO);
	fclose(f);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_mesh),
		cmocka_unit_test(test_two_sites),
		cmocka_unit_test(test_frr),
		cmocka_unit_test(test_hubs),
		cmocka_unit_test(test_no_igp),
		cmocka_unit_test(test_ends_at_the_first_failure),
		cmocka_unit_test(test_unsafe_texts_are_refused),
		cmocka_unit_test(test_addresses_of_no_use_are_refused),
		cmocka_unit_test(test_failed_writes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
