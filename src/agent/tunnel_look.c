#include "agent/tunnel_look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/tunnel_job.h"

/* What wireguard-go serves is put into `asks`; the rest is read at once. */
static size_t
read_kernels(struct tunnels *t, const struct link_table *links,
    struct tunnel_look *looks, size_t n, struct wg_user_ask *asks)
{
	size_t n_asks = 0;

	for (size_t i = 0; i < n; i++) {
		struct tunnel_look *l = &looks[i];
		const struct link *link = link_by_name(links, l->ifname);

		if (link == NULL || !tunnel_is_ours(link)) {
			l->rc = -ENODEV;
		} else if (strcmp(link->kind, "wireguard") == 0) {
			l->rc = tunnel_open_kernel(t);
			if (l->rc == 0)
				l->rc = wg_kernel_read(
				    t->kernel, link->index, &l->device);
		} else {
			l->rc = -EINPROGRESS;
			asks[n_asks].ifname = l->ifname;
			asks[n_asks++].device = &l->device;
		}
	}
	return n_asks;
}

int
tunnels_look(struct tunnels *t, struct tunnel_look *looks, size_t n)
{
	struct wg_user_ask *asks = calloc(n + 1, sizeof(*asks));
	struct link_table links;
	size_t n_asks, at = 0;
	int rc;

	if (asks == NULL)
		return -ENOMEM;
	rc = link_table_read(&links, t->nl);
	if (rc != 0)
		goto out;
	n_asks = read_kernels(t, &links, looks, n, asks);
	if (n_asks > 0)
		wg_user_read(t->user, asks, n_asks);
	for (size_t i = 0; i < n; i++)
		if (looks[i].rc == -EINPROGRESS)
			looks[i].rc = asks[at++].rc;
	link_table_release(&links);
out:
	free(asks);
	return rc;
}
