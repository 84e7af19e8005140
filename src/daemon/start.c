#include "daemon/start.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/icmp.h"
#include "base/file.h"
#include "base/log.h"
#include "base/spawn.h"

#define KEY_FILE_MAX 128

static const char wireguard_dir[] = "/run/wireguard";

/*
 * Makes the folder and those above it, as root's; then gives it away. Not by
 * its path: an owner of the folder above could have put a link there.
 */
static void
make_dir(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	char part[PATHS_MAX];
	int fd;

	for (size_t i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			log_fatal("%s: %s", part, strerror(errno));
	}
	if (mkdir(path, mode) != 0 && errno != EEXIST)
		log_fatal("%s: %s", path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchown(fd, uid, gid) != 0 || fchmod(fd, mode) != 0)
		log_fatal("%s: %s", path, strerror(errno));
	close(fd);
}

static gid_t
bird_group(void)
{
	const struct group *gr = getgrnam("bird");

	if (gr == NULL)
		log_fatal("there is no group bird: is BIRD installed?");
	return gr->gr_gid;
}

static void
make_folders(const struct options *o, gid_t bird)
{
	const struct paths *p = &o->paths;
	char peers[PATHS_MAX], hooks[PATHS_MAX];

	make_dir(p->run_dir, 0755, o->engine.uid, o->engine.gid);
	make_dir(p->state_dir, 0700, o->engine.uid, o->engine.gid);
	make_dir(p->sync_dir, 0755, o->engine.uid, o->engine.gid);
	make_dir(p->ssh_dir, 0700, o->listener.uid, o->listener.gid);
	if (path_join(peers, sizeof(peers), p->bird_dir, "peers") != 0 ||
	    path_join(hooks, sizeof(hooks), p->bird_dir, "hooks") != 0)
		log_fatal("%s: the path is too long", p->bird_dir);
	make_dir(p->bird_dir, 02750, o->agent.uid, bird);
	make_dir(peers, 02750, o->agent.uid, bird);
	make_dir(hooks, 0755, 0, 0); /* the operator's, not the agent's */
	/* wireguard-go has its sockets there, whatever our root is. */
	make_dir(wireguard_dir, 0700, o->agent.uid, o->agent.gid);
}

/*
 * Two with one root would undo each other's work, as each knows only its own
 * changes. The lock is held for as long as this process, the agent, lives.
 */
static void
lock_root(const struct options *o)
{
	int fd = open(o->paths.run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return;
	if (fd >= 0 && errno == EWOULDBLOCK)
		log_fatal(
		    "meetmed runs already, with the same %s", o->paths.run_dir);
	log_fatal("%s: %s", o->paths.run_dir, strerror(errno));
}

/* Read while we still may: the file is root's alone. */
static void
read_key(struct wgkey *out, const char *path)
{
	char *text = NULL;
	size_t len;
	int rc = file_read(path, KEY_FILE_MAX, &text, &len);

	if (rc != 0)
		log_fatal(
		    "%s: %s: `meetme init` makes it", path, strerror(-rc));
	if (wgkey_parse(out, text, strcspn(text, "\n")) != 0)
		log_fatal("%s: this is no private key of WireGuard", path);
	explicit_bzero(text, len);
	free(text);
}

static void
make_pair(int type, int pair[2])
{
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0)
		log_fatal("socketpair: %s", strerror(errno));
}

/* Only a picture of the net is lost without it, so nothing ends here. */
static int
check_raw(int fd, const char *what)
{
	if (fd < 0) {
		log_warn("no %s: a raw socket: %s", what, strerror(-fd));
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		log_fatal("/dev/null: %s", strerror(errno));
	return fd;
}

static void
start_role(const struct options *o, const char *role, const int *fds,
    size_t n_fds, const struct user *as)
{
	const char *args[12];
	struct spawn s = { .role = role,
		.args = (char *const *)args,
		.stdio = { -1, -1, -1 },
		.fds = fds,
		.n_fds = n_fds,
		.uid = as->uid,
		.gid = as->gid };
	size_t n = 0;
	pid_t pid;

	args[n++] = "--root";
	args[n++] = o->root;
	args[n++] = "--file";
	args[n++] = o->paths.network;
	args[n++] = "--registry";
	args[n++] = o->paths.registry;
	if (o->pop != NULL) {
		args[n++] = "--pop";
		args[n++] = o->pop;
	}
	args[n] = NULL;
	pid = spawn_role(&s);
	if (pid < 0)
		log_fatal("%s: %s", role, strerror(-(int)pid));
}

/* As struct resolver_fds, and closed here: *args gets the other ends. */
static void
start_resolver(const struct options *o, struct agent_args *args)
{
	int names[2], prober[2], tracer[2];

	make_pair(SOCK_SEQPACKET, names);
	make_pair(SOCK_SEQPACKET, prober);
	make_pair(SOCK_SEQPACKET, tracer);

	const int fds[] = { names[1], prober[1],
		check_raw(icmp_open(4, ICMP_PINGS), "times over IPv4"),
		check_raw(icmp_open(6, ICMP_PINGS), "times over IPv6"),
		tracer[1],
		check_raw(icmp_open(4, ICMP_TRACES), "pings over IPv4"),
		check_raw(icmp_open(6, ICMP_TRACES), "pings over IPv6") };
	const size_t n = sizeof(fds) / sizeof(fds[0]);

	start_role(o, "resolver", fds, n, &o->listener);
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	args->resolver_fd = names[0];
	args->prober_fd = prober[0];
	args->tracer_fd = tracer[0];
}

/*
 * CAP_NET_ADMIN, also for the wireguard-go that the agent starts, and the
 * group that may speak to BIRD. Nothing brings the rest back.
 */
static void
drop_rights(const struct user *as, gid_t bird)
{
	if (setgroups(1, &bird) != 0)
		log_fatal("setgroups: %s", strerror(errno));
	capng_clear(CAPNG_SELECT_ALL);
	capng_updatev(CAPNG_ADD,
	    CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE,
	    CAP_NET_ADMIN, -1);
	if (capng_change_id((int)as->uid, (int)as->gid, CAPNG_CLEAR_BOUNDING) !=
	    0)
		log_fatal("the rights of root cannot be dropped");
	capng_update(CAPNG_ADD, CAPNG_AMBIENT, CAP_NET_ADMIN);
	if (capng_apply(CAPNG_SELECT_AMBIENT) != 0)
		log_fatal("CAP_NET_ADMIN cannot be kept");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		log_fatal("prctl: %s", strerror(errno));
}

int
start_all(const struct options *o)
{
	struct agent_args args = { .paths = &o->paths };
	int agent[2], listener[2];
	gid_t bird;

	log_init("meetmed");
	if (geteuid() != 0)
		log_fatal("start it as root: it drops what it does not need");
	/* A child that ends is noticed by its socket; none stays a zombie. */
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	umask(022);
	bird = bird_group();
	read_key(&args.private_key, o->paths.key);
	make_folders(o, bird);
	lock_root(o);

	make_pair(SOCK_STREAM, agent);
	make_pair(SOCK_SEQPACKET, listener);
	start_role(
	    o, "engine", (int[]){ agent[1], listener[0] }, 2, &o->engine);
	start_role(o, "listener", (int[]){ listener[1] }, 1, &o->listener);
	start_resolver(o, &args);
	close(agent[1]);
	close(listener[0]);
	close(listener[1]);

	drop_rights(&o->agent, bird);
	args.engine_fd = agent[0];
	return agent_main(&args);
}
