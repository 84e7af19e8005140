#include "shell/diff.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TROUBLE	  2 /* exit status of diff(1): it could not compare */
#define LABEL_MAX 160

/* A file without a name, which diff(1) inherits; or a negative errno. */
static int
make_file(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	int fd = memfd_create("diff", 0);
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	for (size_t at = 0; at < len && n >= 0; at += (size_t)n)
		n = write(fd, text + at, len - at);
	if (n < 0) {
		n = -errno;
		close(fd);
		return (int)n;
	}
	return fd;
}

/* Starts diff(1) with its output into `out`. */
static int
start(pid_t *pid, const char *path, const int fds[2], int out)
{
	char files[2][32], labels[2][LABEL_MAX];
	char *argv[] = { (char *)"diff", (char *)"-u", (char *)"--label",
		labels[0], (char *)"--label", labels[1], files[0], files[1],
		NULL };
	posix_spawn_file_actions_t actions;
	int rc;

	for (size_t i = 0; i < 2; i++) {
		snprintf(files[i], sizeof(files[i]), "/dev/fd/%d", fds[i]);
		snprintf(labels[i], sizeof(labels[i]), "%s (%s)", path,
		    i == 0 ? "now" : "then");
	}
	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return -rc;
	rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawnp(pid, "diff", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

static enum out_style
style_of(const char *line)
{
	if (strncmp(line, "--- ", 4) == 0 || strncmp(line, "+++ ", 4) == 0)
		return OUT_STRONG;
	switch (line[0]) {
	case '+':
		return OUT_GOOD;
	case '-':
		return OUT_BAD;
	case '@':
		return OUT_HEADING;
	default:
		return OUT_PLAIN;
	}
}

static void
print_lines(struct out *o, FILE *f)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		out_styled(o, style_of(line), "%s", line);
		out_print(o, "\n");
	}
	free(line);
}

/* Runs it over the two files. */
static int
compare(struct out *o, const char *path, const int fds[2])
{
	int ends[2], status = 0, rc;
	FILE *f = NULL;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	rc = start(&pid, path, fds, ends[1]);
	close(ends[1]);
	if (rc == 0)
		f = fdopen(ends[0], "r");
	if (f == NULL)
		close(ends[0]);
	else
		print_lines(o, f);
	if (f != NULL)
		fclose(f);
	if (rc == 0 && waitpid(pid, &status, 0) != pid)
		rc = -errno;
	if (rc == 0 &&
	    (f == NULL || !WIFEXITED(status) || WEXITSTATUS(status) >= TROUBLE))
		rc = -EIO;
	return rc;
}

int
diff_print(struct out *o, const char *path, const char *old, const char *new)
{
	int fds[2] = { make_file(old), make_file(new) }, rc;

	if (fds[0] < 0)
		rc = fds[0];
	else if (fds[1] < 0)
		rc = fds[1];
	else
		rc = compare(o, path, fds);
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return rc;
}
