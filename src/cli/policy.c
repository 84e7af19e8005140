#include "cli/policy.h"

#include <stdlib.h>

#include "base/log.h"

static void
warn(void *arg, const char *where, const char *why)
{
	(void)arg;
	log_warn("%s: %s", where, why);
}

struct policy *
load_policy(const char *dir)
{
	const struct report report = { .tell = warn };
	struct policy *policy = calloc(1, sizeof(*policy));
	struct fault f;

	if (policy == NULL) {
		log_error("%s: no memory", dir);
		return NULL;
	}
	if (policy_load(policy, dir, &report, &f) == 0)
		return policy;
	log_error("%s", f.text);
	free(policy);
	return NULL;
}

void
unload_policy(struct policy *policy)
{
	if (policy == NULL)
		return;
	policy_free(policy);
	free(policy);
}
