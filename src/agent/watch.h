#ifndef AGENT_WATCH_H
#define AGENT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* Tells when something of ours in the kernel is changed behind our back. */
struct watch;
struct event_base;

struct watch_args {
	struct event_base *base;
	bool (*is_ours)(void *arg, uint32_t link);
	void (*changed)(void *arg); /* a link or an address went or is down */
	void *arg;
};

/* 0 or a negative errno. */
int watch_open(struct watch **out, const struct watch_args *args);
void watch_close(struct watch *w);

#endif
