#ifndef TESTS_UNIT_SCREEN_H
#define TESTS_UNIT_SCREEN_H

/* What commands print: on a pipe, and on a terminal of some width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/run.h"

#define SCREEN_MAX 16384

/* What the engine is made to say, operation by operation. */
struct said {
	const char *op, *answer;
};

/* An engine in a process of its own; ends when the shell does. */
static inline _Noreturn void
engine(int fd, const struct said *said)
{
	FILE *f = fdopen(fd, "r+");
	char line[4096], op[64];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		const char *answer = "{\"error\":{\"code\":\"denied\","
				     "\"field\":\"\",\"text\":\"no\"}}";

		for (const struct said *s = said; s->op != NULL; s++) {
			snprintf(op, sizeof(op), "{\"op\":\"%s\"", s->op);
			if (strncmp(line, op, strlen(op)) == 0)
				answer = s->answer;
		}
		fseek(f, 0, SEEK_CUR);
		fprintf(f, "%s\n", answer);
		fflush(f);
	}
	_exit(0);
}

static char *screen, *complaints;

/* Runs a line; what it printed is in `screen` and `complaints`. */
static inline int
run(const struct said *said, bool operator, const char * line)
{
	struct shell sh = { .operator= operator};
	size_t n_out, n_err;
	int sv[2], status;
	pid_t pid;
	FILE *out, *err;

	free(screen);
	free(complaints);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(sv[0]);
		engine(sv[1], said);
	}
	close(sv[1]);
	out = open_memstream(&screen, &n_out);
	err = open_memstream(&complaints, &n_err);
	assert_true(out != NULL && err != NULL);
	out_init(&sh.out, out, NULL);
	out_init(&sh.err, err, NULL);
	sh.api = api_client_new(sv[0]);
	status = shell_line(&sh, line, strlen(line));
	shell_release(&sh);
	fclose(out);
	fclose(err);
	waitpid(pid, NULL, 0);
	return status;
}

/* The same on a terminal of so many columns. */
static inline void
run_on_terminal(const struct said *said, const char *line, const char *term,
    unsigned short columns)
{
	const struct winsize size = { .ws_row = 24, .ws_col = columns };
	struct shell sh = { .operator= true };
	static char text[SCREEN_MAX];
	int sv[2], master, slave;
	size_t len = 0;
	ssize_t n;
	pid_t pid;
	FILE *f;

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv), 0);
	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(sv[0]);
		engine(sv[1], said);
	}
	close(sv[1]);
	f = fdopen(slave, "w");
	assert_non_null(f);
	setvbuf(f, NULL, _IOFBF, SCREEN_MAX);
	out_init(&sh.out, f, term);
	out_init(&sh.err, f, term);
	sh.api = api_client_new(sv[0]);
	assert_int_equal(shell_line(&sh, line, strlen(line)), SHELL_OK);
	shell_release(&sh);
	fclose(f);
	waitpid(pid, NULL, 0);
	/* Less than a pty holds, so that it can be read after the end. */
	while (len < sizeof(text) - 1 &&
	       (n = read(master, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	close(master);
	text[len] = '\0';
	free(screen);
	screen = strdup(text);
	assert_non_null(screen);
	for (char *from = screen, *to = screen; (*to = *from) != '\0'; from++)
		to += *from != '\r';
}

#endif
