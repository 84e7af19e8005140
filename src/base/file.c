#include "base/file.h"

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRY_BYTES 4096
#define READ_FLAGS  (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static int
read_all(int fd, char *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO; /* it shrank under us */
		done += (size_t)n;
	}
	return 0;
}

/* And closes it; a negative `fd` is why it could not be opened. */
static int
read_file(int fd, size_t max, char **out, size_t *len)
{
	char *buf = NULL;
	struct stat st;
	int rc;

	if (fd < 0)
		return fd;
	rc = -EINVAL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		goto out;
	rc = -EFBIG;
	if ((uintmax_t)st.st_size > max)
		goto out;
	rc = -ENOMEM;
	buf = malloc((size_t)st.st_size + 1);
	if (buf == NULL)
		goto out;
	rc = read_all(fd, buf, (size_t)st.st_size);
	if (rc != 0)
		goto out;
	buf[st.st_size] = '\0';
	*out = buf;
	*len = (size_t)st.st_size;
	buf = NULL;
out:
	free(buf);
	close(fd);
	return rc;
}

int
file_read(const char *path, size_t max, char **out, size_t *len)
{
	int fd = open(path, READ_FLAGS);

	return read_file(fd < 0 ? -errno : fd, max, out, len);
}

int
file_open_below(const char *dir, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	long fd;

	if (at < 0)
		return -errno;
	fd = syscall(SYS_openat2, at, path, &how, sizeof(how));
	if (fd < 0)
		fd = -errno;
	close(at);
	return (int)fd;
}

int
file_read_below(
    const char *dir, const char *path, size_t max, char **out, size_t *len)
{
	return read_file(file_open_below(dir, path, READ_FLAGS), max, out, len);
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_create(const char *path, mode_t mode, const void *data, size_t len)
{
	int fd, rc;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	rc = write_all(fd, data, len);
	if (rc == 0 && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		rc = -errno;
	close(fd);
	if (rc != 0)
		unlink(path);
	return rc;
}

int
file_replace(const char *path, mode_t mode, const void *data, size_t len)
{
	char tmp[PATH_MAX];
	int n, rc;

	n = snprintf(tmp, sizeof(tmp), "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof(tmp))
		return -ENAMETOOLONG;
	if (unlink(tmp) != 0 && errno != ENOENT)
		return -errno;
	rc = file_create(tmp, mode, data, len);
	if (rc == 0 && rename(tmp, path) != 0) {
		rc = -errno;
		unlink(tmp);
	}
	return rc;
}

uint64_t
file_tree_bytes(const char *dir, uint64_t enough)
{
	char path[PATH_MAX], *const roots[] = { path, NULL };
	uint64_t sum = 0;
	const FTSENT *e;
	FTS *walk;

	if (strlcpy(path, dir, sizeof(path)) >= sizeof(path))
		return 0;
	walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (walk == NULL)
		return 0;
	while (sum <= enough && (e = fts_read(walk)) != NULL) {
		uint64_t bytes;

		/* A folder comes twice; or it has gone meanwhile. */
		if (e->fts_info == FTS_DP || e->fts_info == FTS_NS ||
		    e->fts_info == FTS_ERR)
			continue;
		bytes = (uint64_t)e->fts_statp->st_blocks * 512;
		sum += bytes > ENTRY_BYTES ? bytes : ENTRY_BYTES;
	}
	fts_close(walk);
	return sum;
}

int
path_join(char *buf, size_t size, const char *dir, const char *name)
{
	int n = snprintf(buf, size, "%s/%s", dir, name);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
