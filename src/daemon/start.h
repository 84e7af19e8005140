#ifndef DAEMON_START_H
#define DAEMON_START_H

#include "daemon/options.h"

/*
 * Makes the folders, starts the other roles, gives up all rights but the
 * agent's, and becomes the agent. Returns the exit status.
 */
int start_all(const struct options *o);

#endif
