#include <bsd/string.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "agent/link_change.h"
#include "agent/sysctl.h"
#include "agent/target.h"
#include "agent/tunnel_job.h"
#include "base/log.h"

#define SILENT_SECONDS 300 /* since the last handshake */

static void
want_device(struct wg_device *out, const struct tunnels_run *r,
    const struct job *j, const struct target *target)
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
set_device(struct tunnels *t, const struct job *j, const struct wg_change *c)
{
	int rc;

	if (!j->is_kernel)
		return wg_user_set(t->user, j->want->ifname, c);
	rc = tunnel_open_kernel(t);
	return rc != 0 ? rc : wg_kernel_set(t->kernel, j->link.index, c);
}

static int
apply_device(struct tunnels_run *r, struct job *j, const struct target *target)
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
		rc = tunnel_changed(r->t, set_device(r->t, j, &c));
		if (rc == 0)
			log_info("%s: WireGuard set", j->want->ifname);
	}
	wg_device_wipe(&want);
	explicit_bzero(&c, sizeof(c));
	return rc;
}

/* Nobody at a tunnel's other end shall become our default route. */
static int
refuse_ra(struct tunnels_run *r, const struct job *j)
{
	if (!j->link.takes_ra)
		return 0;
	return tunnel_changed(r->t, sysctl_accept_ra(j->want->ifname, 0));
}

static unsigned
link_lacks(const struct job *j, const struct target *target)
{
	unsigned what = 0;

	if (strcmp(j->link.alias, target->alias) != 0)
		what |= LINK_SET_ALIAS;
	if (j->link.mtu != j->want->mtu)
		what |= LINK_SET_MTU;
	if (j->link.makes_address)
		what |= LINK_SET_NO_ADDRESS;
	if (j->link.rp_filter != 0)
		what |= LINK_SET_NO_FILTER;
	if (!j->link.up)
		what |= LINK_SET_UP;
	return what;
}

/* The addresses that a tunnel has, one of a family at most. */
static void
want_addrs(const struct job *j, struct link_addr want[2])
{
	const struct plan_tunnel *t = j->want;
	bool given = plan_tunnel_is_given(t); /* in a subnet, without a peer */

	want[0] = (struct link_addr){ .index = j->link.index,
		.local = t->local,
		.peer = t->remote,
		.len = 128 };
	want[1] = (struct link_addr){ .index = j->link.index,
		.local = t->local4,
		.peer = given ? t->local4 : t->remote4,
		.len = given ? t->len4 : 32 };
}

/* An address whose route to the other side is gone is as good as none. */
static bool
addr_is(const struct tunnels_run *r, const struct link_addr *have,
    const struct link_addr *want)
{
	return have->len == want->len &&
	       ip_cmp(&have->local, &want->local) == 0 &&
	       ip_cmp(&have->peer, &want->peer) == 0 &&
	       (ip_cmp(&want->peer, &want->local) == 0 ||
		   link_has_route(&r->links, want->index, &want->peer));
}

/* Deletes what else there is; `has` says which of the two stay. */
static int
keep_addrs(struct tunnels_run *r, struct job *j, const struct link_addr want[2],
    bool has[2])
{
	const struct link_addr *have;
	size_t n;

	have = link_addrs(&r->links, j->link.index, &n);
	for (size_t i = 0; i < n; i++) {
		bool good = false;
		int rc;

		for (size_t k = 0; k < 2; k++)
			if (j->link.up && addr_is(r, &have[i], &want[k]))
				has[k] = good = true;
		if (good)
			continue;
		rc = tunnel_changed(r->t, link_addr_delete(r->t->nl, &have[i]));
		if (rc != 0 && rc != -EADDRNOTAVAIL)
			return rc;
	}
	return 0;
}

/*
 * Addresses come after the link is up: the kernel drops the route to the
 * other side when the link of an address comes up later. All in one call:
 * every wireguard-go wakes up at each.
 */
static int
apply_link(struct tunnels_run *r, struct job *j, const struct target *target)
{
	bool has[2] = { j->want->local.family == 0,
		j->want->local4.family == 0 };
	unsigned what = link_lacks(j, target), n = 0;
	struct link_addr want[2];
	int rc;

	want_addrs(j, want);
	rc = keep_addrs(r, j, want, has);
	if (rc != 0)
		return rc;
	if (what != 0) {
		link_begin_set(
		    r->t->nl, j->link.index, what, target->alias, j->want->mtu);
		n++;
	}
	for (size_t k = 0; k < 2; k++) {
		if (has[k])
			continue;
		link_begin_addr(r->t->nl, &want[k]);
		n++;
	}
	r->t->changes += n;
	return n > 0 ? nl_commit(r->t->nl) : 0;
}

static void
find_target(
    const struct tunnels_run *r, const struct job *j, struct target *out)
{
	const struct tunnels_args *a = r->args;

	if (j->is_settled) {
		*out = (struct target){ 0 };
		strlcpy(out->alias, j->link.alias, sizeof(out->alias));
		return;
	}
	target_find(out, j->want, plan_rules(a->plan, j->want), &r->links,
	    a->names, j->link.alias, a->periodic, is_silent(j));
}

void
tunnel_apply(struct tunnels_run *r, struct job *j)
{
	struct target target;
	int rc = 0;

	if (j->is_stray) {
		result_fail(j->result, WIRE_REFUSED,
		    "there is an interface %s that is not meetme's: rename or "
		    "delete it",
		    j->want->ifname);
		return;
	}
	if (!j->is_read && !j->is_settled)
		return;
	find_target(r, j, &target);
	if (j->is_read && (rc = apply_device(r, j, &target)) != 0) {
		if (rc == -EADDRINUSE && !j->lacks_port) {
			j->lacks_port = true;
			return;
		}
		tunnel_fail_errno(j, "configuring WireGuard", rc);
	}
	if (rc == 0 && (rc = refuse_ra(r, j)) != 0)
		tunnel_fail_errno(j, "refusing router advertisements", rc);
	if (rc == 0 && (rc = apply_link(r, j, &target)) != 0)
		tunnel_fail_errno(j, "configuring the interface", rc);
	if (target.fault.code != 0)
		result_fail(j->result,
		    target.waits ? WIRE_WAITING : WIRE_REFUSED, "%s",
		    target.fault.text);
}

/* Something was written to `lo`. */
static void
loopback_changed(struct tunnels_run *r, const struct ip *ip, int rc)
{
	char text[IP_TEXT_MAX];

	if (tunnel_changed(r->t, rc) != 0)
		result_fail(&r->args->results->loopback, WIRE_REFUSED,
		    "the address %s: %s", ip_text(ip, text), strerror(-rc));
}

/* The addresses of ours on `lo`; those of others are not touched. */
void
tunnel_apply_loopbacks(struct tunnels_run *r)
{
	const struct link *lo = link_by_name(&r->links, "lo");
	const struct ip *want[] = { &r->args->plan->loopback4,
		&r->args->plan->loopback6 };
	bool has[2] = { false, false };
	const struct link_addr *have;
	size_t n;

	r->args->results->loopback = (struct result){ WIRE_APPLIED, "" };
	if (lo == NULL)
		return;
	have = link_addrs(&r->links, lo->index, &n);
	for (size_t i = 0; i < n; i++) {
		bool wanted = false;

		for (size_t k = 0; k < 2; k++)
			if (ip_cmp(&have[i].local, want[k]) == 0)
				has[k] = wanted = true;
		if (!wanted && have[i].proto == LINK_ADDR_PROTO)
			loopback_changed(r, &have[i].local,
			    link_addr_delete(r->t->nl, &have[i]));
	}
	for (size_t k = 0; k < 2; k++) {
		struct link_addr a = { .index = lo->index,
			.local = *want[k],
			.peer = *want[k],
			.len = (uint8_t)ip_bits(want[k]),
			.proto = LINK_ADDR_PROTO };

		if (want[k]->family != 0 && !has[k])
			loopback_changed(
			    r, want[k], link_addr_add(r->t->nl, &a));
	}
}
