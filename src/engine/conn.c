#include "engine/conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "api/field.h"
#include "base/clock.h"
#include "engine/request.h"

#define CONNS_MAX      2048
#define OPERATORS_KEPT 16 /* places that visitors cannot use up */
#define STOP_MAX       64 /* bytes of a stop */

struct conn {
	LIST_ENTRY(conn) link;
	struct engine *engine;
	struct bufferevent *bev;
	struct identity who;
	struct pending pending;
	struct event *timer; /* of the pending request */
	struct dry_run dry_run;
	int64_t started;
	bool busy; /* a request waits for its answer */
	bool closing; /* ends when the output is written */
	bool half_closed; /* asks no more, and waits for its answers */
};

/* The request is over, or nobody is there to be answered. */
static void
pending_end(struct conn *c)
{
	if (c->busy && c->pending.end != NULL)
		c->pending.end(c->engine, c);
	wgkey_wipe(&c->pending.peering.psk);
	memset(&c->pending, 0, sizeof(c->pending));
}

static void
conn_free(struct conn *c)
{
	pending_end(c);
	LIST_REMOVE(c, link);
	c->engine->n_conns--;
	event_free(c->timer);
	bufferevent_free(c->bev);
	free(c->dry_run.list);
	free(c);
}

void
conn_free_all(struct engine *e)
{
	while (!LIST_EMPTY(&e->conns))
		conn_free(LIST_FIRST(&e->conns));
}

struct identity *
conn_identity(struct conn *c)
{
	return &c->who;
}

struct dry_run *
conn_dry_run(struct conn *c)
{
	return &c->dry_run;
}

int64_t
conn_started(const struct conn *c)
{
	return c->started;
}

struct pending *
conn_pending(struct conn *c)
{
	return &c->pending;
}

static void
write_line(struct conn *c, json_t *o)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	char *text = NULL;

	if (o != NULL)
		text = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(o);
	if (text == NULL || strlen(text) >= API_LINE_MAX)
		evbuffer_add_printf(out,
		    "{\"error\":{\"code\":\"system\","
		    "\"field\":\"\",\"text\":\"the answer cannot be "
		    "made, or is too long\"}}\n");
	else
		evbuffer_add_printf(out, "%s\n", text);
	free(text);
}

/*
 * One request at a time, and none while the last answer lies here: who does
 * not take his answers makes no more of them.
 */
static void
conn_send(struct conn *c, json_t *answer)
{
	write_line(c, answer);
	event_del(c->timer);
	pending_end(c);
	c->busy = false;
}

void
conn_part(struct conn *c, json_t *part)
{
	if (part != NULL)
		write_line(c, json_pack("{s:o}", "part", part));
}

size_t
conn_unsent(const struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

void
conn_reply(struct conn *c, json_t *ok)
{
	conn_send(c, ok == NULL ? NULL : json_pack("{s:o}", "ok", ok));
}

void
conn_error(struct conn *c, json_t *error)
{
	conn_send(c, json_pack("{s:o}", "error", error));
}

void
conn_fault(struct conn *c, const struct fault *f)
{
	conn_error(c, fault_to_json(f));
}

/* A line that is too long ends the connection: where would the next begin? */
static void
conn_overlong(struct conn *c)
{
	struct fault f;

	fault_set(&f, FAULT_LIMIT, NULL,
	    "a request is one line of at most "
	    "%u bytes",
	    API_QUERY_MAX);
	c->closing = true;
	conn_fault(c, &f);
	bufferevent_disable(c->bev, EV_READ);
}

/* True if a stop is the next line. It ends what runs, and has no answer. */
static bool
take_stop(struct conn *c)
{
	void (*stop)(struct engine *, struct conn *) = c->pending.stop;
	struct evbuffer *in = bufferevent_get_input(c->bev);
	ssize_t len = evbuffer_search_eol(in, NULL, NULL, EVBUFFER_EOL_LF).pos;

	if (len <= 0 || len > STOP_MAX ||
	    !request_is_stop(
		(const char *)evbuffer_pullup(in, len), (size_t)len))
		return false;
	evbuffer_drain(in, (size_t)len + 1);
	c->pending.stop = NULL; /* once: the agent is told each time */
	if (c->busy && stop != NULL)
		stop(c->engine, c);
	return true;
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t len;
	char *line;

	while (take_stop(c))
		;
	if (c->busy || c->closing ||
	    evbuffer_get_length(bufferevent_get_output(bev)) > 0)
		return;
	line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
	if (line != NULL && len <= API_QUERY_MAX) {
		c->busy = true;
		c->started = clock_mono_us();
		request_run(c->engine, c, line, len);
	} else if (line != NULL || evbuffer_get_length(in) > API_QUERY_MAX) {
		conn_overlong(c);
	}
	if (line != NULL)
		explicit_bzero(line, len);
	free(line);
}

/* Frees it, unless an answer is still to be made or to be written. */
static void
conn_end(struct conn *c)
{
	if (!c->busy &&
	    evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		conn_free(c);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	if (c->busy && c->pending.drained != NULL)
		c->pending.drained(c->engine, c);
	if (!c->closing)
		on_readable(bev, c);
	if (c->closing || c->half_closed)
		conn_end(c);
}

/* Not only that no more is asked: nobody reads the answer either. */
static bool
is_gone(const struct conn *c)
{
	struct pollfd p = { .fd = bufferevent_getfd(c->bev) };

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static void
on_end(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	c->half_closed = (what & BEV_EVENT_EOF) != 0;
	if (c->busy && c->pending.end != NULL && is_gone(c))
		conn_free(c);
	else if (c->half_closed)
		conn_end(c);
	else
		conn_free(c);
}

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	c->pending.done(c->engine, c, NULL);
}

static struct conn *
conn_alloc(struct engine *e, int fd, const struct identity *who)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->engine = e;
	c->who = *who;
	c->timer = event_new(e->base, -1, 0, on_timeout, c);
	if (c->timer == NULL)
		goto fail;
	c->bev = bufferevent_socket_new(e->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (c->bev == NULL)
		goto fail_bev;
	return c;
fail_bev:
	event_free(c->timer);
fail:
	free(c);
	return NULL;
}

void
conn_new(struct engine *e, int fd, const struct identity *who)
{
	size_t room = CONNS_MAX;
	struct conn *c = NULL;

	if (who->kind != CONN_OPERATOR)
		room -= OPERATORS_KEPT;
	if (e->n_conns < room && evutil_make_socket_nonblocking(fd) == 0)
		c = conn_alloc(e, fd, who);
	if (c == NULL) {
		close(fd);
		return;
	}
	LIST_INSERT_HEAD(&e->conns, c, link);
	e->n_conns++;
	bufferevent_setcb(c->bev, on_readable, on_written, on_end, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, API_QUERY_MAX + 1);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

struct pending *
conn_wait(struct conn *c, int seconds,
    void (*done)(struct engine *, struct conn *, const void *))
{
	struct timeval tv = { .tv_sec = seconds };

	c->pending.done = done;
	c->pending.token = 0;
	c->pending.serial = 0;
	event_add(c->timer, &tv);
	return &c->pending;
}

void
conn_go_on(struct conn *c, int seconds)
{
	const struct timeval tv = { .tv_sec = seconds };

	event_add(c->timer, &tv);
}

size_t
conn_streams(const struct engine *e, const char *mntner)
{
	const struct conn *c;
	size_t n = 0;

	LIST_FOREACH (c, &e->conns, link)
		n += c->who.kind == CONN_VISITOR && c->busy &&
		     c->pending.end != NULL &&
		     strcmp(c->who.mntner, mntner) == 0;
	return n;
}

size_t
conn_visitors(const struct engine *e, const char *mntner)
{
	const struct conn *c;
	size_t n = 0;

	LIST_FOREACH (c, &e->conns, link)
		n += c->who.kind == CONN_VISITOR &&
		     (mntner == NULL || strcmp(c->who.mntner, mntner) == 0);
	return n;
}

uint32_t
conn_token(struct engine *e)
{
	if (++e->token == 0)
		e->token = 1;
	return e->token;
}

void
conn_answered(struct engine *e, uint32_t token, const void *answer)
{
	struct conn *c;

	LIST_FOREACH (c, &e->conns, link) {
		if (c->busy && c->pending.token == token) {
			event_del(c->timer);
			c->pending.done(e, c, answer);
		}
	}
}

void
conn_converged(struct engine *e, uint32_t serial)
{
	struct conn *c;

	LIST_FOREACH (c, &e->conns, link) {
		if (!c->busy || c->pending.serial == 0 ||
		    (int32_t)(serial - c->pending.serial) < 0)
			continue;
		event_del(c->timer);
		c->pending.done(e, c, &serial);
	}
}
