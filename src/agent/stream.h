#ifndef AGENT_STREAM_H
#define AGENT_STREAM_H

#include "agent/wire_stream.h"

/*
 * WIRE_STREAM: long answers of BIRD, over a connection of their own, and of
 * the kernel, handed on in pieces as fast as they are taken. Nothing that BIRD
 * says is parsed here.
 */
struct event_base;
struct streams;

#define STREAMS_MAX 16 /* at a time; more end with EBUSY */

struct streams_args {
	struct event_base *base;
	const char *bird; /* path of its control socket; has to stay */
	void (*piece)(void *arg, uint32_t token, const void *data, size_t len);
	void (*end)(void *arg, uint32_t token, int error);
	void *arg;
};

/* 0 or -ENOMEM. */
int streams_open(struct streams **out, const struct streams_args *args);
void streams_close(struct streams *s);

/* Begins; `end` is called once, perhaps at once, unless it is stopped. */
void streams_ask(struct streams *s, const struct wire_stream *w);
void streams_more(struct streams *s, uint32_t token);
void streams_stop(struct streams *s, uint32_t token);

#endif
