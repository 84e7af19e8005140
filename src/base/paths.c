#include "base/paths.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"

int
paths_init(struct paths *out, const char *root)
{
	struct paths p;
	const struct {
		char *dst;
		const char *rest;
	} all[] = {
		{ p.network, "etc/meetme/network.yaml" },
		{ p.key, "etc/meetme/wg.key" },
		{ p.conf_dir, "etc/meetme" },
		{ p.registry, "var/lib/meetme/registry" },
		{ p.sync_dir, "var/lib/meetme/sync" },
		{ p.state_dir, "var/lib/meetme/engine" },
		{ p.store, "var/lib/meetme/engine/store.db" },
		{ p.ssh_dir, "var/lib/meetme/ssh" },
		{ p.run_dir, "run/meetme" },
		{ p.control, "run/meetme/control.sock" },
		{ p.bird_conf, "etc/bird/bird.conf" },
		{ p.bird_dir, "etc/bird/meetme" },
		{ p.bird_control, "run/bird/bird.ctl" },
	};

	if (strcmp(root, "/") == 0)
		root = "";
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (path_join(all[i].dst, PATHS_MAX, root, all[i].rest) != 0)
			return -ENAMETOOLONG;
	*out = p;
	return 0;
}
