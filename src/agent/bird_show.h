#ifndef AGENT_BIRD_SHOW_H
#define AGENT_BIRD_SHOW_H

#include <stdbool.h>

#include "agent/birdctl.h"
#include "plan/refusal.h"

/* Asks BIRD for all about that session, or (NULL) for a line on each. */
int bird_show(
    struct birdctl *b, const char *session, birdctl_done *done, void *arg);

/*
 * Asks for its routes that are refused for that reason: how many there are in
 * each table, or which, as long a list as BIRDCTL_HEAD.
 */
int bird_show_refused(struct birdctl *b, const char *session, enum refusal why,
    bool count, birdctl_done *done, void *arg);

#endif
