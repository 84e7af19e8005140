#include "agent/bird_policy.h"

#include <errno.h>
#include <stdio.h>

#include "render/render.h"
#include "render/roa.h"

/* The ROAs of one family: IPv4 stands first in the set. */
static struct roa_set
of_family(const struct roa_set *all, uint8_t family)
{
	size_t n4 = 0;

	while (n4 < all->n && all->roas[n4].prefix.ip.family == 4)
		n4++;
	if (family == 4)
		return (struct roa_set){ .roas = all->roas, .n = n4 };
	return (struct roa_set){ .roas = all->roas + n4, .n = all->n - n4 };
}

static int
render(FILE *f, const struct policy *policy, enum bird_registry which)
{
	struct roa_set roas;

	switch (which) {
	case BIRD_NETWORKS4:
		return render_bird2_networks(f, &policy->filters[0]);
	case BIRD_NETWORKS6:
		return render_bird2_networks(f, &policy->filters[1]);
	case BIRD_ROA4:
		roas = of_family(&policy->roas, 4);
		return render_roa_bird2(f, &roas);
	case BIRD_ROA6:
		roas = of_family(&policy->roas, 6);
		return render_roa_bird2(f, &roas);
	}
	return -EINVAL;
}

int
bird_policy_make(struct bird_policy *out, const struct policy *policy)
{
	struct bird_policy p = { 0 };
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < BIRD_REGISTRY_N; i++) {
		struct bird_text *t = &p.files[i];
		FILE *f = open_memstream(&t->data, &t->len);

		if (f == NULL) {
			rc = -ENOMEM;
			break;
		}
		rc = render(f, policy, (enum bird_registry)i);
		if (fclose(f) != 0 && rc == 0)
			rc = -ENOMEM;
	}
	if (rc != 0)
		bird_policy_free(&p);
	else
		*out = p;
	return rc;
}

void
bird_policy_free(struct bird_policy *p)
{
	for (size_t i = 0; i < BIRD_REGISTRY_N; i++)
		bird_text_free(&p->files[i]);
}
