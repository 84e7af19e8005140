/* peer_import: peerings that another service made, with all that they have. */
#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/args.h"
#include "engine/ownership.h"
#include "engine/request.h"

/* The arguments into a draft that has no place here yet. */
static int
take_args(struct peering *p, bool *dry_run, json_t *args, struct fault *f)
{
	json_int_t id;
	json_t *any;
	json_error_t error;
	int dry = 0;

	if (json_unpack_ex(args, &error, 0, "{s:I,s:o,s:o,s?o,s?o,s?o,s?b!}",
		"id", &id, "asn", &any, "key", &any, "endpoint", &any, "port",
		&any, "link_local", &any, "dry_run", &dry) != 0)
		return fault_set(f, FAULT_INVALID, "args", "%s", error.text);
	if (id < 1 || id > PEERING_ID_MAX)
		return fault_set(
		    f, FAULT_INVALID, "id", "an id is 1 to %d", PEERING_ID_MAX);
	json_object_del(args, "id");
	json_object_del(args, "dry_run");
	p->id = (uint32_t)id;
	*dry_run = dry != 0;
	return args_apply(p, args, f);
}

/* Port and addresses that the peer has known until now. */
static int
keep_place(struct peering *p, const struct network *net, struct fault *f)
{
	struct peering given = { .id = p->id };
	struct ip theirs = peering_their_ip(&given, net);

	if (net->peering.ports != PORTS_BASE)
		return fault_set(f, FAULT_INVALID, "peering.ports",
		    "is \"asn\", but the peers call ports that count up from "
		    "a base: set it to that number, such as 52000, and reload");
	if (net->peering.port_base + p->id > UINT16_MAX)
		return fault_set(f, FAULT_INVALID, "id",
		    "peering.ports + %u is no port", p->id);
	p->listen_port = (uint16_t)(net->peering.port_base + p->id);
	if (ip_cmp(&p->link_local, &theirs) == 0)
		memset(&p->link_local, 0, sizeof(p->link_local));
	return 0;
}

/* What of `p` is not as the peering has it that is here; NULL: nothing. */
static const char *
differs(const struct peering *p, const struct peering *here)
{
	if (p->id != here->id)
		return "id";
	if (p->listen_port != here->listen_port)
		return "port on our side";
	if (!wgkey_equal(&p->key, &here->key))
		return "key";
	if (strcmp(p->host, here->host) != 0 || p->port != here->port)
		return "endpoint";
	if (ip_cmp(&p->link_local, &here->link_local) != 0)
		return "link-local address";
	return NULL;
}

/* May it be stored beside `all`? Sets its maintainer; *here: it is there. */
static int
judge(const struct engine *e, struct peering *p, const struct peering *all,
    size_t n, bool *here, struct fault *f)
{
	const struct peering *old = peering_find(all, n, p->asn);
	const char *what = old != NULL ? differs(p, old) : NULL, *owner;
	int rc;

	*here = old != NULL;
	if (what != NULL)
		return fault_set(f, FAULT_TAKEN, "asn",
		    "AS%u has a peering here with another %s", p->asn, what);
	if (old != NULL) {
		strlcpy(p->mntner, old->mntner, sizeof(p->mntner));
		return 0;
	}
	rc = peering_check(p, &e->rules, all, n, f);
	if (rc != 0)
		return rc;
	if (n >= PEERING_MAX)
		return fault_set(f, FAULT_LIMIT, NULL,
		    "this POP is full: it has %zu peerings", n);
	if (e->registry == NULL)
		return fault_set(f, FAULT_AWAY, NULL, "the registry is away");
	owner = registry_owner(e->registry, p->asn);
	if (owner == NULL)
		return fault_set(f, FAULT_NOT_FOUND, "asn",
		    "the registry has nobody who maintains AS%u", p->asn);
	strlcpy(p->mntner, owner, sizeof(p->mntner));
	return 0;
}

/* Keeps the draft, for the next dry runs of the connection to collide with. */
static int
pretend(struct dry_run *dry, const struct peering *p, struct fault *f)
{
	struct peering *grown;

	grown = reallocarray(dry->list, dry->n + 1, sizeof(*grown));
	if (grown == NULL)
		return fault_set(f, FAULT_SYSTEM, NULL, "no memory");
	dry->list = grown;
	grown[dry->n++] = *p;
	return 0;
}

static int
dry_run(const struct engine *e, struct conn *c, struct peering *p, bool *here,
    struct fault *f)
{
	struct dry_run *dry = conn_dry_run(c);
	bool first = dry->list == NULL;
	int rc;

	for (size_t i = 0; first && i < e->n_peerings; i++) {
		struct peering copy = e->peerings[i];

		copy.has_psk = false;
		wgkey_wipe(&copy.psk);
		if ((rc = pretend(dry, &copy, f)) != 0)
			return rc;
	}
	rc = judge(e, p, dry->list, dry->n, here, f);
	return rc == 0 && !*here ? pretend(dry, p, f) : rc;
}

static int
import(struct engine *e, const struct identity *who, struct peering *p,
    bool *here, struct fault *f)
{
	struct store_event event;
	int rc;

	rc = judge(e, p, e->peerings, e->n_peerings, here, f);
	if (rc != 0 || *here)
		return rc;
	ownership_settle(e, p, NULL);
	p->created = p->changed = clock_now_ms() / 1000;
	request_event(&event, who, "peer_import", p->asn);
	request_describe(&event, p);
	rc = store_insert(e->store, p, &event, f);
	if (rc != 0)
		return rc;
	engine_replan_soon(e);
	return engine_load_peerings(e, f);
}

void
op_peer_import(struct engine *e, struct conn *c, json_t *args)
{
	struct peering p = { .mtu = PEERING_MTU_DEFAULT };
	bool dry = false, here = false;
	struct fault f;
	int rc;

	rc = take_args(&p, &dry, args, &f);
	if (rc == 0)
		rc = keep_place(&p, e->net, &f);
	if (rc == 0 && dry)
		rc = dry_run(e, c, &p, &here, &f);
	else if (rc == 0)
		rc = import(e, conn_identity(c), &p, &here, &f);
	if (rc != 0)
		conn_fault(c, &f);
	else
		conn_reply(c, json_pack("{s:o,s:b}", "peering",
				  request_peering_json(e, &p), "here", here));
}
