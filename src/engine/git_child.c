#include "engine/git_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define ARGS_MAX 20
#define SSH_MAX	 (3 * PATHS_MAX)

/*
 * What it may write into one file, and have in memory: of ten dn42s it needs a
 * quarter of that, and if the system had to end it, we would end with it.
 */
#define FILE_BYTES   (1U << 30)
#define MEMORY_BYTES (256U << 20)

/*
 * A link in the registry must not lead out of it, so it becomes a file. A
 * path's owner need not be us: the operator named it.
 */
static const char configuration[] =
    "[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n"
    "\tsymlinks = false\n\tattributesFile = /dev/null\n"
    "[protocol]\n\tallow = never\n"
    "[protocol \"https\"]\n\tallow = always\n"
    "[protocol \"ssh\"]\n\tallow = always\n"
    "[protocol \"file\"]\n\tallow = always\n"
    "[http]\n\tfollowRedirects = false\n"
    "\tlowSpeedLimit = 100\n\tlowSpeedTime = 20\n"
    "[credential]\n\thelper =\n"
    "[fetch]\n\tfsckObjects = true\n\trecurseSubmodules = false\n"
    "[submodule]\n\trecurse = false\n"
    "[pack]\n\tthreads = 2\n"
    "[gc]\n\tautoDetach = false\n"
    "[maintenance]\n\tauto = false\n"
    "[safe]\n\tdirectory = *\n";

int
git_configure(const char *path)
{
	return file_replace(
	    path, 0644, configuration, sizeof(configuration) - 1);
}

/* git hands this to a shell; a path that would need more than '' is refused. */
static int
set_ssh(const char *dir)
{
	char text[SSH_MAX];
	int n;

	if (strchr(dir, '\'') != NULL)
		return -EINVAL;
	n = snprintf(text, sizeof(text),
	    "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=yes "
	    "-o ConnectTimeout=15 -o ServerAliveInterval=15 "
	    "-o IdentitiesOnly=yes -i '%s/registry_key' "
	    "-o GlobalKnownHostsFile=/dev/null "
	    "-o 'UserKnownHostsFile=\"%s/known_hosts\"'",
	    dir, dir);
	if (n < 0 || (size_t)n >= sizeof(text))
		return -ENAMETOOLONG;
	return setenv("GIT_SSH_COMMAND", text, 1);
}

static int
set_environment(const struct git_command *cmd)
{
	int rc = clearenv();

	rc |= setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	rc |= setenv("LC_ALL", "C", 1);
	rc |= setenv("HOME", "/nonexistent", 1);
	rc |= setenv("GIT_DIR", cmd->repository, 1);
	rc |= setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	rc |= setenv("GIT_CONFIG_GLOBAL", cmd->config, 1);
	rc |= setenv("GIT_ATTR_NOSYSTEM", "1", 1);
	rc |= setenv("GIT_TERMINAL_PROMPT", "0", 1);
	rc |= setenv("GIT_ASKPASS", "/bin/false", 1);
	rc |= setenv("SSH_ASKPASS", "/bin/false", 1);
	rc |= setenv("GIT_SSH_VARIANT", "ssh", 1);
	rc |= set_ssh(cmd->conf_dir);
	if (cmd->tree != NULL) {
		rc |= setenv("GIT_WORK_TREE", cmd->tree, 1);
		rc |= setenv("GIT_INDEX_FILE", cmd->index, 1);
	}
	return rc;
}

static int
set_limits(void)
{
	const struct rlimit file = { FILE_BYTES, FILE_BYTES },
			    memory = { MEMORY_BYTES, MEMORY_BYTES },
			    core = { 0, 0 };

	return setrlimit(RLIMIT_FSIZE, &file) |
	       setrlimit(RLIMIT_DATA, &memory) | setrlimit(RLIMIT_CORE, &core);
}

_Noreturn void
git_become(const struct git_command *cmd, int out)
{
	const char *argv[ARGS_MAX] = { "git" };
	int null = open("/dev/null", O_RDONLY);
	sigset_t mask;

	for (size_t i = 0; cmd->args[i] != NULL; i++) {
		if (i + 2 >= ARGS_MAX)
			_exit(127);
		argv[i + 1] = cmd->args[i];
	}
	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* A session of its own: no terminal, and all of it can be killed. */
	if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || dup2(null, 0) != 0 ||
	    dup2(out, 1) != 1 || dup2(out, 2) != 2 ||
	    close_range(3, ~0U, 0) != 0 || set_environment(cmd) != 0 ||
	    chdir("/") != 0 || set_limits() != 0)
		_exit(127);
	umask(022);
	execvp("git", (char *const *)argv);
	_exit(errno == ENOENT ? 126 : 127);
}
