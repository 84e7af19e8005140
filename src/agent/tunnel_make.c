#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/link_change.h"
#include "agent/target.h"
#include "agent/tunnel_job.h"
#include "base/log.h"

/*
 * A link of the kernel's bears its mark from its first moment. That of a
 * wireguard-go is marked once it is there; until then its socket tells whose
 * it is, as no one else runs as our user.
 */
bool
tunnel_is_ours(const struct link *l)
{
	return link_is_marked(l) ||
	       (l->alias[0] == '\0' && strcmp(l->kind, "tun") == 0 &&
		   wg_user_owns(l->name));
}

/* What has our mark and is not in the plan goes; nothing else does. */
void
tunnel_delete_unplanned(struct tunnels_run *r)
{
	for (size_t i = 0; i < r->links.n_links; i++) {
		const struct link *l = &r->links.links[i];
		int rc;

		if (!tunnel_is_ours(l) ||
		    plan_tunnel_find(r->args->plan, l->name) != NULL)
			continue;
		rc = tunnel_changed(r->t, link_delete(r->t->nl, l->index));
		if (rc != 0 && rc != -ENODEV) {
			log_warn("%s: deleting: %s", l->name, strerror(-rc));
			continue;
		}
		log_info("%s: deleted", l->name);
		if (strcmp(l->kind, "wireguard") != 0)
			wg_user_forget(r->t->user, l->name);
	}
}

int
tunnels_count(struct tunnels *t, const struct plan *plan,
    struct tunnels_count *peerings, struct tunnels_count *links)
{
	struct link_table table;
	int rc = link_table_read(&table, t->nl);

	if (rc != 0)
		return rc;
	*peerings = *links = (struct tunnels_count){ 0 };
	for (size_t i = 0; i < table.n_links; i++) {
		const struct link *l = &table.links[i];
		struct tunnels_count *of = peerings;

		if (!tunnel_is_ours(l))
			continue;
		if (strncmp(l->name, "wg-int-", strlen("wg-int-")) == 0)
			of = links;
		of->had++;
		of->gone += plan_tunnel_find(plan, l->name) == NULL;
	}
	link_table_release(&table);
	return 0;
}

/* The link was just made. */
static void
made(struct tunnels_run *r, struct job *j, bool is_kernel)
{
	int rc = link_read(&j->link, r->t->nl, j->want->ifname);

	if (rc != 0) {
		tunnel_fail_errno(j, "finding the new interface", rc);
		return;
	}
	j->is_kernel = is_kernel;
	j->is_read = true; /* it has nothing yet */
	log_info("%s: made%s", j->want->ifname,
	    is_kernel ? "" : ", with wireguard-go");
}

/* True if the kernel made the link, or has told why it does not. */
static bool
make_in_kernel(struct tunnels_run *r, struct job *j)
{
	char alias[LINK_ALIAS_MAX];
	int rc;

	if (r->t->no_kernel)
		return false;
	target_mark(alias, j->want);
	rc = tunnel_changed(
	    r->t, link_create(r->t->nl, j->want->ifname, alias, j->want->mtu));
	if (rc == -EOPNOTSUPP) {
		r->t->no_kernel = true;
		return false;
	}
	if (rc != 0)
		tunnel_fail_errno(j, "making the interface", rc);
	else
		made(r, j, true);
	return true;
}

static void
made_by_user(struct tunnels_run *r, struct job *j, int rc)
{
	r->t->changes++;
	if (rc == -ENOENT)
		result_fail(j->result, WIRE_WAITING,
		    "this kernel has no WireGuard, and there is no "
		    "wireguard-go: install one of them");
	else if (rc == -ECHILD)
		result_fail(j->result, WIRE_WAITING,
		    "wireguard-go ended at once: may it open /dev/net/tun, "
		    "write to /run/wireguard, and is "
		    "fs.inotify.max_user_instances large enough?");
	else if (rc != 0)
		tunnel_fail_errno(j, "starting wireguard-go", rc);
	else
		made(r, j, false);
}

int
tunnel_make_links(struct tunnels_run *r)
{
	r->starts = calloc(r->n + 1, sizeof(*r->starts));
	r->starting = calloc(r->n + 1, sizeof(*r->starting));
	if (r->starts == NULL || r->starting == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];

		if (j->link.index != 0 || make_in_kernel(r, j))
			continue;
		r->starting[r->n_starts] = j;
		r->starts[r->n_starts++].ifname = j->want->ifname;
	}
	if (r->n_starts > 0)
		wg_user_start(r->t->user, r->starts, r->n_starts);
	return 0;
}

void
tunnel_wait_links(struct tunnels_run *r)
{
	if (r->n_starts > 0)
		wg_user_wait(r->t->user, r->starts, r->n_starts);
	for (size_t i = 0; i < r->n_starts; i++)
		made_by_user(r, r->starting[i], r->starts[i].rc);
}
