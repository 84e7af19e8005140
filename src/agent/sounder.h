#ifndef AGENT_SOUNDER_H
#define AGENT_SOUNDER_H

#include <stdbool.h>

#include "agent/prober.h"

/*
 * The least time of SOUNDER_ECHOES to each of many, SOUNDER_SPACE_US apart at
 * least. Who does not answer the first is asked no more. They are sounded in
 * groups, a group at once but paced, so that thousands make no flood, nor
 * distort what is measured.
 */
struct sounder;

#define SOUNDER_ECHOES	 5
#define SOUNDER_SPACE_US 200000
#define SOUNDER_GROUP	 512

/* 0 or a negative errno. The prober stays the caller's. */
int sounder_open(
    struct sounder **out, struct event_base *base, struct prober *prober);
void sounder_close(struct sounder *s);

/*
 * The times come into list[0..n), which stays until `done` was called, once,
 * perhaps before this returns. Not while it is busy.
 */
void sounder_ask(struct sounder *s, struct probe *list, size_t n,
    void (*done)(void *arg), void *arg);
bool sounder_is_busy(const struct sounder *s);

#endif
