#include "agent/stream.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/birdhead.h"
#include "agent/kroutes.h"

#define COMMAND_MAX 192

/* token 0: none */
struct stream {
	struct streams *all;
	uint32_t token;
	unsigned credit; /* pieces that may still be sent */
	int fd; /* of BIRD; -1: the kernel's is that of `kernel` */
	struct kroutes *kernel;
	struct event *readable; /* added while there is credit */
};

struct streams {
	struct streams_args args;
	struct stream list[STREAMS_MAX];
	char piece[WIRE_PIECE_MAX];
};

int
streams_open(struct streams **out, const struct streams_args *args)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->args = *args;
	*out = s;
	return 0;
}

static void
forget(struct stream *x)
{
	if (x->readable != NULL)
		event_free(x->readable);
	if (x->fd >= 0)
		close(x->fd);
	kroutes_close(x->kernel);
	*x = (struct stream){ .fd = -1 };
}

void
streams_close(struct streams *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < STREAMS_MAX; i++)
		if (s->list[i].token != 0)
			forget(&s->list[i]);
	free(s);
}

static void
finish(struct stream *x, int error)
{
	struct streams *s = x->all;
	uint32_t token = x->token;

	forget(x);
	s->args.end(s->args.arg, token, error);
}

static void
send_piece(struct stream *x, const void *data, size_t len)
{
	struct streams *s = x->all;

	s->args.piece(s->args.arg, x->token, data, len);
	if (--x->credit == 0)
		event_del(x->readable);
}

static void
on_bird(evutil_socket_t fd, short what, void *arg)
{
	struct stream *x = arg;
	ssize_t n = read(fd, x->all->piece, sizeof(x->all->piece));

	(void)what;
	if (n > 0)
		send_piece(x, x->all->piece, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		finish(x, n == 0 ? ECONNRESET : errno);
}

static void
on_kernel(evutil_socket_t fd, short what, void *arg)
{
	struct stream *x = arg;
	struct pack piece;
	int rc;

	(void)fd;
	(void)what;
	/* A message of the kernel's is no longer than what is made of it. */
	pack_init(&piece, WIRE_PIECE_MAX * 2);
	rc = kroutes_read(x->kernel, &piece);
	if (piece.failed)
		rc = -ENOMEM;
	else if (piece.len > 0)
		send_piece(x, piece.data, piece.len);
	pack_free(&piece);
	if (rc <= 0)
		finish(x, -rc);
}

/* What BIRD is asked. */
static void
write_command(char buf[COMMAND_MAX], const struct wire_stream *w)
{
	char prefix[PREFIX_TEXT_MAX] = "";
	const char *before = "";

	if (w->what == WIRE_STREAM_PROTOCOLS) {
		snprintf(buf, COMMAND_MAX, "show protocols all\n");
		return;
	}
	if (w->what == WIRE_STREAM_ROUTE_FOR) {
		before = "for ";
		ip_text(&w->prefix.ip, prefix);
	} else if (w->prefix.ip.family != 0) {
		prefix_text(&w->prefix, prefix);
	}
	snprintf(buf, COMMAND_MAX, "show route %s%s all\n", before, prefix);
}

/* A command fits into a socket that is empty. 0 or a negative errno. */
static int
ask_bird(struct stream *x, const struct wire_stream *w)
{
	char command[COMMAND_MAX];

	x->fd = birdhead_dial(x->all->args.bird);
	if (x->fd < 0)
		return x->fd;
	write_command(command, w);
	if (send(x->fd, command, strlen(command), MSG_NOSIGNAL) !=
	    (ssize_t)strlen(command))
		return -EPIPE;
	x->readable = event_new(
	    x->all->args.base, x->fd, EV_READ | EV_PERSIST, on_bird, x);
	return 0;
}

static int
ask_kernel(struct stream *x, const struct wire_stream *w)
{
	int rc = kroutes_open(&x->kernel, w);

	if (rc == 0)
		x->readable = event_new(x->all->args.base,
		    kroutes_fd(x->kernel), EV_READ | EV_PERSIST, on_kernel, x);
	return rc;
}

static struct stream *
find(struct streams *s, uint32_t token)
{
	for (size_t i = 0; i < STREAMS_MAX; i++)
		if (s->list[i].token == token)
			return &s->list[i];
	return NULL;
}

void
streams_ask(struct streams *s, const struct wire_stream *w)
{
	struct stream *x = find(s, 0);
	int rc;

	if (x == NULL) {
		s->args.end(s->args.arg, w->token, EBUSY);
		return;
	}
	*x = (struct stream){
		.all = s, .token = w->token, .credit = WIRE_CREDIT, .fd = -1
	};
	if (w->what == WIRE_STREAM_KERNEL || w->what == WIRE_STREAM_KERNEL_FOR)
		rc = ask_kernel(x, w);
	else
		rc = ask_bird(x, w);
	if (rc == 0 && (x->readable == NULL || event_add(x->readable, NULL)))
		rc = -ENOMEM;
	if (rc != 0)
		finish(x, -rc);
}

void
streams_more(struct streams *s, uint32_t token)
{
	struct stream *x = token != 0 ? find(s, token) : NULL;

	if (x == NULL || x->credit >= WIRE_CREDIT)
		return;
	if (x->credit++ == 0)
		event_add(x->readable, NULL);
}

void
streams_stop(struct streams *s, uint32_t token)
{
	struct stream *x = token != 0 ? find(s, token) : NULL;

	if (x != NULL)
		forget(x);
}
