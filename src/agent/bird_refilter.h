#ifndef AGENT_BIRD_REFILTER_H
#define AGENT_BIRD_REFILTER_H

#include "agent/birdctl.h"

/*
 * Other ROAs stand in BIRD's tables: tells the sessions of our peers to look
 * at their routes again now. BIRD 2 does so by itself, too, when the tables
 * have not changed for a second; BIRD 3 cannot be hurried, as its filters see
 * other ROAs only then, and BIRD 1.6 need not be (render/policy.c).
 */
void bird_refilter(struct birdctl *b);

#endif
