#include "agent/wg_user.h"

#include <bsd/string.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/program.h"
#include "agent/uapi.h"
#include "base/clock.h"

/* wireguard-go has the path built in. */
#define SOCKET_DIR "/var/run/wireguard"

#define READ_US	  300000 /* for all answers to one question */
#define SET_US	  1000000
#define START_US  3000000 /* until it can be connected to */
#define FORGET_MS 100 /* for its end, once its link is gone */
#define START_MAX 8 /* started at the same time */
#define SET_MAX	  8192 /* bytes of a "set" */

struct conn {
	char ifname[IFNAMSIZ];
	int fd;
};

struct wg_user {
	struct conn *conns;
	size_t n_conns;
	char program[PROGRAM_PATH_MAX];
	char answer[UAPI_ANSWER_MAX];
};

int
wg_user_open(struct wg_user **out)
{
	struct wg_user *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -ENOMEM;
	*out = w;
	return 0;
}

void
wg_user_close(struct wg_user *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->n_conns; i++)
		close(w->conns[i].fd);
	free(w->conns);
	explicit_bzero(w->answer, sizeof(w->answer));
	free(w);
}

static int
socket_address(struct sockaddr_un *out, const char *ifname)
{
	int n;

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(out->sun_path, sizeof(out->sun_path), "%s/%s.sock",
	    SOCKET_DIR, ifname);
	return n < 0 || (size_t)n >= sizeof(out->sun_path) ? -ENAMETOOLONG : 0;
}

bool
wg_user_owns(const char *ifname)
{
	struct sockaddr_un sun;
	struct stat st;

	return geteuid() != 0 && socket_address(&sun, ifname) == 0 &&
	       stat(sun.sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       st.st_uid == geteuid();
}

static struct conn *
find_conn(struct wg_user *w, const char *ifname)
{
	for (size_t i = 0; i < w->n_conns; i++)
		if (strcmp(w->conns[i].ifname, ifname) == 0)
			return &w->conns[i];
	return NULL;
}

static void
drop_conn(struct wg_user *w, const char *ifname)
{
	struct conn *c = find_conn(w, ifname);

	if (c == NULL)
		return;
	close(c->fd);
	*c = w->conns[--w->n_conns];
}

/* The descriptor of a new connection, or a negative errno. */
static int
dial(struct wg_user *w, const char *ifname)
{
	struct sockaddr_un to;
	struct conn *more;
	int fd, rc;

	rc = socket_address(&to, ifname);
	if (rc != 0)
		return rc;
	more = reallocarray(w->conns, w->n_conns + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	w->conns = more;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	more = &w->conns[w->n_conns++];
	strlcpy(more->ifname, ifname, sizeof(more->ifname));
	more->fd = fd;
	return fd;
}

/* Our text is short, the socket's buffer empty: all of it or a failure. */
static int
send_text(int fd, const char *text, size_t len)
{
	ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EAGAIN;
}

/* Over the connection there is; if its other end is gone, over a new one. */
static int
ask(struct wg_user *w, const char *ifname, const char *text, size_t len)
{
	const struct conn *c = find_conn(w, ifname);
	int fd;

	if (c != NULL) {
		if (send_text(c->fd, text, len) == 0)
			return 0;
		drop_conn(w, ifname);
	}
	fd = dial(w, ifname);
	return fd < 0 ? fd : send_text(fd, text, len);
}

/* Reads one answer; its length, or a negative errno. */
static ssize_t
read_answer(struct wg_user *w, int fd, int64_t deadline)
{
	size_t len = 0;

	while (!uapi_complete(w->answer, len)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = (deadline - clock_mono_us()) / 1000;
		ssize_t n;

		if (len == sizeof(w->answer))
			return -EMSGSIZE;
		n = recv(fd, w->answer + len, sizeof(w->answer) - len, 0);
		if (n == 0)
			return -ECONNRESET;
		if (n > 0) {
			len += (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		if (poll(&p, 1, left > 0 ? (int)left : 0) == 0)
			return -ETIMEDOUT;
	}
	return (ssize_t)len;
}

static int
finish(struct wg_user *w, const char *ifname, struct wg_device *device,
    int64_t deadline)
{
	const struct conn *c = find_conn(w, ifname);
	ssize_t len;
	int rc;

	if (c == NULL)
		return -ENOTCONN;
	len = read_answer(w, c->fd, deadline);
	if (len < 0) {
		/* What comes late must not answer the next question. */
		drop_conn(w, ifname);
		return (int)len;
	}
	rc = uapi_parse(device, w->answer, (size_t)len);
	explicit_bzero(w->answer, (size_t)len);
	return rc;
}

void
wg_user_read(struct wg_user *w, struct wg_user_ask *asks, size_t n)
{
	int64_t deadline = clock_mono_us() + READ_US;

	for (size_t i = 0; i < n; i++)
		asks[i].rc =
		    ask(w, asks[i].ifname, UAPI_GET, sizeof(UAPI_GET) - 1);
	for (size_t i = 0; i < n; i++)
		if (asks[i].rc == 0)
			asks[i].rc =
			    finish(w, asks[i].ifname, asks[i].device, deadline);
}

int
wg_user_set(struct wg_user *w, const char *ifname, const struct wg_change *c)
{
	char text[SET_MAX];
	FILE *f = fmemopen(text, sizeof(text), "w");
	long len;
	int rc = -ENOMEM;

	if (f == NULL)
		return rc;
	setvbuf(f, NULL, _IONBF, 0); /* keys stay in `text` alone */
	uapi_print(f, c);
	len = ftell(f);
	if (ferror(f) == 0 && len > 0)
		rc = ask(w, ifname, text, (size_t)len);
	fclose(f);
	explicit_bzero(text, sizeof(text));
	if (rc != 0)
		return rc;
	return finish(w, ifname, NULL, clock_mono_us() + SET_US);
}

void
wg_user_forget(struct wg_user *w, const char *ifname)
{
	const struct conn *c = find_conn(w, ifname);
	struct sockaddr_un at;

	/* It ends by itself; its port may be the next one's already. */
	if (c != NULL) {
		struct pollfd p = { .fd = c->fd, .events = POLLIN };

		poll(&p, 1, FORGET_MS);
	}
	drop_conn(w, ifname);
	if (socket_address(&at, ifname) == 0)
		unlink(at.sun_path);
}

static void
start_end(struct wg_user_start *s, int rc)
{
	s->rc = rc;
	if (s->gone >= 0)
		close(s->gone);
	s->gone = -1;
}

static void
start_begin(struct wg_user *w, struct wg_user_start *s)
{
	char *const argv[] = { "wireguard-go", "-f", (char *)s->ifname, NULL };
	int rc;

	rc = program_start(w->program, argv, &s->gone);
	if (rc != 0) {
		start_end(s, rc);
		return;
	}
	s->rc = -EINPROGRESS;
	s->deadline = clock_mono_us() + START_US;
}

/* Its socket is there before it can be connected to, and that before it. */
static void
start_look(struct wg_user *w, struct wg_user_start *s)
{
	struct pollfd p = { .fd = s->gone, .events = POLLIN };
	int fd;

	drop_conn(w, s->ifname);
	fd = dial(w, s->ifname);
	if (fd >= 0)
		start_end(s, 0);
	else if (poll(&p, 1, 0) == 1)
		start_end(s, -ECHILD);
	else if (clock_mono_us() > s->deadline)
		start_end(s, -ETIMEDOUT);
}

/* Begins as many as may be on their way; the number of those that are. */
static size_t
start_more(struct wg_user *w, struct wg_user_start *starts, size_t n)
{
	size_t going = 0;

	for (size_t i = 0; i < n; i++)
		going += starts[i].rc == -EINPROGRESS;
	for (size_t i = 0; i < n && going < START_MAX; i++) {
		if (starts[i].rc != -EAGAIN)
			continue;
		start_begin(w, &starts[i]);
		going += starts[i].rc == -EINPROGRESS;
	}
	return going;
}

void
wg_user_start(struct wg_user *w, struct wg_user_start *starts, size_t n)
{
	int rc = program_find(w->program, "wireguard-go");

	mkdir(SOCKET_DIR, 0755); /* usually there; else a start will fail */
	for (size_t i = 0; i < n; i++) {
		starts[i].rc = rc == 0 ? -EAGAIN : rc;
		starts[i].gone = -1;
	}
	start_more(w, starts, n);
}

void
wg_user_wait(struct wg_user *w, struct wg_user_start *starts, size_t n)
{
	while (start_more(w, starts, n) > 0) {
		for (size_t i = 0; i < n; i++)
			if (starts[i].rc == -EINPROGRESS)
				start_look(w, &starts[i]);
		/* It takes 5 ms: to be told costs as much as to look. */
		usleep(500);
	}
}
