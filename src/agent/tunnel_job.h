/* What the files tunnel*.c share; nobody else includes it. */
#ifndef AGENT_TUNNEL_JOB_H
#define AGENT_TUNNEL_JOB_H

#include "agent/tunnels.h"
#include "agent/wg_kernel.h"
#include "agent/wg_user.h"

struct tunnels {
	struct wgkey private_key;
	struct nl *nl;
	struct wg_kernel *kernel; /* NULL until there is a link of its kind */
	struct wg_user *user;
	bool no_kernel; /* it said that it has no WireGuard */
	unsigned changes; /* written */
	uint32_t *indexes; /* of our links, and of `lo` */
	size_t n_indexes;
};

/* One tunnel on its way. */
struct job {
	const struct plan_tunnel *want;
	struct result *result;
	struct link link; /* as it is now; index 0: there is none */
	bool is_kernel;
	bool is_stray; /* has our name, not our mark */
	bool is_settled; /* its device was right, and shall stay as it is */
	bool is_read; /* `have` is what the device has */
	bool lacks_port; /* another has its UDP port: it is tried once more */
	struct wg_device have;
};

/* All of them, and what they share. */
struct tunnels_run {
	struct tunnels *t;
	const struct tunnels_args *args;
	struct link_table links;
	struct job *jobs; /* of args->plan->tunnels */
	size_t n;
	struct wg_user_start *starts; /* of wireguard-go */
	struct job **starting; /* whose they are */
	size_t n_starts;
};

/* Something was written: counts, and gives the result of writing it. */
int tunnel_changed(struct tunnels *t, int rc);

void tunnel_fail_errno(struct job *j, const char *what, int rc);
int tunnel_open_kernel(struct tunnels *t);
bool tunnel_is_ours(const struct link *l); /* marked, or not yet */
/* Links that are ours and in no plan go; those that lack are made. */
void tunnel_delete_unplanned(struct tunnels_run *r);
int tunnel_make_links(struct tunnels_run *r); /* 0 or -ENOMEM */
void tunnel_wait_links(struct tunnels_run *r); /* for wireguard-go */
void tunnel_apply(struct tunnels_run *r, struct job *j);
void tunnel_apply_loopbacks(struct tunnels_run *r);

#endif
