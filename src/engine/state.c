#include "engine/state.h"

#include <bsd/string.h>
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "engine/agentlink.h"

#define MOTD_MAX (16U << 10)

/* Which POP are we? By name, or the one whose public key the agent has. */
static const struct network_pop *
find_pop(const struct engine *e, const struct network *net, struct fault *f)
{
	const struct network_pop *pop;
	char key[WGKEY_TEXT_MAX];

	wgkey_text(&e->public_key, key);
	if (e->pop_wanted == NULL) {
		pop = network_pop_by_key(net, &e->public_key);
		if (pop == NULL)
			fault_set(f, FAULT_INVALID, "pops",
			    "no POP has the public key of this machine's "
			    "%s: %s",
			    e->paths->key, key);
		return pop;
	}
	pop = network_pop(net, e->pop_wanted);
	if (pop == NULL) {
		fault_set(f, FAULT_INVALID, "pops", "there is no POP named %s",
		    e->pop_wanted);
	} else if (!wgkey_equal(&pop->public_key, &e->public_key)) {
		fault_set(f, FAULT_INVALID, "public_key",
		    "POP %s has another public key than this machine's %s: %s",
		    pop->name, e->paths->key, key);
		pop = NULL;
	}
	return pop;
}

/* An answer with text that is no UTF-8 could not be made. */
static void
make_utf8(const char *name, char *text)
{
	json_t *good = json_string(text);

	if (good == NULL)
		log_warn("motd %s: it is not in UTF-8", name);
	for (char *p = text; good == NULL && *p != '\0'; p++)
		if (!isascii(*p))
			*p = '?';
	json_decref(good);
}

static void
load_motd(struct engine *e)
{
	const char *name = e->net->peering.motd;
	char path[PATHS_MAX + NETWORK_NAME_MAX], *text = NULL;
	size_t len;
	int rc = 0;

	if (name[0] != '\0') {
		rc = path_join(path, sizeof(path), e->paths->motd_dir, name);
		if (rc == 0)
			rc = file_read(path, MOTD_MAX, &text, &len);
		if (rc != 0)
			log_warn("motd %s: %s", name, strerror(-rc));
		else
			make_utf8(name, text);
	}
	free(e->motd);
	e->motd = text != NULL ? text : strdup("");
	if (e->motd == NULL)
		log_fatal("no memory");
}

static void
load_admin_keys(struct engine *e)
{
	const struct network_strings *lines = &e->net->peering.admin_keys;

	free(e->admin_keys);
	e->n_admin_keys = 0;
	e->admin_keys = calloc(lines->n + 1, sizeof(*e->admin_keys));
	if (e->admin_keys == NULL)
		log_fatal("no memory");
	for (size_t i = 0; i < lines->n; i++)
		if (sshkey_parse(&e->admin_keys[e->n_admin_keys],
			lines->list[i], strlen(lines->list[i])) == 0)
			e->n_admin_keys++;
}

int
engine_load_network(struct engine *e, struct fault *f)
{
	struct network_problems *problems = calloc(1, sizeof(*problems));
	const struct network_pop *pop = NULL;
	struct network *net = NULL;
	int rc = FAULT_SYSTEM;

	if (problems == NULL)
		return fault_set(f, FAULT_SYSTEM, NULL, "no memory");
	rc = network_load(&net, e->paths->network, problems);
	for (size_t i = 0; i < problems->n; i++)
		log_error("%s:%u: %s: %s", e->paths->network,
		    problems->list[i].line, problems->list[i].field,
		    problems->list[i].text);
	if (rc != 0) {
		fault_set(f, FAULT_INVALID,
		    problems->n > 0 ? problems->list[0].field : "", "%s",
		    problems->n > 0 ? problems->list[0].text : "no memory");
		goto out;
	}
	rc = FAULT_INVALID;
	pop = find_pop(e, net, f);
	if (pop == NULL)
		goto out;
	network_free(e->net);
	e->net = net;
	net = NULL;
	peering_rules_init(&e->rules, e->net, pop);
	load_motd(e);
	load_admin_keys(e);
	rc = 0;
out:
	network_free(net);
	free(problems);
	return rc;
}

/* A registry that suddenly lost a tenth is a broken one: keep the old. */
static bool
is_plausible(const struct registry *old, const struct registry *new)
{
	struct registry_counts a, b;

	if (old == NULL)
		return true;
	registry_counts(old, &a);
	registry_counts(new, &b);
	return b.mntners >= a.mntners - a.mntners / 10 &&
	       b.aut_nums >= a.aut_nums - a.aut_nums / 10;
}

void
engine_load_registry(struct engine *e)
{
	const char *dir = e->paths->registry;
	uint64_t stamp = registry_stamp(dir);
	struct registry_counts n;
	struct registry *new;
	struct fault f;

	if (e->registry_stamp == stamp)
		return;
	e->registry_stamp = stamp;
	if (registry_load(&new, dir, &f) != 0) {
		log_error("registry %s: %s", dir, f.text);
		if (f.code == FAULT_SYSTEM)
			e->registry_stamp = REGISTRY_UNSEEN;
		return;
	}
	registry_counts(new, &n);
	if (!is_plausible(e->registry, new)) {
		log_error("registry %s: it shrank to %zu maintainers and %zu "
			  "AS numbers; the old one stays in force",
		    dir, n.mntners, n.aut_nums);
		registry_free(new);
		return;
	}
	registry_free(e->registry);
	e->registry = new;
	log_info("registry: %zu maintainers, %zu AS numbers, %zu keys, "
		 "%zu skipped",
	    n.mntners, n.aut_nums, n.keys, n.skipped);
}

static int
quarantine_add(struct engine *e, uint32_t asn, const struct fault *why)
{
	struct wire_state *s, *grown;

	grown = reallocarray(e->quarantine, e->n_quarantine + 1, sizeof(*s));
	if (grown == NULL)
		return FAULT_SYSTEM;
	e->quarantine = grown;
	s = &grown[e->n_quarantine++];
	memset(s, 0, sizeof(*s));
	plan_peering_ifname(s->part, asn);
	s->progress = WIRE_REFUSED;
	s->since = clock_now_ms();
	strlcpy(s->reason, why->text, sizeof(s->reason));
	return 0;
}

/* The peerings that keep the rules, in good[0..*n). */
static int
sort_out(struct engine *e, struct peering *good, size_t *n)
{
	struct fault why;

	e->n_quarantine = 0;
	*n = 0;
	for (size_t i = 0; i < e->n_peerings; i++) {
		const struct peering *p = &e->peerings[i];

		if (peering_check(
			p, &e->rules, e->peerings, e->n_peerings, &why) == 0)
			good[(*n)++] = *p;
		else if (quarantine_add(e, p->asn, &why) != 0)
			return FAULT_SYSTEM;
	}
	return 0;
}

int
engine_replan(struct engine *e, struct fault *f)
{
	struct peering *list = NULL, *good = NULL;
	struct plan *plan = NULL;
	size_t n, n_good;
	int rc;

	rc = store_list(e->store, &list, &n, f);
	if (rc != 0)
		return rc;
	free(e->peerings);
	e->peerings = list;
	e->n_peerings = n;
	rc = fault_set(f, FAULT_SYSTEM, NULL, "the plan could not be made");
	good = calloc(n + 1, sizeof(*good));
	if (good == NULL || sort_out(e, good, &n_good) != 0)
		goto out;
	if (plan_derive(&plan, &e->rules, good, n_good) != 0)
		goto out;
	if (agentlink_plan(e->agent, plan) == 0)
		goto out;
	rc = 0;
out:
	plan_free(plan);
	free(good);
	return rc;
}

const struct peering *
engine_peering(const struct engine *e, uint32_t asn)
{
	for (size_t i = 0; i < e->n_peerings; i++)
		if (e->peerings[i].asn == asn)
			return &e->peerings[i];
	return NULL;
}

const struct wire_state *
engine_progress(const struct engine *e, uint32_t asn)
{
	char part[PLAN_IFNAME_MAX];

	plan_peering_ifname(part, asn);
	for (size_t i = 0; i < e->n_quarantine; i++)
		if (strcmp(e->quarantine[i].part, part) == 0)
			return &e->quarantine[i];
	return agentlink_state(e->agent, part);
}
