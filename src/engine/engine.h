#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/paths.h"

/*
 * The role that decides: it alone reads the network file and the registry
 * and writes the store, answers the API, and tells the agent what the POP
 * should have. Runs without rights.
 */
struct engine_args {
	int agent_fd; /* stream, frames of agent/wire.h */
	int listener_fd; /* SOCK_SEQPACKET, packets of ssh/wire.h */
	const struct paths *paths;
	const char *pop; /* NULL: the one whose public key the agent has */
};

/* Runs until the agent is gone. Returns the exit status, never 0. */
int engine_main(const struct engine_args *args);

#endif
