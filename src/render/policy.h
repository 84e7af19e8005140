#ifndef RENDER_POLICY_H
#define RENDER_POLICY_H

#include <stdio.h>

#include "network/network.h"
#include "registry/policy.h"

/* BIRD's files of what the registry says, in registry/ beside the base. */
enum policy_file {
	POLICY_NETWORKS4,
	POLICY_NETWORKS6,
	POLICY_ROA4,
	POLICY_ROA6,
};
#define POLICY_FILES (POLICY_ROA6 + 1)

/* "networks4.conf" */
const char *policy_file_name(enum policy_file which);

/* 0 or a negative errno, as render_bird2_networks and render_roa_bird2. */
int render_policy(FILE *f, const struct policy *policy, enum network_bird bird,
    enum policy_file which);

/*
 * Each, for BIRD 2, is handed to `put` with its name, as render_plan() does
 * it.
 */
int render_policy_all(const struct policy *policy,
    int (*put)(void *arg, const char *path, const char *text, size_t len),
    void *arg);

#endif
