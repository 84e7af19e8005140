#include "engine/engine.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/listen.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/notify.h"
#include "engine/agentlink.h"
#include "engine/conn.h"
#include "engine/latencies.h"
#include "engine/ownership.h"
#include "engine/sync.h"

#define REGISTRY_SECONDS 5 /* between two looks at the folder */

void
engine_tell_listener(const struct engine *e)
{
	const struct network_peering *p = &e->net->peering;
	static const struct ip nowhere;
	const struct ip *ip = e->rules.pop->peering ? &p->listen : &nowhere;
	struct pack body;

	pack_init(&body, 32);
	pack_ip(&body, ip);
	pack_u16(&body, p->listen_port);
	if (packet_send(e->listener_fd, LISTEN_AT, &body, -1) != 0)
		log_error("the listener cannot be told where to listen");
	pack_free(&body);
}

/* The listener accepted a client: serve its session's API. */
static void
take_client(struct engine *e, struct unpack *body, int fd)
{
	struct identity who = { .kind = CONN_SESSION };
	struct ip ip;

	unpack_ip(body, &ip);
	if (unpack_end(body) != 0 || fd < 0) {
		close(fd);
		return;
	}
	ip_text(&ip, who.from);
	conn_new(e, fd, &who);
}

static void
on_listener(evutil_socket_t sock, short what, void *arg)
{
	struct engine *e = arg;
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int fd, rc;

	(void)what;
	while ((rc = packet_recv(sock, buf, &type, &body, &fd)) == 1) {
		if (type == LISTEN_CLIENT)
			take_client(e, &body, fd);
		else if (fd >= 0)
			close(fd);
	}
	if (rc != 0) {
		log_error("the listener is gone");
		event_base_loopbreak(e->base);
	}
}

/* On the control socket: root, or whoever the engine runs as. */
static void
on_operator(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa,
    int len, void *arg)
{
	struct identity who = { .kind = CONN_OPERATOR, .from = "local" };
	struct ucred cred;
	socklen_t cred_len = sizeof(cred);

	(void)l;
	(void)sa;
	(void)len;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &cred_len) != 0 ||
	    (cred.uid != 0 && cred.uid != getuid())) {
		close(fd);
		return;
	}
	who.uid = cred.uid;
	conn_new(arg, fd, &who);
}

static struct evconnlistener *
open_control(struct engine *e)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct evconnlistener *l;
	size_t len = strlen(e->paths->control);
	mode_t mask;

	if (len >= sizeof(sun.sun_path))
		log_fatal("%s: the path of the control socket is too long",
		    e->paths->control);
	memcpy(sun.sun_path, e->paths->control, len);
	unlink(sun.sun_path);
	mask = umask(0177);
	l = evconnlistener_new_bind(e->base, on_operator, e,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
	    (struct sockaddr *)&sun, (int)sizeof(sun));
	umask(mask);
	if (l == NULL)
		log_fatal("%s: %s", sun.sun_path, strerror(errno));
	return l;
}

/* A clone changes by pulls alone; a folder by whatever the operator does. */
static void
on_registry_timer(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;

	(void)fd;
	(void)what;
	if (sync_dir(e->sync) == e->paths->registry)
		engine_watch_registry(e);
	if (e->review_due)
		ownership_follow(e);
}

/* What must be there before the first request: each failure says why. */
static void
engine_start(struct engine *e, const struct engine_args *args)
{
	struct network_problems *problems = calloc(1, sizeof(*problems));
	struct fault f;

	if (problems == NULL || engine_replan_init(e) != 0)
		log_fatal("no memory");
	if (agentlink_open(&e->agent, e, args->agent_fd) != 0)
		log_fatal("the agent does not answer");
	if (engine_load_network(e, problems, &f) != 0)
		log_fatal("%s: %s%s%s", e->paths->network, f.field,
		    f.field[0] != '\0' ? ": " : "", f.text);
	if (sync_new(&e->sync, e) != 0 || latencies_new(&e->latencies, e) != 0)
		log_fatal("no memory");
	engine_load_registry(e);
	if (store_open(&e->store, e->paths->store, &f) != 0)
		log_fatal("%s", f.text);
	if (engine_load_peerings(e, &f) != 0)
		log_fatal("%s", f.text);
	ownership_follow(e);
	if (engine_replan(e, false, &f) != 0)
		log_fatal("the plan: %s", f.text);
	engine_tell_listener(e);
	sync_configure(e->sync);
	free(problems);
}

static void
engine_end(struct engine *e)
{
	sync_free(e->sync);
	latencies_free(e->latencies);
	agentlink_free(e->agent);
	store_close(e->store);
	registry_free(e->registry);
	policy_free(&e->policy);
	network_free(e->net);
	free(e->admin_keys);
	free(e->motd);
	free(e->peerings);
	quarantine_free(&e->quarantine);
	event_free(e->replan);
}

int
engine_main(const struct engine_args *args)
{
	struct engine e = { .paths = args->paths,
		.pop_wanted = args->pop,
		.listener_fd = args->listener_fd,
		.registry_stamp = REGISTRY_UNSEEN };
	struct timeval interval = { .tv_sec = REGISTRY_SECONDS };
	struct evconnlistener *control;
	struct event *listener, *timer;

	log_init("engine");
	signal(SIGPIPE, SIG_IGN); /* a client may leave before its answer */
	e.base = event_base_new();
	if (e.base == NULL)
		log_fatal("no event loop");
	LIST_INIT(&e.conns);
	engine_start(&e, args);
	evutil_make_socket_nonblocking(e.listener_fd);
	listener = event_new(
	    e.base, e.listener_fd, EV_READ | EV_PERSIST, on_listener, &e);
	timer = event_new(e.base, -1, EV_PERSIST, on_registry_timer, &e);
	if (listener == NULL || timer == NULL ||
	    event_add(listener, NULL) != 0 || event_add(timer, &interval) != 0)
		log_fatal("no memory");
	control = open_control(&e);
	log_info("POP %s of AS%u is ready: %zu peerings", e.rules.pop->name,
	    e.net->asn, e.n_peerings);
	notify_ready();
	event_base_dispatch(e.base);

	evconnlistener_free(control);
	event_free(listener);
	event_free(timer);
	conn_free_all(&e);
	engine_end(&e);
	event_base_free(e.base);
	return 1;
}
