#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "network/network.h"

/*
 * Reads a network file for a command, and says on standard error all that is
 * wrong with it. 0: *out is the caller's to free; else an exit status.
 */
int load_network(struct network **out, const char *path);

#endif
