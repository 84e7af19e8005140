#include "ssh/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/spawn.h"

/* The session's end and the shell's. */
struct pair {
	int ours, theirs;
};

static void
pair_close(struct pair *p)
{
	if (p->ours >= 0)
		close(p->ours);
	if (p->theirs >= 0)
		close(p->theirs);
	*p = (struct pair){ -1, -1 };
}

static int
open_pty(struct pair *p, const struct ssh_shell_request *r)
{
	const struct winsize size = { .ws_row = r->rows, .ws_col = r->columns };
	struct termios mode;

	if (openpty(&p->ours, &p->theirs, NULL, NULL, &size) != 0)
		return -errno;
	/* Without it the kernel erases a character byte by byte. */
	if (r->utf8 && tcgetattr(p->theirs, &mode) == 0) {
		mode.c_iflag |= IUTF8;
		tcsetattr(p->theirs, TCSANOW, &mode);
	}
	return 0;
}

/* A socket pair, so that the end of the input can be passed on. */
static int
open_pipes(struct pair *io, struct pair *err)
{
	int sv[2], pv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) != 0)
		return -errno;
	*io = (struct pair){ sv[0], sv[1] };
	if (pipe2(pv, O_CLOEXEC) != 0)
		return -errno;
	*err = (struct pair){ pv[0], pv[1] };
	return 0;
}

static pid_t
spawn_shell(const struct ssh_shell_request *r, const struct pair *io,
    const struct pair *err, int api_fd)
{
	char *args[5] = { NULL };
	size_t n = 0;
	const struct spawn s = {
		.role = "shell",
		.args = args,
		.stdio = { io->theirs, io->theirs,
		    r->terminal ? io->theirs : err->theirs },
		.fds = &api_fd,
		.n_fds = 1,
		.terminal = r->terminal,
	};

	if (r->terminal) {
		args[n++] = "--terminal";
		args[n++] = (char *)r->term;
	}
	if (!r->interactive) {
		args[n++] = "--command";
		args[n++] = (char *)r->command;
	}
	setenv("LC_ALL", r->utf8 ? "C.UTF-8" : "C", 1);
	return spawn_role(&s);
}

int
launch_shell(struct launch *out, const struct ssh_shell_request *r, int api_fd)
{
	struct pair io = { -1, -1 }, err = { -1, -1 };
	pid_t pid;
	int rc;

	rc = r->terminal ? open_pty(&io, r) : open_pipes(&io, &err);
	if (rc != 0)
		goto out;
	pid = spawn_shell(r, &io, &err, api_fd);
	rc = pid < 0 ? (int)pid : 0;
	if (rc != 0)
		goto out;
	*out = (struct launch){ pid, io.ours, err.ours };
	io.ours = err.ours = -1;
out:
	pair_close(&io);
	pair_close(&err);
	return rc;
}

pid_t
launch_session(const char *root, int client_fd, int control_fd, int api_fd)
{
	char *args[] = { "--root", (char *)root, NULL };
	const int fds[] = { client_fd, control_fd, api_fd };
	const struct spawn s = {
		.role = "session",
		.args = args,
		.stdio = { -1, -1, -1 },
		.fds = fds,
		.n_fds = 3,
	};

	return spawn_role(&s);
}
