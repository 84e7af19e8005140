/*
 * files DIR FOLDERS FILES BYTES: what the kernel takes for a tree: makes DIR
 * with so many folders of so many files of so many bytes, with a process for
 * each processor, and prints the milliseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"

#define BYTES_MAX 65536

struct tree {
	const char *dir;
	uint32_t folders, files, bytes;
};

static int
make_file(int folder, uint32_t number, uint32_t bytes)
{
	static const char text[BYTES_MAX];
	char name[32];
	int fd, rc = 0;

	snprintf(name, sizeof(name), "wg-int-%u.conf", number);
	fd =
	    openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, bytes) != (ssize_t)bytes)
		rc = -EIO;
	return close(fd) != 0 ? -errno : rc;
}

static int
make_folder(const struct tree *t, int dir, uint32_t number)
{
	char name[32];
	int folder, rc = 0;

	snprintf(name, sizeof(name), "%u", number);
	if (mkdirat(dir, name, 0755) != 0)
		return -errno;
	folder = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	for (uint32_t i = 0; rc == 0 && i < t->files; i++)
		rc = make_file(folder, i, t->bytes);
	close(folder);
	return rc;
}

/* Each so many-th folder, from `first` on. */
static int
make_share(const struct tree *t, uint32_t first, uint32_t step)
{
	int dir = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = dir < 0 ? -errno : 0;

	for (uint32_t i = first; rc == 0 && i < t->folders; i += step)
		rc = make_folder(t, dir, i);
	return rc;
}

static bool
make_tree(const struct tree *t)
{
	uint32_t n = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
	bool good = mkdir(t->dir, 0755) == 0;
	int status;

	for (uint32_t i = 0; good && i < n; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(make_share(t, i, n) != 0);
		good = pid > 0;
	}
	while (wait(&status) > 0)
		good = good && status == 0;
	return good;
}

int
main(int argc, char **argv)
{
	struct tree t = { 0 };
	int64_t begun;

	if (argc != 5 ||
	    num_parse(&t.folders, argv[2], strlen(argv[2]), 1, 10000) != 0 ||
	    num_parse(&t.files, argv[3], strlen(argv[3]), 1, 100000) != 0 ||
	    num_parse(&t.bytes, argv[4], strlen(argv[4]), 1, BYTES_MAX) != 0) {
		fputs("usage: files DIR FOLDERS FILES BYTES\n", stderr);
		return 64;
	}
	t.dir = argv[1];
	begun = clock_mono_us();
	if (!make_tree(&t)) {
		fprintf(stderr, "files: %s cannot be made\n", t.dir);
		return 1;
	}
	printf("%lld\n", (long long)(clock_mono_us() - begun) / 1000);
	return 0;
}
