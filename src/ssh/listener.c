#include "ssh/listener.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "api/listen.h"
#include "base/fault.h"
#include "base/frame.h"
#include "base/log.h"
#include "ssh/client.h"
#include "ssh/hostkey.h"
#include "ssh/port.h"

struct listener {
	int engine_fd;
	int status; /* of the process */
	struct event_base *base;
	struct event *engine, *child, *term;
	struct clients *clients;
	struct port *port;
};

static int
engine_packet(struct listener *l, uint32_t type, struct unpack *body)
{
	struct ip ip;
	uint16_t port;

	if (type != LISTEN_AT)
		return FAULT_INVALID;
	unpack_ip(body, &ip);
	port = unpack_u16(body);
	if (unpack_end(body) != 0)
		return FAULT_INVALID;
	port_set(l->port, &ip, port);
	return 0;
}

static void
on_engine(evutil_socket_t sock, short what, void *arg)
{
	struct listener *l = arg;
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int fd = -1, rc;

	(void)what;
	rc = packet_recv(sock, buf, &type, &body, &fd);
	if (rc == 0)
		return;
	if (rc == 1)
		rc = fd < 0 ? engine_packet(l, type, &body) : FAULT_INVALID;
	if (rc == 0)
		return;
	log_error(rc == FAULT_AWAY ? "the engine is gone"
				   : "the engine broke the protocol");
	l->status = 1;
	event_base_loopbreak(l->base);
}

static void
on_child(evutil_socket_t sig, short what, void *arg)
{
	struct listener *l = arg;

	(void)sig;
	(void)what;
	clients_reap(l->clients);
}

static void
on_term(evutil_socket_t sig, short what, void *arg)
{
	struct listener *l = arg;

	(void)sig;
	(void)what;
	event_base_loopbreak(l->base);
}

static struct event *
watch(struct listener *l, int fd, short what, event_callback_fn on)
{
	struct event *e =
	    event_new(l->base, fd, (short)(what | EV_PERSIST), on, l);

	if (e == NULL || event_add(e, NULL) != 0)
		log_fatal("out of memory");
	return e;
}

/* One descriptor a client; the sessions give theirs up in their sandbox. */
static void
allow_descriptors(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	if (r.rlim_cur < 4096)
		r.rlim_cur = r.rlim_max < 4096 ? r.rlim_max : 4096;
	setrlimit(RLIMIT_NOFILE, &r);
}

/* The shells take only what the session says of a visitor's environment. */
static void
clean_environment(void)
{
	static const char *const names[] = { "LANG", "LC_CTYPE", "NO_COLOR",
		"TERM", "TERMINFO", "EDITRC", "HOME" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

static void
listener_free(struct listener *l)
{
	port_free(l->port);
	clients_free(l->clients);
	event_free(l->term);
	event_free(l->child);
	event_free(l->engine);
	event_base_free(l->base);
}

int
listener_main(const struct listener_args *args)
{
	struct listener l = { .engine_fd = args->engine_fd };
	struct fault f;

	log_init("listener");
	signal(SIGPIPE, SIG_IGN);
	allow_descriptors();
	clean_environment();
	if (hostkey_make(args->paths->ssh_dir, &f) != 0)
		log_fatal("%s", f.text);
	l.base = event_base_new();
	if (l.base == NULL)
		log_fatal("out of memory");
	l.clients = clients_new(l.base, l.engine_fd, args->root);
	l.port = port_new(l.base, clients_accept, l.clients);
	if (l.clients == NULL || l.port == NULL)
		log_fatal("out of memory");
	if (fcntl(l.engine_fd, F_SETFL, O_NONBLOCK) != 0)
		log_fatal("the engine's socket is not usable");
	l.engine = watch(&l, l.engine_fd, EV_READ, on_engine);
	l.child = watch(&l, SIGCHLD, EV_SIGNAL, on_child);
	l.term = watch(&l, SIGTERM, EV_SIGNAL, on_term);
	event_base_dispatch(l.base);
	listener_free(&l);
	return l.status;
}
