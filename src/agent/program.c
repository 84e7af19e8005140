#include "agent/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define GONE_FD 3 /* in the program: open for as long as it lives */

static char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C", "LOG_LEVEL=error", NULL };

int
program_find(char buf[PROGRAM_PATH_MAX], const char *name)
{
	static const char *const folders[] = { "/usr/local/sbin",
		"/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int n =
		    snprintf(buf, PROGRAM_PATH_MAX, "%s/%s", folders[i], name);

		if (n > 0 && n < PROGRAM_PATH_MAX && access(buf, X_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

/* In the child: signals as at birth, no descriptor but 0..2 and `keep`. */
static _Noreturn void
become(const char *path, char *const argv[], int out, int keep)
{
	unsigned first = keep >= 0 ? GONE_FD + 1 : GONE_FD;
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (keep >= 0 && (keep = fcntl(keep, F_DUPFD, GONE_FD + 1)) < 0)
		_exit(127);
	if (null < 0 || dup2(null, 0) < 0 ||
	    dup2(out >= 0 ? out : null, 1) < 0 ||
	    dup2(out >= 0 ? out : null, 2) < 0)
		_exit(127);
	if (keep >= 0 && dup2(keep, GONE_FD) < 0)
		_exit(127);
	close_range(first, ~0U, 0);
	execve(path, argv, environment);
	_exit(127);
}

static int
collect(int fd, int64_t deadline, char *out, size_t size)
{
	size_t len = 0;
	char rest[256] = "";

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - clock_mono_us() / 1000;
		bool room = len + 1 < size;
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return -ETIMEDOUT;
		n = read(fd, room ? out + len : rest,
		    room ? size - 1 - len : sizeof(rest));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (room)
			len += (size_t)n;
	}
	out[len] = '\0';
	return 0;
}

int
program_run(
    const char *path, char *const argv[], int ms, char *out, size_t size)
{
	int pipes[2], status = 0, rc;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		rc = -errno;
		close(pipes[0]);
		close(pipes[1]);
		return rc;
	}
	if (pid == 0)
		become(path, argv, pipes[1], -1);
	close(pipes[1]);
	rc = collect(pipes[0], clock_mono_us() / 1000 + ms, out, size);
	close(pipes[0]);
	if (rc != 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (rc != 0)
		return rc;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int
program_start(const char *path, char *const argv[], int *gone)
{
	int pipes[2], rc = 0;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		/* The one between ends at once, so that init is the parent. */
		setsid();
		if (fork() != 0)
			_exit(0);
		become(path, argv, -1, pipes[1]);
	}
	if (pid < 0)
		rc = -errno;
	else
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	close(pipes[1]);
	if (rc != 0)
		close(pipes[0]);
	else
		*gone = pipes[0];
	return rc;
}
