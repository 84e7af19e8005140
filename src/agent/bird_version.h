#ifndef AGENT_BIRD_VERSION_H
#define AGENT_BIRD_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "network/network.h"

/*
 * Is a BIRD of `version` ("": not known) the one that the network file names?
 * Else says why not: then it is to be left alone.
 */
bool bird_version_is(
    enum network_bird bird, const char *version, char *why, size_t size);

#endif
