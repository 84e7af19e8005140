/*
 * command ROUNDS CMD [ARG...]: runs a command again and again, throws away
 * what it prints, and prints the median of the milliseconds that it took.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "median.h"

#define ROUNDS_MAX 1000

static _Noreturn void
exec_quietly(char **argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	    dup2(null, STDERR_FILENO) >= 0)
		execvp(argv[0], argv);
	_exit(127);
}

/* From the fork to the end; -1 if it failed. */
static int64_t
run(char **argv)
{
	int64_t begun = clock_mono_us();
	pid_t pid = fork();
	int status;

	if (pid == 0)
		exec_quietly(argv);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	return clock_mono_us() - begun;
}

int
main(int argc, char **argv)
{
	int64_t times[ROUNDS_MAX];
	uint32_t rounds;

	if (argc < 3 ||
	    num_parse(&rounds, argv[1], strlen(argv[1]), 1, ROUNDS_MAX) != 0) {
		fputs("usage: command ROUNDS CMD [ARG...]\n", stderr);
		return 64;
	}
	for (uint32_t i = 0; i < rounds; i++) {
		times[i] = run(argv + 2);
		if (times[i] < 0) {
			fprintf(stderr, "command: %s failed\n", argv[2]);
			return 1;
		}
	}
	printf("%.3f\n", median_ms(times, rounds));
	return 0;
}
