#include "cli/git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

FILE *
git_file(void)
{
	int fd = memfd_create("git", MFD_CLOEXEC);
	/* Several processes may write to it. */
	FILE *f = fd >= 0 ? fdopen(fd, "a+") : NULL;

	if (f == NULL) {
		log_error("no memory: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return f;
}

static int
redirect(posix_spawn_file_actions_t *a, int fd, int to)
{
	if (fd >= 0)
		return posix_spawn_file_actions_adddup2(a, fd, to);
	return posix_spawn_file_actions_addopen(a, to, "/dev/null", O_RDWR, 0);
}

static int
spawn(pid_t *pid, const struct git *g, char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int rc;

	if (g->in >= 0 && lseek(g->in, 0, SEEK_SET) != 0)
		return errno;
	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = redirect(&actions, g->in, STDIN_FILENO);
	if (rc == 0)
		rc = redirect(&actions, g->out, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawnp(pid, "git", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

int
git_run(const struct git *g, const char *const *args)
{
	const char *argv[GIT_ARGS_MAX + 4] = { "git", "-C", g->dir };
	const char *was = getenv("GIT_INDEX_FILE");
	int status, rc;
	pid_t pid;

	for (size_t i = 0; args[i] != NULL && i < GIT_ARGS_MAX; i++)
		argv[i + 3] = args[i];
	was = was != NULL ? strdup(was) : NULL;
	if (g->index != NULL)
		setenv("GIT_INDEX_FILE", g->index, 1);
	rc = spawn(&pid, g, (char *const *)argv);
	if (was != NULL)
		setenv("GIT_INDEX_FILE", was, 1);
	else
		unsetenv("GIT_INDEX_FILE");
	free((char *)was);
	if (rc != 0) {
		log_error("git cannot be run: %s", strerror(rc));
		return -1;
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
		log_error("git came to no good end");
		return -1;
	}
	return WEXITSTATUS(status);
}
