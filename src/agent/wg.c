#include "agent/wg.h"

#include <stdlib.h>
#include <string.h>

const struct wg_peer *
wg_peer(const struct wg_device *d, const struct wgkey *key)
{
	for (size_t i = 0; i < d->n_peers && i < WG_PEERS_MAX; i++)
		if (wgkey_equal(&d->peers[i].key, key))
			return &d->peers[i];
	return NULL;
}

static int
by_prefix(const void *a, const void *b)
{
	return prefix_cmp(a, b);
}

static bool
allowed_equal(const struct wg_peer *a, const struct wg_peer *b)
{
	struct prefix x[WG_ALLOWED_MAX], y[WG_ALLOWED_MAX];
	size_t n = a->n_allowed;

	if (n != b->n_allowed || n > WG_ALLOWED_MAX)
		return false;
	memcpy(x, a->allowed, n * sizeof(*x));
	memcpy(y, b->allowed, n * sizeof(*y));
	qsort(x, n, sizeof(*x), by_prefix);
	qsort(y, n, sizeof(*y), by_prefix);
	for (size_t i = 0; i < n; i++)
		if (prefix_cmp(&x[i], &y[i]) != 0)
			return false;
	return true;
}

static bool
endpoint_equal(const struct wg_peer *a, const struct wg_peer *b)
{
	return ip_cmp(&a->endpoint, &b->endpoint) == 0 && a->port == b->port;
}

static void
diff_peer(struct wg_change *c, const struct wg_peer *want,
    const struct wg_peer *have, bool set_endpoint)
{
	static const struct wg_peer nothing;
	bool made = have == NULL;

	if (made)
		have = &nothing;
	c->psk = !wgkey_equal(&want->psk, &have->psk);
	c->keepalive = want->keepalive != have->keepalive;
	c->allowed = !allowed_equal(want, have);
	c->endpoint = want->endpoint.family != 0 &&
		      !endpoint_equal(want, have) &&
		      (set_endpoint || have->endpoint.family == 0);
	c->peer = made || c->psk || c->keepalive || c->allowed || c->endpoint;
}

bool
wg_diff(struct wg_change *out, const struct wg_device *want,
    const struct wg_device *have, bool set_endpoint)
{
	const struct wg_peer *peer = &want->peers[0];
	struct wg_change c = { .want = want };

	c.private_key = !wgkey_equal(&want->private_key, &have->private_key);
	c.listen_port = want->listen_port != have->listen_port;
	c.replace_peers = have->n_peers > WG_PEERS_MAX;
	for (size_t i = 0; i < have->n_peers && !c.replace_peers; i++)
		if (!wgkey_equal(&have->peers[i].key, &peer->key))
			c.remove[c.n_remove++] = have->peers[i].key;
	diff_peer(&c, peer, c.replace_peers ? NULL : wg_peer(have, &peer->key),
	    set_endpoint);
	*out = c;
	return c.private_key || c.listen_port || c.replace_peers ||
	       c.n_remove > 0 || c.peer;
}

void
wg_device_wipe(struct wg_device *d)
{
	explicit_bzero(d, sizeof(*d));
}
