#include "ssh/client.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/listen.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"
#include "base/log.h"
#include "ssh/launch.h"
#include "ssh/limit.h"
#include "ssh/wire.h"

#define COMPLAIN_EVERY 60 /* seconds */

/* Lives until its session and its shell have both been waited for. */
struct client {
	TAILQ_ENTRY(client) link;
	struct clients *all;
	struct ip from;
	int control; /* -1: the session is on its own, or gone */
	struct event *readable;
	pid_t session, shell; /* 0: none, or waited for */
	bool known; /* it has a login */
	bool asked; /* for its shell: once */
};

struct clients {
	struct event_base *base;
	int engine_fd;
	const char *root;
	TAILQ_HEAD(, client) list;
	struct limit limit;
	size_t n_known;
	struct event *tick;
	bool ticking;
	int64_t complained;
};

static int64_t
now_s(void)
{
	return clock_mono_us() / 1000000;
}

/* What a stranger can bring about is logged seldom. */
static void
complain(struct clients *all, const char *what, int rc)
{
	int64_t now = now_s();

	if (all->complained != 0 && now - all->complained < COMPLAIN_EVERY)
		return;
	all->complained = now;
	log_error("%s: %s", what, rc < 0 ? strerror(-rc) : "no reason given");
}

/* The session sees the end of its control socket and goes. */
static void
client_release(struct client *c)
{
	limit_remove(&c->all->limit, c);
	if (c->known)
		c->all->n_known--;
	c->known = false;
	if (c->readable != NULL)
		event_free(c->readable);
	c->readable = NULL;
	if (c->control >= 0)
		close(c->control);
	c->control = -1;
	/* What it asked the engine for is done all the same. */
	if (c->shell > 0)
		kill(c->shell, SIGKILL);
}

/* For one that broke a rule, or has to make room. */
static void
client_kill(struct client *c)
{
	if (c->session > 0)
		kill(c->session, SIGKILL);
	client_release(c);
}

static void
client_free(struct client *c)
{
	client_release(c);
	TAILQ_REMOVE(&c->all->list, c, link);
	free(c);
}

static void
limit_enforce(struct clients *all)
{
	struct client *c;

	while ((c = limit_victim(&all->limit, now_s())) != NULL)
		client_kill(c);
}

static void
tick_set(struct clients *all)
{
	const struct timeval second = { .tv_sec = 1 };

	if (all->limit.n > 0 && !all->ticking)
		all->ticking = event_add(all->tick, &second) == 0;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct clients *all = arg;

	(void)fd;
	(void)what;
	all->ticking = false;
	limit_enforce(all);
	tick_set(all);
}

static void
client_refuse(struct client *c, const char *why)
{
	struct pack body;

	pack_init(&body, PACKET_MAX);
	pack_text(&body, why);
	if (packet_send(c->control, SSH_WIRE_REFUSED, &body, -1) != 0)
		client_kill(c);
	pack_free(&body);
}

static void
client_shell(struct client *c, const struct ssh_shell_request *r, int api_fd)
{
	struct launch l;
	int rc;

	if (c->all->n_known > CLIENTS_KNOWN_MAX) {
		client_refuse(c, "too many sessions; try again later");
		return;
	}
	rc = launch_shell(&l, r, api_fd);
	if (rc != 0) {
		complain(c->all, "a shell cannot be started", rc);
		client_refuse(c, "no shell can be started; try again later");
		return;
	}
	c->shell = l.pid;
	if ((l.err >= 0 &&
		packet_send(c->control, SSH_WIRE_STDERR, NULL, l.err) != 0) ||
	    packet_send(c->control, SSH_WIRE_STARTED, NULL, l.stdio) != 0)
		client_kill(c);
	close(l.stdio);
	if (l.err >= 0)
		close(l.err);
}

static int
client_packet(struct client *c, uint32_t type, struct unpack *body, int fd)
{
	struct ssh_shell_request r;

	if (type == SSH_WIRE_AUTHENTICATED) {
		if (unpack_end(body) != 0 || fd >= 0 || c->known)
			return FAULT_INVALID;
		limit_remove(&c->all->limit, c);
		c->known = true;
		c->all->n_known++;
		return 0;
	}
	if (type != SSH_WIRE_SHELL || !c->known || c->asked || fd < 0)
		return FAULT_INVALID;
	ssh_shell_request_unpack(body, &r);
	if (unpack_end(body) != 0)
		return FAULT_INVALID;
	c->asked = true;
	client_shell(c, &r, fd);
	return 0;
}

static void
on_control(evutil_socket_t sock, short what, void *arg)
{
	struct client *c = arg;
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int fd = -1, rc;

	(void)what;
	rc = packet_recv(sock, buf, &type, &body, &fd);
	if (rc == 0)
		return;
	if (rc == FAULT_AWAY) {
		client_release(c);
		return;
	}
	if (rc == 1)
		rc = client_packet(c, type, &body, fd);
	if (fd >= 0)
		close(fd);
	if (rc != 0) {
		log_error("a session broke the protocol: ended");
		client_kill(c);
	}
}

/* Tells the engine of its new client, and hands it its end of the API. */
static int
announce(struct clients *all, const struct ip *from, int fd)
{
	struct pack body;
	int rc;

	pack_init(&body, PACKET_MAX);
	pack_ip(&body, from);
	rc = packet_send(all->engine_fd, LISTEN_CLIENT, &body, fd);
	pack_free(&body);
	return rc;
}

/* Starts the session of `c`, whose limits have been looked at. */
static int
client_start(struct client *c, int fd)
{
	const int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
	int control[2] = { -1, -1 }, api[2] = { -1, -1 }, rc;

	/* The API is asked and waited for: it blocks. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | flags, 0, control) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, api) != 0) {
		rc = -errno;
		goto out;
	}
	c->readable = event_new(
	    c->all->base, control[0], EV_READ | EV_PERSIST, on_control, c);
	rc = -ENOMEM;
	if (c->readable == NULL || event_add(c->readable, NULL) != 0)
		goto out;
	rc = -EAGAIN;
	if (announce(c->all, &c->from, api[0]) != 0)
		goto out;
	c->session = launch_session(c->all->root, fd, control[1], api[1]);
	rc = (int)c->session;
	if (c->session < 0)
		goto out;
	c->control = control[0];
	control[0] = -1;
	rc = 0;
out:
	for (int i = 0; i < 2; i++) {
		if (control[i] >= 0)
			close(control[i]);
		if (api[i] >= 0)
			close(api[i]);
	}
	return rc;
}

void
clients_accept(void *arg, int fd, const struct ip *from)
{
	struct clients *all = arg;
	struct client *c = calloc(1, sizeof(*c));
	int rc = -ENOMEM;

	if (c != NULL) {
		*c =
		    (struct client){ .all = all, .from = *from, .control = -1 };
		TAILQ_INSERT_TAIL(&all->list, c, link);
		limit_add(&all->limit, from, now_s(), c);
		limit_enforce(all);
		tick_set(all);
		rc = client_start(c, fd);
	}
	if (rc != 0) {
		complain(all, "a connection cannot be served", rc);
		if (c != NULL)
			client_free(c);
	}
	close(fd);
}

static void
report_exit(struct client *c, int status)
{
	struct pack body;

	if (c->control < 0)
		return;
	pack_init(&body, PACKET_MAX);
	pack_u32(
	    &body, WIFEXITED(status) ? (uint32_t)WEXITSTATUS(status) : 255);
	if (packet_send(c->control, SSH_WIRE_EXITED, &body, -1) != 0)
		client_kill(c);
	pack_free(&body);
}

static void
client_ended(struct client *c, pid_t pid, int status)
{
	/* These come of a lost connection; others, like SIGSYS, are faults. */
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL &&
	    WTERMSIG(status) != SIGHUP && WTERMSIG(status) != SIGPIPE)
		log_error("a %s ended by signal %d (%s)",
		    pid == c->session ? "session" : "shell", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	if (pid == c->session) {
		c->session = 0;
		client_release(c);
	} else {
		c->shell = 0;
		report_exit(c, status);
	}
	if (c->session == 0 && c->shell == 0)
		client_free(c);
}

void
clients_reap(struct clients *all)
{
	struct client *c;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		TAILQ_FOREACH (c, &all->list, link)
			if (c->session == pid || c->shell == pid)
				break;
		if (c != NULL)
			client_ended(c, pid, status);
	}
}

struct clients *
clients_new(struct event_base *base, int engine_fd, const char *root)
{
	struct clients *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->base = base;
	all->engine_fd = engine_fd;
	all->root = root;
	TAILQ_INIT(&all->list);
	all->tick = evtimer_new(base, on_tick, all);
	if (all->tick == NULL) {
		free(all);
		return NULL;
	}
	return all;
}

void
clients_free(struct clients *all)
{
	struct client *c;

	if (all == NULL)
		return;
	while ((c = TAILQ_FIRST(&all->list)) != NULL)
		client_free(c);
	event_free(all->tick);
	free(all);
}
