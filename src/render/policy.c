#include "render/policy.h"

#include <errno.h>
#include <stdlib.h>

#include "render/bird.h"
#include "render/roa.h"

const char *
policy_file_name(enum policy_file which)
{
	static const char *const names[POLICY_FILES] = {
		[POLICY_NETWORKS4] = "networks4.conf",
		[POLICY_NETWORKS6] = "networks6.conf",
		[POLICY_ROA4] = "roa4.conf",
		[POLICY_ROA6] = "roa6.conf",
	};

	return names[which];
}

/* Of one family: IPv4 stands first in the set. */
static struct roa_set
roas_of(const struct roa_set *all, uint8_t family)
{
	size_t n4 = 0;

	while (n4 < all->n && all->roas[n4].prefix.ip.family == 4)
		n4++;
	if (family == 4)
		return (struct roa_set){ .roas = all->roas, .n = n4 };
	return (struct roa_set){ .roas = all->roas + n4, .n = all->n - n4 };
}

int
render_policy(FILE *f, const struct policy *policy, enum network_bird bird,
    enum policy_file which)
{
	struct roa_set roas;

	switch (which) {
	case POLICY_NETWORKS4:
		return render_bird2_networks(f, &policy->filters[0]);
	case POLICY_NETWORKS6:
		return render_bird2_networks(f, &policy->filters[1]);
	case POLICY_ROA4:
	case POLICY_ROA6:
		roas = roas_of(&policy->roas, which == POLICY_ROA4 ? 4 : 6);
		return bird == BIRD_1_6 ? render_roa_bird1(f, &roas)
					: render_roa_bird2(f, &roas);
	}
	return -EINVAL;
}

int
render_policy_all(const struct policy *policy,
    int (*put)(void *arg, const char *path, const char *text, size_t len),
    void *arg)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < POLICY_FILES; i++) {
		enum policy_file which = (enum policy_file)i;
		char *text = NULL;
		size_t len;
		FILE *f = open_memstream(&text, &len);

		if (f == NULL)
			return -ENOMEM;
		rc = render_policy(f, policy, BIRD_2, which);
		if (fclose(f) != 0 && rc == 0)
			rc = -ENOMEM;
		if (rc == 0)
			rc = put(arg, policy_file_name(which), text, len);
		free(text);
	}
	return rc;
}
