#include <inttypes.h>
#include <bsd/string.h>

#include "base/clock.h"
#include "engine/agentlink.h"
#include "engine/args.h"
#include "engine/ownership.h"
#include "engine/request.h"

#define RESOLVE_SECONDS 12 /* the agent's resolver gives up before that */
#define APPLY_SECONDS	5

/* The plan with this change was converged, or took too long. */
static void
on_applied(struct engine *e, struct conn *c, const void *serial)
{
	uint32_t asn = conn_pending(c)->peering.asn;
	const struct peering *p = engine_peering(e, asn);
	const struct wire_state *s = engine_progress(e, asn);
	double seconds = (double)(clock_mono_us() - conn_started(c)) / 1e6;
	bool done = serial != NULL &&
		    (p == NULL || (s != NULL && s->progress == WIRE_APPLIED));

	conn_reply(c, json_pack("{s:o*,s:o}", "peering",
			  p != NULL ? request_peering_json(e, p) : NULL,
			  "seconds", done ? json_real(seconds) : json_null()));
}

/* The store has the change: make the POP equal to it, then answer. */
static void
apply_change(struct engine *e, struct conn *c, uint32_t asn)
{
	struct pending *wait;
	struct fault f;

	if (engine_replan(e, false, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	wait = conn_wait(c, APPLY_SECONDS, on_applied);
	wait->serial = agentlink_serial(e->agent);
	wait->peering.asn = asn;
}

/*
 * Checks the draft against what is stored now, and stores it. The world may
 * have changed while a name was looked up, so this is the only check that
 * counts.
 */
static int
commit_draft(struct engine *e, const struct identity *who, struct peering *p,
    struct fault *f)
{
	const struct peering *old = engine_peering(e, p->asn);
	bool create = p->id == 0;
	struct store_event event;
	int rc = request_stands(e, who, f);

	if (rc != 0)
		return rc;
	if (!request_owns(e, who, p->asn))
		return fault_set(f, FAULT_DENIED, "asn",
		    "AS%" PRIu32 " is not maintained by %s", p->asn,
		    who->mntner);
	if (create && old != NULL)
		return fault_set(f, FAULT_TAKEN, "asn",
		    "AS%" PRIu32 " has a peering here: change it with "
		    "peer_edit",
		    p->asn);
	if (!create && old == NULL)
		return fault_set(f, FAULT_NOT_FOUND, "asn",
		    "the peering of AS%" PRIu32 " is gone", p->asn);
	if (!create && old->changed != p->changed)
		return fault_set(f, FAULT_TAKEN, "asn",
		    "the peering of AS%" PRIu32 " was changed meanwhile: look "
		    "at it, and try again",
		    p->asn);
	rc = peering_check(p, &e->rules, e->peerings, e->n_peerings, f);
	if (rc == 0 && create)
		rc = peering_allocate(
		    p, &e->rules, e->peerings, e->n_peerings, f);
	if (rc != 0)
		return rc;
	ownership_settle(e, p, old);
	p->changed = clock_now_ms() / 1000;
	request_event(
	    &event, who, create ? "peer_create" : "peer_edit", p->asn);
	request_describe(&event, p);
	if (!create)
		return store_update(e->store, p, &event, f);
	p->created = p->changed;
	return store_insert(e->store, p, &event, f);
}

static void
finish_draft(struct engine *e, struct conn *c, struct peering *p)
{
	struct fault f;

	if (commit_draft(e, conn_identity(c), p, &f) != 0)
		conn_fault(c, &f);
	else
		apply_change(e, c, p->asn);
}

static void
on_resolved(struct engine *e, struct conn *c, const void *answer)
{
	const struct wire_resolution *r = answer;
	struct peering draft = conn_pending(c)->peering;
	struct fault f;

	if (r == NULL) {
		fault_set(&f, FAULT_AWAY, "endpoint",
		    "it could not be looked up in time; try again");
		conn_fault(c, &f);
	} else if (r->fault.code != 0) {
		conn_fault(c, &r->fault);
	} else {
		finish_draft(e, c, &draft);
	}
	wgkey_wipe(&draft.psk);
}

/*
 * The agent must agree before the change is accepted: it knows where a name
 * leads, and which addresses are this machine's own.
 */
static void
submit_draft(struct engine *e, struct conn *c, struct peering *p)
{
	struct pending *wait;
	struct fault f;

	if (peering_check(p, &e->rules, e->peerings, e->n_peerings, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	if (p->host[0] == '\0') {
		finish_draft(e, c, p);
		return;
	}
	wait = conn_wait(c, RESOLVE_SECONDS, on_resolved);
	wait->token = conn_token(e);
	wait->peering = *p;
	agentlink_resolve(e->agent, wait->token, p->host);
}

/* The AS number of a visitor who has just one need not be named. */
static int
default_asn(const struct engine *e, const struct identity *who,
    struct peering *p, struct fault *f)
{
	const uint32_t *asns = NULL;
	size_t n = 0;

	if (p->asn != 0)
		return 0;
	if (who->kind == CONN_VISITOR && e->registry != NULL)
		asns = registry_asns(e->registry, who->mntner, &n);
	if (asns == NULL || n != 1)
		return fault_set(f, FAULT_INVALID, "asn",
		    "name the AS number that is to peer");
	p->asn = asns[0];
	return 0;
}

void
op_peer_create(struct engine *e, struct conn *c, json_t *args)
{
	const struct identity *who = conn_identity(c);
	struct peering p = { .mtu = PEERING_MTU_DEFAULT };
	struct fault f;

	strlcpy(p.mntner,
	    who->kind == CONN_OPERATOR ? OWNERSHIP_OPERATOR : who->mntner,
	    sizeof(p.mntner));
	if (args_apply(&p, args, &f) != 0 || default_asn(e, who, &p, &f) != 0) {
		conn_fault(c, &f);
	} else if (!request_owns(e, who, p.asn)) {
		fault_set(&f, FAULT_DENIED, "asn",
		    "AS%" PRIu32 " is not maintained by %s", p.asn,
		    who->mntner);
		conn_fault(c, &f);
	} else if (engine_peering(e, p.asn) != NULL) {
		fault_set(&f, FAULT_TAKEN, "asn",
		    "AS%" PRIu32 " has a peering "
		    "here: change it with peer_edit",
		    p.asn);
		conn_fault(c, &f);
	} else {
		submit_draft(e, c, &p);
	}
	wgkey_wipe(&p.psk);
}

/*
 * Who gives the key has the tunnel, so the peering is his. One that came with
 * its AS from another maintainer is changed only so, and what that one knows
 * of it, a preshared key, is no secret any more.
 */
static int
take_over(const struct engine *e, const struct identity *who, struct peering *p,
    json_t *args, struct fault *f)
{
	bool keyed = json_object_get(args, "key") != NULL;
	int rc = request_not_moved(e, who, p, f);

	if (rc != 0 && !keyed)
		return rc;
	if (rc != 0 && p->has_psk && wgkey_generate_psk(&p->psk) != 0)
		return fault_set(f, FAULT_SYSTEM, NULL, "no random numbers");
	if (who->kind == CONN_VISITOR && keyed)
		strlcpy(p->mntner, who->mntner, sizeof(p->mntner));
	return 0;
}

void
op_peer_edit(struct engine *e, struct conn *c, json_t *args)
{
	const struct peering *old;
	struct peering p;
	struct fault f;

	old = request_peering(e, conn_identity(c), args, &f);
	if (old == NULL) {
		conn_fault(c, &f);
		return;
	}
	p = *old;
	if (take_over(e, conn_identity(c), &p, args, &f) != 0 ||
	    args_apply(&p, args, &f) != 0)
		conn_fault(c, &f);
	else
		submit_draft(e, c, &p);
	wgkey_wipe(&p.psk);
}

void
op_peer_remove(struct engine *e, struct conn *c, json_t *args)
{
	const struct identity *who = conn_identity(c);
	const struct peering *p;
	struct store_event event;
	struct fault f;
	uint32_t asn;

	p = request_peering(e, who, args, &f);
	if (p == NULL) {
		conn_fault(c, &f);
		return;
	}
	asn = p->asn;
	request_event(&event, who, "peer_remove", asn);
	request_describe(&event, p);
	if (store_remove(e->store, asn, &event, &f) != 0)
		conn_fault(c, &f);
	else
		apply_change(e, c, asn);
}
