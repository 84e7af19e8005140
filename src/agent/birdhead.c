#include "agent/birdhead.h"

#include <bsd/string.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SILENT_SECONDS 2

struct birdhead {
	int fd;
	struct event *readable;
	birdctl_done *done;
	void *arg;
	bool greeted;
	size_t len;
	char text[BIRDCTL_HEAD];
};

int
birdhead_dial(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, rc;

	if (strlcpy(to.sun_path, path, sizeof(to.sun_path)) >=
	    sizeof(to.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* BIRD may be in the middle of it: that ends with the connection. */
static void
finish(struct birdhead *h, int code, size_t len)
{
	const struct bird_answer a = {
		.code = code, .text = h->text, .len = len
	};

	event_free(h->readable);
	close(h->fd);
	h->done(h->arg, &a);
	free(h);
}

/* The greeting goes; 1: the answer is here, or as much of it as is wanted. */
static int
take(struct birdhead *h, int *code, size_t *len)
{
	long end = bird_reply_end(h->text, h->len, code);
	const char *last;

	if (end > 0 && !h->greeted) {
		h->greeted = true;
		h->len -= (size_t)end;
		memmove(h->text, h->text + end, h->len);
		end = bird_reply_end(h->text, h->len, code);
	}
	if (end < 0)
		return (int)end;
	*len = (size_t)end;
	if (end > 0)
		return 1;
	if (h->len < sizeof(h->text))
		return 0;
	last = memrchr(h->text, '\n', h->len);
	*len = last != NULL ? (size_t)(last - h->text) + 1 : 0;
	*code = 0;
	return 1;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct birdhead *h = arg;
	size_t len = 0;
	int code = 0, rc;
	ssize_t n;

	if ((what & EV_TIMEOUT) != 0) {
		finish(h, -ETIMEDOUT, 0);
		return;
	}
	n = read(fd, h->text + h->len, sizeof(h->text) - h->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		finish(h, -ENOTCONN, 0);
		return;
	}
	h->len += (size_t)n;
	rc = take(h, &code, &len);
	if (rc != 0)
		finish(h, rc < 0 ? rc : code, len);
}

/* A command fits into a socket that is empty. */
static int
begin(struct birdhead *h, struct event_base *base, const char *command)
{
	const struct timeval silent = { .tv_sec = SILENT_SECONDS };
	int len = snprintf(h->text, sizeof(h->text), "%s\n", command);

	if (send(h->fd, h->text, (size_t)len, MSG_NOSIGNAL) != len)
		return -EPIPE;
	h->readable =
	    event_new(base, h->fd, EV_READ | EV_PERSIST, on_readable, h);
	if (h->readable == NULL || event_add(h->readable, &silent) != 0)
		return -ENOMEM;
	return 0;
}

int
birdhead_ask(struct event_base *base, const char *path, const char *command,
    birdctl_done *done, void *arg)
{
	struct birdhead *h = calloc(1, sizeof(*h));
	int rc;

	if (h == NULL)
		return -ENOMEM;
	h->done = done;
	h->arg = arg;
	h->fd = birdhead_dial(path);
	rc = h->fd < 0 ? h->fd : begin(h, base, command);
	if (rc == 0)
		return 0;
	if (h->readable != NULL)
		event_free(h->readable);
	if (h->fd >= 0)
		close(h->fd);
	free(h);
	return rc;
}
