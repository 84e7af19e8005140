#include "agent/tunnels.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/sysctl.h"
#include "agent/tunnel_job.h"

int
tunnels_open(struct tunnels **out, const struct wgkey *private_key)
{
	struct tunnels *t = calloc(1, sizeof(*t));
	int rc = -ENOMEM;

	if (t == NULL)
		return rc;
	t->private_key = *private_key;
	rc = nl_open(&t->nl, NETLINK_ROUTE);
	if (rc == 0)
		rc = wg_user_open(&t->user);
	if (rc != 0)
		goto out;
	*out = t;
	t = NULL;
out:
	tunnels_close(t);
	return rc;
}

void
tunnels_close(struct tunnels *t)
{
	if (t == NULL)
		return;
	wg_user_close(t->user);
	wg_kernel_close(t->kernel);
	nl_close(t->nl);
	free(t->indexes);
	wgkey_wipe(&t->private_key);
	free(t);
}

unsigned
tunnels_changes(const struct tunnels *t)
{
	return t->changes;
}

int
tunnel_changed(struct tunnels *t, int rc)
{
	t->changes++;
	return rc;
}

void
tunnel_fail_errno(struct job *j, const char *what, int rc)
{
	switch (rc) {
	case -EADDRINUSE:
		result_fail(j->result, WIRE_REFUSED,
		    "UDP port %u is in use on this router",
		    (unsigned)j->want->listen_port);
		break;
	case -ETIMEDOUT:
	case -ECONNREFUSED:
	case -ENOENT: /* its socket is gone */
	case -ECONNRESET:
		result_fail(j->result, WIRE_WAITING,
		    "wireguard-go does not answer for %s", j->want->ifname);
		break;
	case -ENODEV: /* it went away under our hands */
	case -ENOMEM:
	case -ENOBUFS:
		result_fail(
		    j->result, WIRE_WAITING, "%s: %s", what, strerror(-rc));
		break;
	default:
		result_fail(
		    j->result, WIRE_REFUSED, "%s: %s", what, strerror(-rc));
	}
}

int
tunnel_open_kernel(struct tunnels *t)
{
	return t->kernel != NULL ? 0 : wg_kernel_open(&t->kernel);
}

static int
read_kernel(struct tunnels *t, uint32_t index, struct wg_device *out)
{
	int rc = tunnel_open_kernel(t);

	return rc != 0 ? rc : wg_kernel_read(t->kernel, index, out);
}

static int
read_devices(struct tunnels_run *r)
{
	struct wg_user_ask *asks = calloc(r->n + 1, sizeof(*asks));
	struct job **of = calloc(r->n + 1, sizeof(*of));
	size_t n = 0;
	int rc = -ENOMEM;

	if (asks == NULL || of == NULL)
		goto out;
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];

		if (j->link.index == 0 || j->is_stray || j->is_settled ||
		    j->is_read)
			continue;
		if (j->is_kernel) {
			rc = read_kernel(r->t, j->link.index, &j->have);
			if (rc != 0)
				tunnel_fail_errno(j, "reading WireGuard", rc);
			j->is_read = rc == 0;
			continue;
		}
		of[n] = j;
		asks[n].ifname = j->want->ifname;
		asks[n++].device = &j->have;
	}
	if (n > 0)
		wg_user_read(r->t->user, asks, n);
	for (size_t i = 0; i < n; i++) {
		of[i]->is_read = asks[i].rc == 0;
		if (asks[i].rc != 0)
			tunnel_fail_errno(
			    of[i], "reading WireGuard", asks[i].rc);
	}
	rc = 0;
out:
	free(asks);
	free(of);
	return rc;
}

static int
remember_indexes(struct tunnels_run *r)
{
	struct tunnels *t = r->t;
	const struct link *lo = link_by_name(&r->links, "lo");
	uint32_t *more;

	more = reallocarray(t->indexes, r->n + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	t->indexes = more;
	t->n_indexes = 0;
	if (lo != NULL)
		t->indexes[t->n_indexes++] = lo->index;
	for (size_t i = 0; i < r->n; i++)
		if (r->jobs[i].link.index != 0 && !r->jobs[i].is_stray)
			t->indexes[t->n_indexes++] = r->jobs[i].link.index;
	return 0;
}

/* Nothing to be asked: the same plan, right before, and its link is there. */
static bool
is_settled(const struct tunnels_run *r, const struct job *j)
{
	const struct tunnels_args *a = r->args;
	const struct plan_tunnel *was;

	if (a->before == NULL || j->is_stray || !j->link.up)
		return false;
	was = plan_tunnel_find(a->before, j->want->ifname);
	return was != NULL && plan_tunnel_cmp(was, j->want) == 0 &&
	       memcmp(plan_rules(a->before, was), plan_rules(a->plan, j->want),
		   sizeof(struct endpoint_rules)) == 0 &&
	       a->before_results->tunnels[was - a->before->tunnels].reason[0] ==
		   '\0';
}

static void
begin_jobs(struct tunnels_run *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];
		const struct link *l;

		j->want = &r->args->plan->tunnels[i];
		j->result = &r->args->results->tunnels[i];
		*j->result = (struct result){ WIRE_APPLIED, "" };
		l = link_by_name(&r->links, j->want->ifname);
		if (l == NULL)
			continue;
		j->link = *l;
		j->is_kernel = strcmp(l->kind, "wireguard") == 0;
		j->is_stray = !tunnel_is_ours(l);
		j->is_settled = is_settled(r, j);
	}
}

static void
run_free(struct tunnels_run *r)
{
	if (r->jobs != NULL)
		explicit_bzero(r->jobs, (r->n + 1) * sizeof(*r->jobs));
	free(r->jobs);
	free(r->starts);
	free(r->starting);
	link_table_release(&r->links);
	free(r);
}

int
tunnels_begin(struct tunnels_run **out, struct tunnels *t,
    const struct tunnels_args *args)
{
	struct tunnels_run *r = calloc(1, sizeof(*r));
	int rc = -ENOMEM;

	if (r == NULL)
		return rc;
	r->t = t;
	r->args = args;
	r->n = args->plan->n_tunnels;
	r->jobs = calloc(r->n + 1, sizeof(*r->jobs));
	if (r->jobs == NULL)
		goto out;
	rc = link_table_read(&r->links, t->nl);
	if (rc != 0)
		goto out;
	sysctl_apply(
	    &r->links, tunnel_is_ours, &t->changes, &args->results->sysctl);
	begin_jobs(r);
	tunnel_delete_unplanned(r);
	rc = tunnel_make_links(r);
	if (rc != 0)
		goto out;
	*out = r;
	r = NULL;
out:
	if (r != NULL)
		run_free(r);
	return rc;
}

int
tunnels_finish(struct tunnels_run *r)
{
	int rc;

	tunnel_wait_links(r);
	rc = read_devices(r);
	if (rc != 0)
		goto out;
	for (size_t i = 0; i < r->n; i++)
		tunnel_apply(r, &r->jobs[i]);
	/* A new wireguard-go has any port until it is told, perhaps this one.
	 */
	for (size_t i = 0; i < r->n; i++)
		if (r->jobs[i].lacks_port)
			tunnel_apply(r, &r->jobs[i]);
	tunnel_apply_loopbacks(r);
	rc = remember_indexes(r);
out:
	run_free(r);
	return rc;
}

int
tunnels_links(struct tunnels *t, struct link_table *out)
{
	return link_table_read(out, t->nl);
}

bool
tunnels_has(const struct tunnels *t, uint32_t index)
{
	for (size_t i = 0; i < t->n_indexes; i++)
		if (t->indexes[i] == index)
			return true;
	return false;
}
