/* plan: what a reload would change, before it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/files.h"
#include "engine/request.h"

/* Whom a file is about: "asn" or "pop", if anyone. */
static int
add_about(json_t *change, const struct plan *plan, const char *path)
{
	char ifname[PLAN_IFNAME_MAX];
	const struct plan_tunnel *t;
	unsigned asn = 0;

	if (sscanf(path, "wireguard/%15[^.].conf", ifname) == 1 &&
	    (t = plan_tunnel_find(plan, ifname)) != NULL) {
		if (t->pop != 0)
			return json_object_set_new(
			    change, "pop", json_string(t->pop_name));
		asn = t->asn;
	} else if (sscanf(path, "bird/peers/as%u.conf", &asn) != 1) {
		return 0;
	}
	return json_object_set_new(change, "asn", json_integer(asn));
}

static json_t *
text_of(const struct file *file)
{
	return file != NULL ? json_string(file->text) : json_null();
}

/* One of the files may be NULL; `plan` is the one that has the other. */
static int
add_change(json_t *list, const struct plan *plan, const char *path,
    const struct file *old, const struct file *new)
{
	json_t *change = json_pack("{s:s,s:o,s:o}", "path", path, "old",
	    text_of(old), "new", text_of(new));

	if (change == NULL || add_about(change, plan, path) != 0) {
		json_decref(change);
		return FAULT_SYSTEM;
	}
	return json_array_append_new(list, change) == 0 ? 0 : FAULT_SYSTEM;
}

/* Walks through both, which are sorted by path. */
static int
add_changes(json_t *list, const struct plan *plan, const struct files *old,
    const struct plan *next, const struct files *new)
{
	size_t i = 0, j = 0;
	int rc = 0;

	while (rc == 0 && (i < old->n || j < new->n)) {
		const struct file *a = i < old->n ? &old->list[i] : NULL;
		const struct file *b = j < new->n ? &new->list[j] : NULL;
		int c = a == NULL   ? 1
			: b == NULL ? -1
				    : strverscmp(a->path, b->path);

		i += c <= 0;
		j += c >= 0;
		if (c < 0)
			rc = add_change(list, plan, a->path, a, NULL);
		else if (c > 0)
			rc = add_change(list, next, b->path, NULL, b);
		else if (strcmp(a->text, b->text) != 0)
			rc = add_change(list, next, b->path, a, b);
	}
	return rc;
}

/* The peerings that a plan leaves out, and the one in force does not. */
static json_t *
refused_json(const struct engine *e, const struct quarantine *q)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_peerings; i++) {
		uint32_t asn = e->peerings[i].asn;
		const struct wire_state *s = quarantine_find(q, asn);

		if (s != NULL && quarantine_find(&e->quarantine, asn) == NULL)
			json_array_append_new(
			    list, json_pack("{s:I,s:s}", "asn", (json_int_t)asn,
				      "reason", s->reason));
	}
	return list;
}

/* From the plan in force (`all`: from nothing) to the one of `rules`. */
static void
answer(struct engine *e, struct conn *c, const struct peering_rules *rules,
    bool all)
{
	struct quarantine old_q = { 0 }, q = { 0 };
	struct plan *plan = NULL, *next = NULL;
	struct files old = { 0 }, new = { 0 };
	json_t *list = json_array();
	struct fault f;

	if (engine_plan(&plan, &old_q, e, &e->rules, &f) != 0 ||
	    engine_plan(&next, &q, e, rules, &f) != 0) {
		conn_fault(c, &f);
	} else if ((!all && files_of_plan(&old, plan) != 0) ||
		   files_of_plan(&new, next) != 0 ||
		   add_changes(list, plan, &old, next, &new) != 0) {
		fault_set(&f, FAULT_SYSTEM, NULL,
		    "the files of the plan could not be made");
		conn_fault(c, &f);
	} else {
		conn_reply(
		    c, json_pack("{s:s,s:O,s:o}", "pop", e->rules.pop->name,
			   "changes", list, "refused", refused_json(e, &q)));
	}
	json_decref(list);
	files_free(&old);
	files_free(&new);
	plan_free(plan);
	plan_free(next);
	quarantine_free(&old_q);
	quarantine_free(&q);
}

static void
answer_changes(struct engine *e, struct conn *c)
{
	struct network_problems *problems = calloc(1, sizeof(*problems));
	const struct network_pop *pop;
	struct peering_rules *rules = calloc(1, sizeof(*rules));
	struct network *net = NULL;
	struct fault f;

	if (problems == NULL || rules == NULL) {
		fault_set(&f, FAULT_SYSTEM, NULL, "no memory");
		conn_fault(c, &f);
	} else if (engine_read_network(e, &net, &pop, problems, &f) != 0) {
		request_bad_network(c, &f, problems);
	} else {
		peering_rules_init(rules, net, pop);
		answer(e, c, rules, false);
	}
	network_free(net);
	free(rules);
	free(problems);
}

void
op_plan(struct engine *e, struct conn *c, json_t *args)
{
	json_t *all = json_object_get(args, "all");
	struct fault f;

	if (all != NULL && !json_is_boolean(all)) {
		fault_set(&f, FAULT_INVALID, "all", "it is true or false");
		conn_fault(c, &f);
	} else if (json_is_true(all)) {
		answer(e, c, &e->rules, true);
	} else {
		answer_changes(e, c);
	}
}
