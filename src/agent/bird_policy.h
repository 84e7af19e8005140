#ifndef AGENT_BIRD_POLICY_H
#define AGENT_BIRD_POLICY_H

#include "agent/bird_files.h"
#include "network/network.h"
#include "registry/policy.h"

/* What the registry says of routes, and its files for a version of BIRD. */
struct bird_policy {
	bool is_known;
	struct policy policy;
	enum network_bird bird;
	struct bird_text files[BIRD_REGISTRY_N]; /* data NULL: not rendered */
};

/* The policy is taken over; its files are made when they are asked for. */
void bird_policy_take(struct bird_policy *p, struct policy *policy);

/* Renders the files unless they are there. 0 or a negative errno. */
int bird_policy_render(struct bird_policy *p, enum network_bird bird);
void bird_policy_free(struct bird_policy *p);

#endif
