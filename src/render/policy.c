#include "render/policy.h"

#include <errno.h>
#include <stdlib.h>

#include "render/bird.h"
#include "render/render.h"
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

/* FNV-1a; never 0. */
static uint32_t
number_of(const struct roa_set *set)
{
	uint32_t sum = 2166136261U;

	for (size_t i = 0; i < set->n; i++) {
		const struct roa *r = &set->roas[i];
		const uint8_t words[] = { r->prefix.ip.byte[0],
			r->prefix.ip.byte[1], r->prefix.ip.byte[2],
			r->prefix.ip.byte[3], r->prefix.len, r->max,
			(uint8_t)(r->asn >> 24), (uint8_t)(r->asn >> 16),
			(uint8_t)(r->asn >> 8), (uint8_t)r->asn };

		for (size_t j = 0; j < sizeof(words); j++)
			sum = (sum ^ words[j]) * 16777619U;
	}
	return sum | 1;
}

/*
 * BIRD 1.6 looks at a session's routes again when its filter is another one,
 * not when a ROA table is. So a number of the ROAs stands in the filter.
 */
static int
put_number(FILE *f, const struct policy *policy)
{
	const struct roa_set roas = roas_of(&policy->roas, 4);

	fprintf(f,
	    RENDER_MARK ": another number for other ROAs: BIRD 1.6 looks at\n"
			"# routes again when what is here has changed\n"
			"if %u = 0 then return 2;\n",
	    (unsigned)number_of(&roas));
	return ferror(f) != 0 ? -EIO : 0;
}

int
render_policy(FILE *f, const struct policy *policy, enum network_bird bird,
    enum policy_file which)
{
	struct roa_set roas;
	int rc;

	switch (which) {
	case POLICY_NETWORKS4:
		rc = bird == BIRD_1_6 ? put_number(f, policy) : 0;
		if (rc != 0)
			return rc;
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
