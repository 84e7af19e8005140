#ifndef NETWORK_RULES_H
#define NETWORK_RULES_H

#include "network/network.h"
#include "network/node.h"

/*
 * The rules between fields: unique names, numbers and keys; subnets that lie
 * in the prefixes and do not overlap; ports and addresses that do not meet.
 * `root` tells lines. Fields that could not be read are passed over.
 */
void rules_check(const struct network *net, const struct node *root,
    struct network_problems *problems);

#endif
