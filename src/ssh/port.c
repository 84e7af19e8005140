#include "ssh/port.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#define BACKLOG	     128
#define ACCEPT_ROUND 16 /* then others have their turn */
#define RETRY_BIND   5 /* seconds */
#define RETRY_ACCEPT 1

struct address {
	struct ip ip; /* family 0: none */
	uint16_t port;
};

struct port {
	struct event_base *base;
	port_accept *on_accept;
	void *arg;
	struct address wanted, bound;
	int fd; /* -1: not bound */
	struct event *readable, *retry;
	bool complained; /* once per wanted address */
};

static socklen_t
to_sockaddr(struct sockaddr_storage *ss, const struct address *a)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	if (a->ip.family == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(a->port);
		memcpy(&in->sin_addr, a->ip.byte, sizeof(in->sin_addr));
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(a->port);
	memcpy(&in6->sin6_addr, a->ip.byte, sizeof(in6->sin6_addr));
	return sizeof(*in6);
}

static void
from_sockaddr(struct ip *ip, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)ss;

	*ip = (struct ip){ 0 };
	if (ss->ss_family == AF_INET) {
		ip->family = 4;
		memcpy(ip->byte, &in->sin_addr, sizeof(in->sin_addr));
	} else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		ip->family = 4;
		memcpy(ip->byte, in6->sin6_addr.s6_addr + 12, 4);
	} else {
		ip->family = 6;
		memcpy(ip->byte, &in6->sin6_addr, sizeof(in6->sin6_addr));
	}
}

/* The listening socket, or a negative errno. */
static int
bind_to(const struct address *a)
{
	struct sockaddr_storage ss;
	socklen_t len = to_sockaddr(&ss, a);
	int fd, yes = 1, no = 0, rc;

	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    IPPROTO_TCP);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
	    (a->ip.family == 4 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no,
				      sizeof(no)) == 0) &&
	    bind(fd, (struct sockaddr *)&ss, len) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

static void
retry_in(struct port *p, int seconds)
{
	struct timeval tv = { .tv_sec = seconds };

	event_add(p->retry, &tv);
}

static void
accept_one(struct port *p, int fd, const struct sockaddr_storage *ss)
{
	struct ip from;
	int yes = 1;

	/* Each key that is typed is a packet, and so is its echo. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
	from_sockaddr(&from, ss);
	p->on_accept(p->arg, fd, &from);
}

static void
on_readable(evutil_socket_t listening, short what, void *arg)
{
	struct port *p = arg;

	(void)what;
	for (int i = 0; i < ACCEPT_ROUND; i++) {
		struct sockaddr_storage ss;
		socklen_t len = sizeof(ss);
		int fd;

		fd = accept4(listening, (struct sockaddr *)&ss, &len,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			accept_one(p, fd, &ss);
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS) {
			/* It would stay readable: no loop without a rest. */
			log_error("accept: %s", strerror(errno));
			event_del(p->readable);
			retry_in(p, RETRY_ACCEPT);
			return;
		}
	}
}

static void
port_close(struct port *p)
{
	if (p->readable != NULL)
		event_free(p->readable);
	p->readable = NULL;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

/* 0: `a` is listened on. Else a negative errno, and nothing changed. */
static int
port_open(struct port *p, const struct address *a)
{
	struct event *readable;
	int fd = bind_to(a);

	if (fd < 0)
		return fd;
	readable = event_new(p->base, fd, EV_READ | EV_PERSIST, on_readable, p);
	if (readable == NULL || event_add(readable, NULL) != 0) {
		if (readable != NULL)
			event_free(readable);
		close(fd);
		return -ENOMEM;
	}
	port_close(p);
	p->fd = fd;
	p->readable = readable;
	p->bound = *a;
	return 0;
}

/*
 * [::]:22 and 192.0.2.1:22 cannot be bound at the same time: the old one goes
 * first, and comes back if the new one fails for another reason.
 */
static int
port_move(struct port *p, const struct address *a)
{
	struct address before = p->bound;
	bool had = p->fd >= 0;
	int rc = port_open(p, a);

	if (rc != -EADDRINUSE || !had || before.port != a->port)
		return rc;
	port_close(p);
	rc = port_open(p, a);
	if (rc != 0)
		port_open(p, &before);
	return rc;
}

static void
port_try(struct port *p)
{
	char text[IP_TEXT_MAX];
	unsigned port = p->wanted.port;
	int rc;

	rc = port_move(p, &p->wanted);
	ip_text(&p->wanted.ip, text);
	if (rc == 0)
		log_info("listening on [%s]:%u", text, port);
	else {
		if (!p->complained)
			log_error("cannot listen on [%s]:%u: %s; trying again",
			    text, port, strerror(-rc));
		p->complained = true;
		retry_in(p, RETRY_BIND);
	}
}

static bool
address_equal(const struct address *a, const struct address *b)
{
	return ip_cmp(&a->ip, &b->ip) == 0 && a->port == b->port;
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct port *p = arg;

	(void)fd;
	(void)what;
	if (p->readable != NULL)
		event_add(p->readable, NULL);
	if (p->wanted.ip.family != 0 &&
	    (p->fd < 0 || !address_equal(&p->wanted, &p->bound)))
		port_try(p);
}

void
port_set(struct port *p, const struct ip *ip, uint16_t port)
{
	struct address a = { *ip, port };

	if (address_equal(&a, &p->wanted))
		return;
	p->wanted = a;
	p->complained = false;
	if (ip->family == 0) {
		port_close(p);
		log_info("listening nowhere: this POP takes no peerings");
		return;
	}
	if (p->fd < 0 || !address_equal(&a, &p->bound))
		port_try(p);
}

struct port *
port_new(struct event_base *base, port_accept *on_accept, void *arg)
{
	struct port *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->base = base;
	p->on_accept = on_accept;
	p->arg = arg;
	p->fd = -1;
	p->retry = evtimer_new(base, on_retry, p);
	if (p->retry == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

void
port_free(struct port *p)
{
	if (p == NULL)
		return;
	port_close(p);
	event_free(p->retry);
	free(p);
}
