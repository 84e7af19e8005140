#include "agent/tunnels.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/link_change.h"
#include "agent/target.h"
#include "agent/wg_kernel.h"
#include "agent/wg_user.h"
#include "base/log.h"

#define SILENT_SECONDS 300 /* since the last handshake */

struct tunnels {
	struct wgkey private_key;
	struct nl *nl;
	struct wg_kernel *kernel; /* NULL until there is a link of its kind */
	struct wg_user *user;
	bool no_kernel; /* it said that it has no WireGuard */
	unsigned changes;
	uint32_t *indexes; /* of our links, and of `lo` */
	size_t n_indexes;
};

/* One tunnel on its way. */
struct job {
	const struct plan_tunnel *want;
	struct tunnel_result *result;
	struct link link; /* as it is now; index 0: there is none */
	bool is_kernel;
	bool is_stray; /* has our name, not our mark */
	bool is_read; /* `have` is what the device has */
	struct wg_device have;
};

/* All of them, and what they share. */
struct run {
	struct tunnels *t;
	const struct plan *plan;
	struct names *names;
	bool periodic;
	struct link_table links;
	struct job *jobs;
	size_t n;
};

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

/* One more thing was written. Passes the result of writing it on. */
static int
changed(struct tunnels *t, int rc)
{
	t->changes++;
	return rc;
}

/* The first thing that goes wrong with a tunnel is what is told of it. */
static void fail(struct job *j, enum wire_progress progress, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
fail(struct job *j, enum wire_progress progress, const char *fmt, ...)
{
	va_list ap;

	if (j->result->reason[0] != '\0')
		return;
	j->result->progress = progress;
	va_start(ap, fmt);
	vsnprintf(j->result->reason, sizeof(j->result->reason), fmt, ap);
	va_end(ap);
}

static void
fail_errno(struct job *j, const char *what, int rc)
{
	switch (rc) {
	case -EADDRINUSE:
		fail(j, WIRE_REFUSED, "UDP port %u is in use on this router",
		    (unsigned)j->want->listen_port);
		break;
	case -ETIMEDOUT:
	case -ECONNREFUSED:
	case -ECONNRESET:
		fail(j, WIRE_WAITING, "wireguard-go does not answer for %s",
		    j->want->ifname);
		break;
	case -ENODEV: /* it went away under our hands */
	case -ENOMEM:
	case -ENOBUFS:
		fail(j, WIRE_WAITING, "%s: %s", what, strerror(-rc));
		break;
	default:
		fail(j, WIRE_REFUSED, "%s: %s", what, strerror(-rc));
	}
}

static const struct plan_tunnel *
planned(const struct plan *plan, const char *ifname)
{
	size_t lo = 0, hi = plan->n_tunnels;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(plan->tunnels[mid].ifname, ifname);

		if (c == 0)
			return &plan->tunnels[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* What has our mark and is not in the plan goes; nothing else does. */
static void
delete_unplanned(struct run *r)
{
	for (size_t i = 0; i < r->links.n_links; i++) {
		const struct link *l = &r->links.links[i];
		int rc;

		if (!link_is_marked(l) || planned(r->plan, l->name) != NULL)
			continue;
		rc = changed(r->t, link_delete(r->t->nl, l->index));
		if (rc != 0 && rc != -ENODEV) {
			log_warn("%s: deleting: %s", l->name, strerror(-rc));
			continue;
		}
		log_info("%s: deleted", l->name);
		if (strcmp(l->kind, "wireguard") != 0)
			wg_user_forget(r->t->user, l->name);
	}
}

/* The link was just made, with its alias or (userspace) without. */
static void
made(struct run *r, struct job *j, bool is_kernel, const char *alias)
{
	int index = link_index(r->t->nl, j->want->ifname);

	if (index <= 0) {
		fail_errno(j, "finding the new interface", index);
		return;
	}
	j->link = (struct link){ .index = (uint32_t)index,
		.makes_address = !is_kernel };
	strlcpy(j->link.name, j->want->ifname, sizeof(j->link.name));
	strlcpy(j->link.alias, alias, sizeof(j->link.alias));
	j->link.mtu = is_kernel ? j->want->mtu : 0;
	j->is_kernel = is_kernel;
	log_info("%s: made%s", j->want->ifname,
	    is_kernel ? "" : ", with wireguard-go");
}

/* True if the kernel made the link, or has told why it does not. */
static bool
make_in_kernel(struct run *r, struct job *j)
{
	char alias[LINK_ALIAS_MAX];
	int rc;

	if (r->t->no_kernel)
		return false;
	snprintf(alias, sizeof(alias), LINK_MARK "AS%u", j->want->asn);
	rc = changed(
	    r->t, link_create(r->t->nl, j->want->ifname, alias, j->want->mtu));
	if (rc == -EOPNOTSUPP) {
		r->t->no_kernel = true;
		return false;
	}
	if (rc != 0)
		fail_errno(j, "making the interface", rc);
	else
		made(r, j, true, alias);
	return true;
}

static void
made_by_user(struct run *r, struct job *j, int rc)
{
	r->t->changes++;
	if (rc == -ENOENT)
		fail(j, WIRE_WAITING,
		    "this kernel has no WireGuard, and there is no "
		    "wireguard-go: install one of them");
	else if (rc == -ECHILD)
		fail(j, WIRE_WAITING,
		    "wireguard-go ended at once: may it open /dev/net/tun, and "
		    "write to /run/wireguard?");
	else if (rc != 0)
		fail_errno(j, "starting wireguard-go", rc);
	else
		made(r, j, false, "");
}

static int
make_links(struct run *r)
{
	struct wg_user_start *starts = calloc(r->n + 1, sizeof(*starts));
	struct job **of = calloc(r->n + 1, sizeof(*of));
	size_t n = 0;
	int rc = -ENOMEM;

	if (starts == NULL || of == NULL)
		goto out;
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];

		if (j->link.index != 0 || make_in_kernel(r, j))
			continue;
		of[n] = j;
		starts[n++].ifname = j->want->ifname;
	}
	if (n > 0)
		wg_user_start(r->t->user, starts, n);
	for (size_t i = 0; i < n; i++)
		made_by_user(r, of[i], starts[i].rc);
	rc = 0;
out:
	free(starts);
	free(of);
	return rc;
}

static int
read_kernel(struct tunnels *t, uint32_t index, struct wg_device *out)
{
	int rc = 0;

	if (t->kernel == NULL)
		rc = wg_kernel_open(&t->kernel);
	return rc != 0 ? rc : wg_kernel_read(t->kernel, index, out);
}

static int
read_devices(struct run *r)
{
	struct wg_user_ask *asks = calloc(r->n + 1, sizeof(*asks));
	struct job **of = calloc(r->n + 1, sizeof(*of));
	size_t n = 0;
	int rc = -ENOMEM;

	if (asks == NULL || of == NULL)
		goto out;
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];

		if (j->link.index == 0)
			continue;
		if (j->is_kernel) {
			rc = read_kernel(r->t, j->link.index, &j->have);
			if (rc != 0)
				fail_errno(j, "reading WireGuard", rc);
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
		if (asks[i].rc != 0 && !of[i]->is_stray)
			fail_errno(of[i], "reading WireGuard", asks[i].rc);
	}
	rc = 0;
out:
	free(asks);
	free(of);
	return rc;
}

/*
 * An interface with our name and without our mark is somebody's. Only one: a
 * wireguard-go that nobody has configured is what we leave if we are killed
 * between starting it and marking its link.
 */
static bool
may_adopt(const struct run *r, const struct job *j)
{
	size_t n;

	link_addrs(&r->links, j->link.index, &n);
	return j->is_read && j->link.alias[0] == '\0' && n == 0 &&
	       strcmp(j->link.kind, "tun") == 0 && !j->link.up &&
	       wgkey_is_zero(&j->have.private_key) && j->have.n_peers == 0;
}

static void
want_device(struct wg_device *out, const struct run *r, const struct job *j,
    const struct target *target)
{
	struct wg_peer *p = &out->peers[0];

	memset(out, 0, sizeof(*out));
	out->private_key = r->t->private_key;
	out->listen_port = j->want->listen_port;
	out->n_peers = 1;
	p->key = j->want->key;
	if (j->want->has_psk)
		p->psk = j->want->psk;
	p->endpoint = target->ip;
	p->port = target->port;
	p->keepalive = j->want->keepalive;
	p->n_allowed = j->want->n_allowed;
	memcpy(
	    p->allowed, j->want->allowed, p->n_allowed * sizeof(*p->allowed));
}

static bool
is_silent(const struct job *j)
{
	const struct wg_peer *p = wg_peer(&j->have, &j->want->key);

	return p == NULL || time(NULL) - p->handshake > SILENT_SECONDS;
}

static int
apply_device(struct run *r, struct job *j, const struct target *target)
{
	struct wg_device want;
	struct wg_change c;
	bool set_endpoint;
	int rc = 0;

	/* One that is silent may have roamed to where nobody is. */
	set_endpoint =
	    strcmp(j->link.alias, target->alias) != 0 || is_silent(j);
	want_device(&want, r, j, target);
	if (wg_diff(&c, &want, &j->have, set_endpoint)) {
		rc = changed(
		    r->t, j->is_kernel
			      ? wg_kernel_set(r->t->kernel, j->link.index, &c)
			      : wg_user_set(r->t->user, j->want->ifname, &c));
		log_info("%s: WireGuard configured", j->want->ifname);
	}
	wg_device_wipe(&want);
	explicit_bzero(&c, sizeof(c));
	return rc;
}

static int
apply_link(struct run *r, struct job *j, const struct target *target)
{
	unsigned what = 0;

	if (strcmp(j->link.alias, target->alias) != 0)
		what |= LINK_SET_ALIAS;
	if (j->link.mtu != j->want->mtu)
		what |= LINK_SET_MTU;
	if (j->link.makes_address)
		what |= LINK_SET_NO_ADDRESS;
	if (!j->link.up)
		what |= LINK_SET_UP;
	if (what == 0)
		return 0;
	return changed(r->t, link_set(r->t->nl, j->link.index, what,
				 target->alias, j->want->mtu));
}

/*
 * Comes after the link is up: the kernel drops the route to the other side
 * when the link of an address comes up later.
 */
static int
apply_address(struct run *r, struct job *j)
{
	const struct link_addr want = { .index = j->link.index,
		.local = j->want->local,
		.peer = j->want->remote,
		.len = 128 };
	const struct link_addr *have;
	bool good = false;
	size_t n;

	have = link_addrs(&r->links, j->link.index, &n);
	for (size_t i = 0; i < n; i++) {
		int rc;

		if (j->link.up && have[i].len == want.len &&
		    ip_cmp(&have[i].local, &want.local) == 0 &&
		    ip_cmp(&have[i].peer, &want.peer) == 0 &&
		    link_has_route(&r->links, want.index, &want.peer)) {
			good = true;
			continue;
		}
		rc = changed(r->t, link_addr_delete(r->t->nl, &have[i]));
		if (rc != 0 && rc != -EADDRNOTAVAIL)
			return rc;
	}
	return good ? 0 : changed(r->t, link_addr_add(r->t->nl, &want));
}

static void
apply(struct run *r, struct job *j)
{
	struct target target;
	int rc;

	if (j->is_stray && !may_adopt(r, j)) {
		fail(j, WIRE_REFUSED,
		    "there is an interface %s that is not meetme's: rename or "
		    "delete it",
		    j->want->ifname);
		return;
	}
	if (!j->is_read)
		return;
	target_find(&target, j->want, &r->plan->endpoint, &r->links, r->names,
	    j->link.alias, r->periodic, is_silent(j));
	rc = apply_device(r, j, &target);
	if (rc != 0)
		fail_errno(j, "configuring WireGuard", rc);
	if (rc == 0 && (rc = apply_link(r, j, &target)) != 0)
		fail_errno(j, "configuring the interface", rc);
	if (rc == 0 && (rc = apply_address(r, j)) != 0)
		fail_errno(j, "setting the address", rc);
	if (target.fault.code != 0)
		fail(j, target.waits ? WIRE_WAITING : WIRE_REFUSED, "%s",
		    target.fault.text);
}

/* The addresses of ours on `lo`; those of others are not touched. */
static void
apply_loopbacks(struct run *r)
{
	const struct link *lo = link_by_name(&r->links, "lo");
	const struct ip *want[] = { &r->plan->loopback4, &r->plan->loopback6 };
	bool has[2] = { false, false };
	const struct link_addr *have;
	size_t n;
	int rc = 0;

	if (lo == NULL)
		return;
	have = link_addrs(&r->links, lo->index, &n);
	for (size_t i = 0; i < n; i++) {
		bool wanted = false;

		for (size_t k = 0; k < 2; k++)
			if (ip_cmp(&have[i].local, want[k]) == 0)
				has[k] = wanted = true;
		if (!wanted && have[i].proto == LINK_ADDR_PROTO)
			rc =
			    changed(r->t, link_addr_delete(r->t->nl, &have[i]));
	}
	for (size_t k = 0; k < 2; k++) {
		struct link_addr a = { .index = lo->index,
			.local = *want[k],
			.peer = *want[k],
			.len = (uint8_t)ip_bits(want[k]),
			.proto = LINK_ADDR_PROTO };

		if (want[k]->family != 0 && !has[k])
			rc = changed(r->t, link_addr_add(r->t->nl, &a));
	}
	if (rc != 0)
		log_warn("the addresses on lo: %s", strerror(-rc));
}

static int
remember_indexes(struct run *r)
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

static void
begin_jobs(struct run *r, struct tunnel_result *results)
{
	for (size_t i = 0; i < r->n; i++) {
		struct job *j = &r->jobs[i];
		const struct link *l;

		results[i] = (struct tunnel_result){ WIRE_APPLIED, "" };
		j->want = &r->plan->tunnels[i];
		j->result = &results[i];
		l = link_by_name(&r->links, j->want->ifname);
		if (l == NULL)
			continue;
		j->link = *l;
		j->is_kernel = strcmp(l->kind, "wireguard") == 0;
		j->is_stray = !link_is_marked(l);
	}
}

int
tunnels_converge(struct tunnels *t, const struct plan *plan,
    struct names *names, bool periodic, struct tunnel_result *results)
{
	struct run r = { .t = t,
		.plan = plan,
		.names = names,
		.periodic = periodic,
		.n = plan->n_tunnels };
	int rc;

	rc = link_table_read(&r.links, t->nl);
	if (rc != 0)
		return rc;
	rc = -ENOMEM;
	r.jobs = calloc(r.n + 1, sizeof(*r.jobs));
	if (r.jobs == NULL)
		goto out;
	begin_jobs(&r, results);
	delete_unplanned(&r);
	rc = make_links(&r);
	if (rc == 0)
		rc = read_devices(&r);
	if (rc != 0)
		goto out;
	for (size_t i = 0; i < r.n; i++)
		apply(&r, &r.jobs[i]);
	apply_loopbacks(&r);
	rc = remember_indexes(&r);
out:
	if (r.jobs != NULL)
		explicit_bzero(r.jobs, (r.n + 1) * sizeof(*r.jobs));
	free(r.jobs);
	link_table_release(&r.links);
	return rc;
}

int
tunnels_read(struct tunnels *t, const char *ifname, struct wg_device *out)
{
	struct wg_user_ask ask = { .ifname = ifname, .device = out };
	struct link_table links;
	const struct link *l;
	int rc;

	rc = link_table_read(&links, t->nl);
	if (rc != 0)
		return rc;
	l = link_by_name(&links, ifname);
	if (l == NULL || !link_is_marked(l)) {
		rc = -ENODEV;
	} else if (strcmp(l->kind, "wireguard") == 0) {
		rc = read_kernel(t, l->index, out);
	} else {
		wg_user_read(t->user, &ask, 1);
		rc = ask.rc;
	}
	link_table_release(&links);
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
