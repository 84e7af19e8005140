#include "registry/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "registry/object.h"

/* NULL, and errno: whoever wrote the registry may have put a link there. */
static DIR *
open_dir(const char *dir, const char *name)
{
	char path[PATH_MAX];
	DIR *d;
	int fd, rc = path_join(path, sizeof(path), "data", name);

	fd = rc != 0 ? rc : file_open_below(dir, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	d = fdopendir(fd);
	if (d == NULL)
		close(fd);
	return d;
}

int
folder_open(
    struct folder *out, const char *dir, const char *name, struct fault *f)
{
	struct folder folder = { .dir = open_dir(dir, name) };
	bool missing = errno == ENOENT || errno == ENOTDIR;

	if (folder.dir == NULL)
		return fault_set(f, missing ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    "registry",
		    "cannot read %s/data/%s: %s; give the folder that holds "
		    "the registry's data/",
		    dir, name, strerror(errno));
	folder.buf = malloc(OBJECT_FILE_MAX + 1);
	if (folder.buf == NULL) {
		closedir(folder.dir);
		return fault_set(f, FAULT_SYSTEM, "registry", "no memory");
	}
	*out = folder;
	return 0;
}

void
folder_close(struct folder *folder)
{
	closedir(folder->dir);
	free(folder->buf);
}

/* The file's length, or a negative errno. */
static ssize_t
read_object(int dir, const char *name, char *buf)
{
	size_t len = 0;
	ssize_t n;
	int fd, err;

	/* A link could lead out of the folder, a FIFO could wait for ever. */
	fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		n = read(fd, buf + len, OBJECT_FILE_MAX + 1 - len);
		if (n > 0)
			len += (size_t)n;
	} while (
	    len <= OBJECT_FILE_MAX && (n > 0 || (n < 0 && errno == EINTR)));
	err = n < 0 ? -errno : 0;
	close(fd);
	if (len > OBJECT_FILE_MAX)
		return -EFBIG;
	return err != 0 ? err : (ssize_t)len;
}

/* What says nothing about the file, but that no file can be read now. */
static bool
is_machine_error(ssize_t err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM ||
	       err == -EIO;
}

int
folder_next(struct folder *folder, struct fault *f)
{
	const struct dirent *e;
	ssize_t len;

	while (errno = 0, (e = readdir(folder->dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		len = -EINVAL;
		if (e->d_type == DT_REG || e->d_type == DT_UNKNOWN)
			len = read_object(
			    dirfd(folder->dir), e->d_name, folder->buf);
		if (is_machine_error(len))
			return fault_set(f, FAULT_SYSTEM, "registry",
			    "cannot read %s: %s", e->d_name,
			    strerror((int)-len));
		if (len < 0) {
			folder->skipped++;
			continue;
		}
		folder->name = e->d_name;
		folder->text = folder->buf;
		folder->len = (size_t)len;
		return 1;
	}
	if (errno != 0)
		return fault_set(f, FAULT_SYSTEM, "registry",
		    "cannot read the folder: %s", strerror(errno));
	return 0;
}

/* FNV-1a, 64 bit: changes are to be seen, not attacks to be withstood. */
static uint64_t
hash(uint64_t h, const void *data, size_t len)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
entry_stamp(const char *name, const struct stat *st)
{
	const int64_t parts[] = { (int64_t)st->st_ino, st->st_size,
		st->st_mtim.tv_sec, st->st_mtim.tv_nsec, st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec };
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = hash(h, name, strlen(name));
	return hash(h, parts, sizeof(parts));
}

uint64_t
folder_stamp(const char *dir, const char *name)
{
	DIR *d = open_dir(dir, name);
	const struct dirent *e;
	struct stat st;
	uint64_t sum = 1;

	if (d == NULL)
		return 0;
	/* A sum, because the folder's order means nothing. */
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' &&
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			sum += entry_stamp(e->d_name, &st);
	closedir(d);
	return sum;
}

uint64_t
folder_stamp_file(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/data/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof(path) || lstat(path, &st) != 0)
		return 0;
	return entry_stamp(name, &st);
}
