#include "engine/git.h"

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "engine/git_child.h"

#define WORDS_MAX    4096 /* kept of what it says: the end */
#define NOT_CALLED   "fatal: Could not read from remote repository."
#define LOOK_SECONDS 1 /* between two looks at what it has written */

struct git {
	pid_t pid;
	int out; /* what it says */
	struct event *said, *ended, *deadline, *look;
	char folder[PATHS_MAX];
	uint64_t bytes;
	char words[WORDS_MAX];
	size_t len;
	bool late, large;
	void (*done)(void *arg, const struct git_result *result);
	void *arg;
};

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
end(const struct git *g)
{
	kill(-g->pid, SIGKILL);
	kill(g->pid, SIGKILL);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct git *g = arg;

	(void)fd;
	(void)what;
	g->late = true;
	end(g);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct git *g = arg;

	(void)fd;
	(void)what;
	g->large = file_tree_bytes(g->folder, g->bytes) > g->bytes;
	if (g->large)
		end(g);
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
	if (g->look != NULL)
		event_free(g->look);
	if (pidfd >= 0)
		close(pidfd);
	close(g->out);
	free(g);
}

struct line {
	const char *at;
	size_t len;
};

/* The next line that is not empty, without its end; or false. */
static bool
next_line(struct line *line, const char **text, const char *end)
{
	const char *from = *text, *eol;

	while (from < end && (*from == '\n' || *from == '\r'))
		from++;
	eol = memchr(from, '\n', (size_t)(end - from));
	if (eol == NULL)
		eol = end;
	*text = eol;
	while (eol > from && eol[-1] == '\r')
		eol--;
	*line = (struct line){ from, (size_t)(eol - from) };
	return line->len > 0;
}

static bool
begins(const struct line *line, const char *with)
{
	size_t n = strlen(with);

	return line->len >= n && memcmp(line->at, with, n) == 0;
}

/*
 * The first line that says why, else the last one. If ssh could not call the
 * other side, it has said why in the last two before git's.
 */
static void
choose_words(char out[GIT_TEXT_MAX], const char *text, size_t len)
{
	struct line line, last = { "", 0 }, before = last;
	const char *end = text + len;
	char both[GIT_TEXT_MAX];

	while (next_line(&line, &text, end)) {
		if (last.len > 0 && begins(&line, NOT_CALLED)) {
			snprintf(both, sizeof(both), "%.*s%s%.*s",
			    (int)before.len, before.at,
			    before.len > 0 ? "; " : "", (int)last.len, last.at);
			text_clean(out, GIT_TEXT_MAX, both, strlen(both));
			return;
		}
		before = last;
		last = line;
		if (begins(&line, "fatal: "))
			break;
	}
	text_clean(out, GIT_TEXT_MAX, last.at, last.len);
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
	result.large = g->large;
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
	struct timeval interval = { .tv_sec = LOOK_SECONDS };
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
	g->look = event_new(base, -1, EV_PERSIST, on_look, g);
	if (g->said == NULL || g->deadline == NULL || g->look == NULL ||
	    event_add(g->said, NULL) != 0 || event_add(g->ended, NULL) != 0 ||
	    event_add(g->deadline, &tv) != 0 ||
	    (g->bytes > 0 && event_add(g->look, &interval) != 0))
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
	g->bytes = cmd->bytes;
	if (g->bytes > 0)
		strlcpy(g->folder, cmd->folder, sizeof(g->folder));
	fcntl(g->out, F_SETFL, O_NONBLOCK);
	g->pid = fork();
	if (g->pid == 0)
		git_become(cmd, ends[1]);
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
		end(g);
		waitpid(g->pid, NULL, 0);
	}
	git_free(g);
}
