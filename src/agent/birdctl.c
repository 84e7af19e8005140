#include "agent/birdctl.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/birdhead.h"

#define ANSWER_SECONDS 2
#define RETRY_MIN      1 /* seconds between attempts to connect */
#define RETRY_MAX      10

struct question {
	TAILQ_ENTRY(question) next;
	birdctl_done *done;
	void *arg;
	bool is_sent;
	char command[]; /* with its newline */
};
TAILQ_HEAD(questions, question);

struct birdctl {
	struct birdctl_args args;
	struct bufferevent *bev; /* NULL: not connected */
	bool is_up; /* BIRD greeted us */
	char version[16]; /* as it said then; "" */
	struct questions questions;
	struct event *retry; /* to connect */
	struct event *late; /* BIRD should have answered */
	struct event *failing; /* questions that need a negative answer */
	int wait; /* seconds until the next attempt */
};

static void
set_timer(struct event *ev, int seconds)
{
	const struct timeval tv = { .tv_sec = seconds };

	event_add(ev, &tv);
}

static void
answer_first(struct birdctl *b, const struct bird_answer *answer)
{
	struct question *q = TAILQ_FIRST(&b->questions);

	TAILQ_REMOVE(&b->questions, q, next);
	q->done(q->arg, answer);
	free(q);
}

/* All that wait are told; those that they ask in turn wait for the next. */
static void
fail_all(struct birdctl *b)
{
	const struct bird_answer none = { .code = -ENOTCONN, .text = "" };
	struct questions old = TAILQ_HEAD_INITIALIZER(old);
	struct question *q;

	TAILQ_CONCAT(&old, &b->questions, next);
	while ((q = TAILQ_FIRST(&old)) != NULL) {
		TAILQ_REMOVE(&old, q, next);
		q->done(q->arg, &none);
		free(q);
	}
}

static void
lose(struct birdctl *b)
{
	bool was_up = b->is_up;

	bufferevent_free(b->bev);
	b->bev = NULL;
	b->is_up = false;
	b->version[0] = '\0';
	event_del(b->late);
	set_timer(b->retry, b->wait);
	b->wait = b->wait * 2 < RETRY_MAX ? b->wait * 2 : RETRY_MAX;
	if (was_up)
		b->args.lost(b->args.arg);
	fail_all(b);
}

/*
 * One at a time: BIRD's answers tell their end, not their question. Sent at
 * once and not from the event loop, so that BIRD works while we do; into an
 * empty socket such a line fits, and if not, BIRD is given up.
 */
static void
send_first(struct birdctl *b)
{
	struct question *q = TAILQ_FIRST(&b->questions);

	if (!b->is_up || q == NULL || q->is_sent)
		return;
	q->is_sent = true;
	send(bufferevent_getfd(b->bev), q->command, strlen(q->command),
	    MSG_NOSIGNAL);
	set_timer(b->late, ANSWER_SECONDS);
}

/* "BIRD 2.0.12 ready." */
static void
take_version(struct birdctl *b, const struct bird_answer *answer)
{
	char words[64], *at, *end;

	bird_reply_words(words, sizeof(words), answer->text, answer->len);
	at = strncmp(words, "BIRD ", 5) == 0 ? words + 5 : words;
	end = strchr(at, ' ');
	if (end != NULL)
		*end = '\0';
	strlcpy(b->version, at, sizeof(b->version));
}

static void
take_reply(struct birdctl *b, const struct bird_answer *answer)
{
	if (b->is_up) {
		event_del(b->late);
		if (!TAILQ_EMPTY(&b->questions))
			answer_first(b, answer);
		return;
	}
	if (answer->code != BIRD_READY)
		return;
	b->is_up = true;
	take_version(b, answer);
	b->wait = RETRY_MIN;
	event_del(b->late);
	b->args.back(b->args.arg);
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct birdctl *b = arg;

	while (b->bev == bev) {
		struct bird_answer a = { 0 };
		size_t len = evbuffer_get_length(in);
		long end;

		a.text = (const char *)evbuffer_pullup(in, -1);
		if (a.text == NULL)
			break;
		end = bird_reply_end(a.text, len, &a.code);
		if (end < 0) {
			lose(b);
			return;
		}
		if (end == 0)
			break;
		a.len = (size_t)end;
		take_reply(b, &a);
		if (b->bev == bev)
			evbuffer_drain(in, a.len);
	}
	send_first(b);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0)
		lose(arg);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	lose(arg);
}

static void
on_failing(evutil_socket_t fd, short what, void *arg)
{
	struct birdctl *b = arg;

	(void)fd;
	(void)what;
	if (b->bev == NULL)
		fail_all(b);
}

static void
on_retry(evutil_socket_t unused, short what, void *arg)
{
	struct birdctl *b = arg;
	int fd = birdhead_dial(b->args.path);

	(void)unused;
	(void)what;
	if (fd >= 0)
		b->bev = bufferevent_socket_new(
		    b->args.base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (b->bev == NULL) {
		if (fd >= 0)
			close(fd);
		set_timer(b->retry, b->wait);
		b->wait = b->wait * 2 < RETRY_MAX ? b->wait * 2 : RETRY_MAX;
		fail_all(b);
		return;
	}
	bufferevent_setcb(b->bev, on_readable, NULL, on_event, b);
	bufferevent_enable(b->bev, EV_READ);
	set_timer(b->late, ANSWER_SECONDS);
}

const char *
birdctl_version(const struct birdctl *b)
{
	return b->version;
}

int
birdctl_open(struct birdctl **out, const struct birdctl_args *args)
{
	struct birdctl *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return -ENOMEM;
	b->args = *args;
	b->wait = RETRY_MIN;
	TAILQ_INIT(&b->questions);
	b->retry = evtimer_new(args->base, on_retry, b);
	b->late = evtimer_new(args->base, on_late, b);
	b->failing = evtimer_new(args->base, on_failing, b);
	if (b->retry == NULL || b->late == NULL || b->failing == NULL) {
		birdctl_close(b);
		return -ENOMEM;
	}
	on_retry(-1, 0, b);
	*out = b;
	return 0;
}

static void
free_event(struct event *ev)
{
	if (ev != NULL)
		event_free(ev);
}

void
birdctl_close(struct birdctl *b)
{
	struct question *q;

	if (b == NULL)
		return;
	while ((q = TAILQ_FIRST(&b->questions)) != NULL) {
		TAILQ_REMOVE(&b->questions, q, next);
		free(q);
	}
	free_event(b->retry);
	free_event(b->late);
	free_event(b->failing);
	if (b->bev != NULL)
		bufferevent_free(b->bev);
	free(b);
}

int
birdctl_ask(
    struct birdctl *b, const char *command, birdctl_done *done, void *arg)
{
	size_t len = strlen(command);
	struct question *q = malloc(sizeof(*q) + len + 2);

	if (q == NULL)
		return -ENOMEM;
	*q = (struct question){ .done = done, .arg = arg };
	memcpy(q->command, command, len);
	memcpy(q->command + len, "\n", 2);
	TAILQ_INSERT_TAIL(&b->questions, q, next);
	if (b->bev == NULL)
		event_active(b->failing, EV_TIMEOUT, 0);
	else
		send_first(b);
	return 0;
}

int
birdctl_ask_head(
    struct birdctl *b, const char *command, birdctl_done *done, void *arg)
{
	return birdhead_ask(b->args.base, b->args.path, command, done, arg);
}
