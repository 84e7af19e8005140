#ifndef AGENT_BIRDHEAD_H
#define AGENT_BIRDHEAD_H

#include "agent/birdctl.h"

/* A connected socket, or a negative errno. A full backlog is as no BIRD. */
int birdhead_dial(const char *path);

/*
 * What birdctl_ask_head() does, which see: a question over a connection of its
 * own, that ends with the first lines of the answer.
 */
int birdhead_ask(struct event_base *base, const char *path, const char *command,
    birdctl_done *done, void *arg);

#endif
