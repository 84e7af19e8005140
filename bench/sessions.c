/*
 * sessions [-a] COUNT PROMPT CMD...: how long an interactive program takes
 * until it shows its prompt on a terminal. Runs COUNT of them one after the
 * other and prints the median in milliseconds; with -a all at once: each must
 * show its prompt, and once more after an empty line was typed. Then they are
 * held until standard input ends.
 */
#include <err.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"

#define COUNT_MAX  1000
#define TIMEOUT_MS 30000
#define TAIL_MAX   4096

struct session {
	pid_t pid;
	int fd;
	unsigned prompts;
	size_t len;
	char tail[TAIL_MAX]; /* what came since the last prompt */
};

static void
session_start(struct session *s, char **argv)
{
	*s = (struct session){ 0 };
	s->pid = forkpty(&s->fd, NULL, NULL, NULL);
	if (s->pid < 0)
		err(1, "forkpty");
	if (s->pid == 0) {
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
}

static void
session_end(struct session *s)
{
	close(s->fd);
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
}

/* Takes what there is; counts prompts. */
static void
session_read(struct session *s, const char *prompt)
{
	char *end;
	ssize_t n;

	if (s->len == TAIL_MAX - 1)
		s->len = 0;
	n = read(s->fd, s->tail + s->len, TAIL_MAX - 1 - s->len);
	if (n <= 0)
		errx(1, "ended without a prompt: %.*s", (int)s->len, s->tail);
	s->len += (size_t)n;
	s->tail[s->len] = '\0';
	end = strstr(s->tail, prompt);
	if (end != NULL) {
		s->prompts++;
		s->len = 0;
	}
}

/* Until each has shown `prompts` prompts. */
static void
sessions_wait(struct session *s, size_t n, const char *prompt, unsigned prompts)
{
	struct pollfd fds[COUNT_MAX];
	size_t missing;

	for (;;) {
		missing = 0;
		for (size_t i = 0; i < n; i++) {
			bool open = s[i].prompts < prompts;

			fds[i] =
			    (struct pollfd){ open ? s[i].fd : -1, POLLIN, 0 };
			missing += open;
		}
		if (missing == 0)
			return;
		if (poll(fds, n, TIMEOUT_MS) <= 0)
			errx(1, "%zu of %zu show no prompt", missing, n);
		for (size_t i = 0; i < n; i++)
			if (fds[i].revents != 0)
				session_read(&s[i], prompt);
	}
}

static int
cmp_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
measure(size_t n, const char *prompt, char **argv)
{
	int64_t times[COUNT_MAX];
	struct session s;

	for (size_t i = 0; i < n; i++) {
		int64_t begun = clock_mono_us();

		session_start(&s, argv);
		sessions_wait(&s, 1, prompt, 1);
		times[i] = clock_mono_us() - begun;
		session_end(&s);
	}
	qsort(times, n, sizeof(times[0]), cmp_time);
	printf("%.1f\n", (double)times[n / 2] / 1e3);
}

static void
hold(size_t n, const char *prompt, char **argv)
{
	struct session *s = calloc(n, sizeof(*s));
	int64_t begun = clock_mono_us();
	char c;

	if (s == NULL)
		err(1, "calloc");
	for (size_t i = 0; i < n; i++)
		session_start(&s[i], argv);
	sessions_wait(s, n, prompt, 1);
	for (size_t i = 0; i < n; i++)
		if (write(s[i].fd, "\r", 1) != 1)
			err(1, "write");
	sessions_wait(s, n, prompt, 2);
	printf("%.1f\n", (double)(clock_mono_us() - begun) / 1e3);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		continue;
	for (size_t i = 0; i < n; i++)
		session_end(&s[i]);
	free(s);
}

int
main(int argc, char **argv)
{
	bool all = argc > 1 && strcmp(argv[1], "-a") == 0;
	char **rest = argv + 1 + all;
	uint32_t n;

	if (argc < 4 + all ||
	    num_parse(&n, rest[0], strlen(rest[0]), 1, COUNT_MAX) != 0)
		errx(64, "usage: sessions [-a] COUNT PROMPT CMD...");
	(all ? hold : measure)(n, rest[1], rest + 2);
	return 0;
}
