#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ARGS_MAX 24

/*
 * Puts the descriptors where the role expects them. They are first moved
 * above all targets, so that no dup2 overwrites one that is still to move.
 */
static int
place_descriptors(const struct spawn *s)
{
	int stdio[3], fds[SPAWN_FDS_MAX];
	int above = SPAWN_FD_0 + SPAWN_FDS_MAX;

	for (int i = 0; i < 3; i++) {
		stdio[i] = s->stdio[i];
		if (stdio[i] < 0)
			continue;
		stdio[i] = fcntl(stdio[i], F_DUPFD, above);
		if (stdio[i] < 0)
			return -errno;
	}
	for (size_t i = 0; i < s->n_fds; i++) {
		fds[i] = fcntl(s->fds[i], F_DUPFD, above);
		if (fds[i] < 0)
			return -errno;
	}
	for (int i = 0; i < 3; i++)
		if (stdio[i] >= 0 && dup2(stdio[i], i) < 0)
			return -errno;
	for (size_t i = 0; i < s->n_fds; i++)
		if (dup2(fds[i], SPAWN_FD_0 + (int)i) < 0)
			return -errno;
	close_range((unsigned)SPAWN_FD_0 + (unsigned)s->n_fds, ~0U, 0);
	return 0;
}

static _Noreturn void
become_role(const struct spawn *s)
{
	char *argv[ARGS_MAX] = { "meetmed", "--role", (char *)s->role };
	sigset_t none;

	for (size_t i = 0; s->args != NULL && s->args[i] != NULL; i++) {
		if (i + 4 >= ARGS_MAX)
			_exit(127);
		argv[i + 3] = s->args[i];
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (place_descriptors(s) != 0)
		_exit(127);
	if (s->terminal && (setsid() < 0 || ioctl(0, TIOCSCTTY, 0) != 0))
		_exit(127);
	if (s->uid != 0 && (setgroups(0, NULL) != 0 ||
			       setresgid(s->gid, s->gid, s->gid) != 0 ||
			       setresuid(s->uid, s->uid, s->uid) != 0))
		_exit(127);
	/* No role brings rights back by starting a program that has them. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(127);
	execv("/proc/self/exe", argv);
	_exit(127);
}

pid_t
spawn_role(const struct spawn *s)
{
	pid_t pid;

	if (s->n_fds > SPAWN_FDS_MAX)
		return -EINVAL;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		become_role(s);
	return pid;
}
