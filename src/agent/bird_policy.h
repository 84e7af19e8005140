#ifndef AGENT_BIRD_POLICY_H
#define AGENT_BIRD_POLICY_H

#include "agent/bird_files.h"
#include "registry/policy.h"

/* What the registry says of routes, as files; data NULL: not known. */
struct bird_policy {
	struct bird_text files[BIRD_REGISTRY_N];
};

/* Renders it. 0 or a negative errno. */
int bird_policy_make(struct bird_policy *out, const struct policy *policy);
void bird_policy_free(struct bird_policy *p);

#endif
