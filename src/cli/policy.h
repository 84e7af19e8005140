#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "registry/policy.h"

/*
 * What the registry in that folder says of routes. Lines that break a rule
 * are warned of. NULL: it cannot be read, which was said.
 */
struct policy *load_policy(const char *dir);
void unload_policy(struct policy *policy);

#endif
