#include "agent/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/pings.h"
#include "agent/trace.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"

#define SECOND_US 1000000LL

/* A child that works on a question. pid 0: none. */
struct child {
	pid_t pid;
	uint32_t token;
	int64_t deadline; /* monotonic microseconds */
};

struct resolver {
	struct resolver_fds fds;
	struct pings *pings;
	struct traces *traces;
	struct child children[RESOLVER_CHILDREN_MAX];
	bool ended; /* the agent is gone */
};

static int
answer(
    int fd, uint32_t token, const struct ip *ips, size_t n, const char *error)
{
	struct pack body;
	int rc;

	pack_init(&body, PACKET_MAX);
	pack_u32(&body, token);
	pack_u32(&body, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		pack_ip(&body, &ips[i]);
	pack_text(&body, error);
	rc = packet_send(fd, RESOLVER_ANSWER, &body, -1);
	pack_free(&body);
	return rc;
}

static size_t
collect(struct ip ips[RESOLVER_ADDRESSES_MAX], const struct addrinfo *list)
{
	size_t n = 0;

	for (; list != NULL && n < RESOLVER_ADDRESSES_MAX;
	     list = list->ai_next) {
		struct ip *ip = &ips[n];

		*ip = (struct ip){ 0 };
		if (list->ai_family == AF_INET) {
			const struct sockaddr_in *in =
			    (const void *)list->ai_addr;

			ip->family = 4;
			memcpy(ip->byte, &in->sin_addr, 4);
			n++;
		} else if (list->ai_family == AF_INET6) {
			const struct sockaddr_in6 *in =
			    (const void *)list->ai_addr;

			ip->family = 6;
			memcpy(ip->byte, &in->sin6_addr, 16);
			n++;
		}
	}
	return n;
}

/*
 * In the child. The whole answer is one packet, so it needs no more than the
 * socket that it shares with its parent.
 */
static _Noreturn void
work(const struct resolver *r, uint32_t token, const char *host)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM };
	struct ip ips[RESOLVER_ADDRESSES_MAX];
	struct addrinfo *list = NULL;
	const char *error = "";
	size_t n = 0;
	int rc;

	/* Nothing for what a library may do with an answer. */
	close(r->fds.echo[0]);
	close(r->fds.echo[1]);
	close(r->fds.pings);
	close(r->fds.hop[0]);
	close(r->fds.hop[1]);
	close(r->fds.traces);
	rc = getaddrinfo(host, NULL, &hints, &list);
	if (rc == 0)
		n = collect(ips, list);
	else
		error = gai_strerror(rc);
	if (rc == 0 && n == 0)
		error = "no address";
	_exit(answer(r->fds.names, token, ips, n, error) == 0 ? 0 : 1);
}

static struct child *
free_child(struct resolver *r)
{
	for (size_t i = 0; i < RESOLVER_CHILDREN_MAX; i++)
		if (r->children[i].pid == 0)
			return &r->children[i];
	return NULL;
}

static bool
busy(const struct resolver *r)
{
	for (size_t i = 0; i < RESOLVER_CHILDREN_MAX; i++)
		if (r->children[i].pid != 0)
			return true;
	return false;
}

static int
take_question(struct resolver *r, struct child *c, struct unpack *u)
{
	char host[HOST_TEXT_MAX];
	uint32_t token = unpack_u32(u);
	pid_t pid;

	unpack_text(u, host, sizeof(host));
	if (unpack_end(u) != 0)
		return FAULT_INVALID;
	if (!text_is_hostname(host, strlen(host)))
		return answer(r->fds.names, token, NULL, 0, "no name");
	pid = fork();
	if (pid == 0)
		work(r, token, host);
	if (pid < 0)
		return answer(r->fds.names, token, NULL, 0, strerror(errno));
	*c = (struct child){ pid, token,
		clock_mono_us() + RESOLVER_SECONDS_MAX * SECOND_US };
	return 0;
}

/* One that ended badly sent no answer: so we do. */
static void
reap(struct resolver *r)
{
	int64_t now = clock_mono_us();

	for (size_t i = 0; i < RESOLVER_CHILDREN_MAX; i++) {
		struct child *c = &r->children[i];
		int status;

		if (c->pid == 0)
			continue;
		if (now > c->deadline)
			kill(c->pid, SIGKILL);
		if (waitpid(c->pid, &status, WNOHANG) != c->pid)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			answer(r->fds.names, c->token, NULL, 0,
			    now > c->deadline ? "no answer in time"
					      : "the resolver failed");
		c->pid = 0;
	}
}

static void
read_questions(struct resolver *r)
{
	uint8_t buf[PACKET_MAX];
	struct child *c;

	/* With all children at work, questions wait in the socket. */
	while (!r->ended && (c = free_child(r)) != NULL) {
		struct unpack body;
		uint32_t type;
		int passed, rc;

		rc = packet_recv(r->fds.names, buf, &type, &body, &passed);
		if (rc == 0)
			return;
		if (rc != 1 || type != RESOLVER_ASK ||
		    take_question(r, c, &body) != 0)
			r->ended = true;
	}
}

static void
on_child(int sig)
{
	(void)sig; /* only to interrupt the wait */
}

/* For a question, a child, a reply, or a time that is over. */
static void
wait_for(struct resolver *r, const sigset_t *mask)
{
	struct pollfd p[1 + PINGS_FDS + TRACES_FDS] = { { .fd = r->fds.names,
	    .events = POLLIN } };
	int64_t us = busy(r) ? SECOND_US : -1;
	struct timespec ts;

	if (free_child(r) == NULL)
		p[0].events = 0;
	pings_wait(r->pings, p + 1, &us);
	traces_wait(r->traces, p + 1 + PINGS_FDS, &us);
	ts.tv_sec = us / SECOND_US;
	ts.tv_nsec = us % SECOND_US * 1000;
	ppoll(p, 1 + PINGS_FDS + TRACES_FDS, us < 0 ? NULL : &ts, mask);
}

static int
open_tasks(struct resolver *r)
{
	int rc = pings_open(&r->pings, r->fds.pings, r->fds.echo);

	return rc != 0 ? rc
		       : traces_open(&r->traces, r->fds.traces, r->fds.hop);
}

int
resolver_main(const struct resolver_fds *fds)
{
	const struct sigaction act = { .sa_handler = on_child };
	struct resolver r = { .fds = *fds };
	sigset_t chld, orig;
	int rc;

	log_init("resolver");
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &orig);
	sigaction(SIGCHLD, &act, NULL);
	fcntl(fds->names, F_SETFL, O_NONBLOCK);
	fcntl(fds->pings, F_SETFL, O_NONBLOCK);
	fcntl(fds->traces, F_SETFL, O_NONBLOCK);
	rc = open_tasks(&r);
	if (rc == 0)
		rc = sandbox_enter(SANDBOX_RESOLVER);
	if (rc != 0)
		log_fatal("the sandbox cannot be entered: %s", strerror(-rc));
	while (!r.ended) {
		wait_for(&r, &orig);
		reap(&r);
		read_questions(&r);
		if (pings_run(r.pings) != 0 || traces_run(r.traces) != 0)
			r.ended = true;
	}
	traces_close(r.traces);
	pings_close(r.pings);
	return 0;
}
