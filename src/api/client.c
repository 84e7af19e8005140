#include <bsd/string.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/api.h"
#include "api/field.h"

#define ROOM_MIN 4096

struct api_client {
	int fd;
	int stop_fd; /* readable: no more of a stream is wanted; -1: none */
	bool streams; /* the answer comes in parts ... */
	bool stopped; /* ... of which no more is wanted */
	bool ended; /* no further call can be answered */
	char *line; /* what has come of the answer */
	size_t len, room;
	size_t end; /* of the line that was read last; behind it: parts */
	json_t *problems; /* of the last answer; NULL: none */
};

struct api_client *
api_client_new(int fd)
{
	struct timeval limit = { .tv_sec = API_TIMEOUT };
	struct api_client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->fd = fd;
	c->stop_fd = -1;
	/* Not a socket in a test: then it waits without a limit. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return c;
}

int
api_client_connect(struct api_client **out, const char *path, struct fault *f)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct api_client *c;
	int fd;

	if (strlcpy(addr.sun_path, path, sizeof(addr.sun_path)) >=
	    sizeof(addr.sun_path))
		return fault_set(f, FAULT_INVALID, "root",
		    "the path of the control socket is too long: %s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_set(
		    f, FAULT_SYSTEM, NULL, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		int e = errno;

		close(fd);
		if (e == EACCES)
			return fault_set(f, FAULT_DENIED, NULL,
			    "%s: only the operator may connect", path);
		return fault_set(f, FAULT_AWAY, NULL,
		    "%s: %s; is meetmed running?", path, strerror(e));
	}
	c = api_client_new(fd);
	if (c == NULL) {
		close(fd);
		return fault_set(f, FAULT_SYSTEM, NULL, "out of memory");
	}
	*out = c;
	return 0;
}

void
api_client_free(struct api_client *c)
{
	if (c == NULL)
		return;
	close(c->fd);
	if (c->line != NULL)
		explicit_bzero(c->line, c->room);
	free(c->line);
	json_decref(c->problems);
	free(c);
}

void
api_client_stop_on(struct api_client *c, int fd)
{
	c->stop_fd = fd;
}

bool
api_stopped(const struct api_client *c)
{
	return c->stopped;
}

bool
api_client_ended(const struct api_client *c)
{
	return c->ended;
}

const json_t *
api_problems(const struct api_client *c)
{
	return c->problems;
}

/* Also after a timeout: a late answer would be taken for the next one's. */
static int
gone(struct api_client *c, int e, struct fault *f)
{
	c->ended = true;
	if (e == EAGAIN || e == EWOULDBLOCK)
		return fault_set(f, FAULT_AWAY, NULL,
		    "the service does not answer; try again later");
	return fault_set(
	    f, FAULT_AWAY, NULL, "the service is away; try again later");
}

static int
send_all(struct api_client *c, const char *data, size_t len, struct fault *f)
{
	while (len > 0) {
		ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gone(c, errno, f);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
send_request(
    struct api_client *c, const char *op, json_t *args, struct fault *f)
{
	json_t *request = json_pack("{s:s, s:O*}", "op", op, "args", args);
	char *text = request != NULL ? json_dumps(request, JSON_COMPACT) : NULL;
	size_t len;
	int rc;

	json_decref(request);
	if (text == NULL)
		return fault_set(f, FAULT_SYSTEM, NULL,
		    "the request cannot be encoded (memory, or no UTF-8)");
	len = strlen(text);
	if (len >= API_QUERY_MAX)
		rc = fault_set(f, FAULT_LIMIT, NULL, "the request is too long");
	else {
		text[len] = '\n'; /* in the place of the end */
		rc = send_all(c, text, len + 1, f);
	}
	free(text);
	return rc;
}

static int
stop(struct api_client *c, struct fault *f)
{
	c->stopped = true;
	return send_request(c, "stop", NULL, f);
}

/* Of a stream: until there is something to read, or it was stopped. */
static int
wait_part(struct api_client *c, struct fault *f)
{
	struct pollfd fds[] = { { .fd = c->fd, .events = POLLIN },
		{ .fd = c->stop_fd, .events = POLLIN } };
	int n;

	if (!c->streams || c->stopped)
		return 0;
	do
		n = poll(fds, 2, API_TIMEOUT * 1000);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return gone(c, EAGAIN, f);
	return fds[1].revents != 0 ? stop(c, f) : 0;
}

/* Makes room by hand: realloc would leave preshared keys behind. */
static int
more_room(struct api_client *c, struct fault *f)
{
	size_t room = c->room > 0 ? 2 * c->room : ROOM_MIN;
	char *line;

	if (room > API_LINE_MAX) {
		c->ended = true;
		return fault_set(f, FAULT_LIMIT, NULL,
		    "the service's answer is longer than %u bytes",
		    API_LINE_MAX);
	}
	line = malloc(room);
	if (line == NULL)
		return fault_set(f, FAULT_SYSTEM, NULL, "out of memory");
	if (c->line != NULL) {
		memcpy(line, c->line, c->len);
		explicit_bzero(c->line, c->room);
		free(c->line);
	}
	c->line = line;
	c->room = room;
	return 0;
}

/* Takes the line that was read last off what has come. */
static void
drop_line(struct api_client *c)
{
	size_t left = c->len - c->end;

	if (c->end == 0)
		return;
	memmove(c->line, c->line + c->end, left);
	explicit_bzero(c->line + left, c->end);
	c->len = left;
	c->end = 0;
}

/* One line, whole: line[0..end). More than one comes only of a stream. */
static int
receive_line(struct api_client *c, struct fault *f)
{
	size_t seen = 0;

	drop_line(c);
	for (;;) {
		char *end = c->len > seen
				? memchr(c->line + seen, '\n', c->len - seen)
				: NULL;
		ssize_t n;
		int rc;

		if (end != NULL) {
			c->end = (size_t)(end - c->line) + 1;
			return 0;
		}
		seen = c->len;
		if (c->len == c->room) {
			rc = more_room(c, f);
			if (rc != 0)
				return rc;
		}
		rc = wait_part(c, f);
		if (rc != 0)
			return rc;
		n = read(c->fd, c->line + c->len, c->room - c->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return gone(c, n < 0 ? errno : 0, f);
		c->len += (size_t)n;
	}
}

/* 1: it was a part. */
static int
read_answer(struct api_client *c, api_part *take, void *arg, json_t **ok,
    struct fault *f)
{
	json_t *answer, *value, *error, *part;
	int rc;

	answer = json_loadb(c->line, c->end, JSON_REJECT_DUPLICATES, NULL);
	explicit_bzero(c->line, c->end);
	value = json_object_get(answer, "ok");
	error = json_object_get(answer, "error");
	part = json_object_get(answer, "part");
	if (json_is_object(value)) {
		*ok = json_incref(value);
		rc = 0;
	} else if (json_is_object(error)) {
		rc = fault_from_json(error, f);
		c->problems = json_incref(json_object_get(error, "problems"));
	} else if (json_is_object(part) && take != NULL) {
		rc = c->stopped || take(arg, part) ? 0 : stop(c, f);
		if (rc == 0)
			rc = 1;
	} else
		rc = fault_set(f, FAULT_SYSTEM, NULL,
		    "the service gave an answer that makes no sense");
	json_decref(answer);
	return rc;
}

int
api_stream(struct api_client *c, const char *op, json_t *args, api_part *part,
    void *arg, json_t **ok, struct fault *f)
{
	int rc;

	json_decref(c->problems);
	c->problems = NULL;
	c->streams = part != NULL;
	c->stopped = false;
	rc = c->ended ? gone(c, 0, f) : send_request(c, op, args, f);
	if (rc == 0)
		do {
			rc = receive_line(c, f);
			if (rc == 0)
				rc = read_answer(c, part, arg, ok, f);
		} while (rc == 1);
	c->len = c->end; /* what is behind the answer belongs to none */
	json_decref(args);
	return rc;
}

int
api_call(struct api_client *c, const char *op, json_t *args, json_t **ok,
    struct fault *f)
{
	return api_stream(c, op, args, NULL, NULL, ok, f);
}
