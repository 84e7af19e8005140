#include "engine/git.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define ARGS_MAX   20
#define WORDS_MAX  4096 /* kept of what it says: the end */
#define FILE_BYTES (1U << 30) /* that it may write into one file */
#define SSH_MAX	   (3 * PATHS_MAX)

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
    "[gc]\n\tautoDetach = false\n"
    "[maintenance]\n\tauto = false\n"
    "[safe]\n\tdirectory = *\n";

struct git {
	pid_t pid;
	int out; /* what it says */
	struct event *said, *ended, *deadline;
	char words[WORDS_MAX];
	size_t len;
	bool late;
	void (*done)(void *arg, const struct git_result *result);
	void *arg;
};

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

static _Noreturn void
become_git(const struct git_command *cmd, int out)
{
	const struct rlimit file = { FILE_BYTES, FILE_BYTES }, none = { 0 };
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
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &file) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0 || dup2(null, 0) != 0 ||
	    dup2(out, 1) != 1 || dup2(out, 2) != 2 ||
	    close_range(3, ~0U, 0) != 0 || set_environment(cmd) != 0 ||
	    chdir("/") != 0)
		_exit(127);
	umask(022);
	execvp("git", (char *const *)argv);
	_exit(errno == ENOENT ? 126 : 127);
}

/* The end is what counts: git says last why it failed. */
static void
keep_words(struct git *g, const char *text, size_t n)
{
	size_t drop = g->len + n > WORDS_MAX ? g->len + n - WORDS_MAX : 0;

	memmove(g->words, g->words + drop, g->len - drop);
	g->len -= drop;
	memcpy(g->words + g->len, text, n);
	g->len += n;
}

static void
on_said(evutil_socket_t fd, short what, void *arg)
{
	struct git *g = arg;
	char buf[1024];
	ssize_t n;

	(void)what;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		keep_words(g, buf, (size_t)n);
	if (n == 0)
		event_del(g->said);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct git *g = arg;

	(void)fd;
	(void)what;
	g->late = true;
	kill(-g->pid, SIGKILL);
	kill(g->pid, SIGKILL);
}

static void
git_free(struct git *g)
{
	int pidfd = g->ended != NULL ? event_get_fd(g->ended) : -1;

	if (g->said != NULL)
		event_free(g->said);
	if (g->ended != NULL)
		event_free(g->ended);
	if (g->deadline != NULL)
		event_free(g->deadline);
	if (pidfd >= 0)
		close(pidfd);
	close(g->out);
	free(g);
}

/* The first line that says why, else the last that says something. */
static void
choose_words(char out[GIT_TEXT_MAX], const char *text, size_t len)
{
	const char *end = text + len, *best = NULL;
	size_t best_len = 0;

	for (const char *eol; text < end; text = eol + 1) {
		size_t n;

		eol = memchr(text, '\n', (size_t)(end - text));
		if (eol == NULL)
			eol = end;
		n = (size_t)(eol - text);
		if (n == 0)
			continue;
		best = text;
		best_len = n;
		if (n > 7 && memcmp(text, "fatal: ", 7) == 0)
			break;
	}
	text_clean(out, GIT_TEXT_MAX, best != NULL ? best : "", best_len);
}

static void
on_ended(evutil_socket_t fd, short what, void *arg)
{
	struct git_result result = { .status = -1 };
	void (*done)(void *, const struct git_result *);
	struct git *g = arg;
	void *done_arg;
	int status;

	(void)fd;
	/* While it is a zombie its number is nobody else's. */
	kill(-g->pid, SIGKILL);
	on_said(g->out, what, g);
	if (waitpid(g->pid, &status, 0) == g->pid && WIFEXITED(status))
		result.status = WEXITSTATUS(status);
	result.late = g->late;
	choose_words(result.text, g->words, g->len);
	done = g->done;
	done_arg = g->arg;
	git_free(g);
	done(done_arg, &result);
}

static int
watch(struct git *g, struct event_base *base, int seconds)
{
	struct timeval tv = { .tv_sec = seconds };
	int pidfd = pidfd_open(g->pid, 0);

	if (pidfd < 0)
		return -errno;
	g->ended = event_new(base, pidfd, EV_READ, on_ended, g);
	if (g->ended == NULL) {
		close(pidfd);
		return -ENOMEM;
	}
	g->said = event_new(base, g->out, EV_READ | EV_PERSIST, on_said, g);
	g->deadline = event_new(base, -1, 0, on_deadline, g);
	if (g->said == NULL || g->deadline == NULL ||
	    event_add(g->said, NULL) != 0 || event_add(g->ended, NULL) != 0 ||
	    event_add(g->deadline, &tv) != 0)
		return -ENOMEM;
	return 0;
}

int
git_start(struct git **out, struct event_base *base,
    const struct git_command *cmd,
    void (*done)(void *arg, const struct git_result *result), void *arg)
{
	struct git *g = calloc(1, sizeof(*g));
	int ends[2], rc;

	if (g == NULL)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(g);
		return -errno;
	}
	g->out = ends[0];
	g->done = done;
	g->arg = arg;
	fcntl(g->out, F_SETFL, O_NONBLOCK);
	g->pid = fork();
	if (g->pid == 0)
		become_git(cmd, ends[1]);
	rc = g->pid < 0 ? -errno : 0;
	close(ends[1]);
	if (rc == 0)
		rc = watch(g, base, cmd->seconds);
	if (rc != 0) {
		git_kill(g);
		return rc;
	}
	*out = g;
	return 0;
}

void
git_kill(struct git *g)
{
	if (g == NULL)
		return;
	if (g->pid > 0) {
		kill(-g->pid, SIGKILL);
		kill(g->pid, SIGKILL);
		waitpid(g->pid, NULL, 0);
	}
	git_free(g);
}
