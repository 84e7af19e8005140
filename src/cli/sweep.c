#include "cli/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/render.h"

#define DEPTH_MAX 4 /* nothing of ours lies deeper */

/* Does the file begin with RENDER_MARK? False for what is no file. */
static bool
is_ours(int dir, const char *name)
{
	char start[RENDER_MARK_LEN];
	struct stat st;
	ssize_t n;
	bool ours;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       (n = read(fd, start, sizeof(start))) > 0 &&
	       render_is_ours(start, (size_t)n);
	close(fd);
	return ours;
}

static bool
is_folder(int dir, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* 1 if it went, 0, or a negative errno. */
static int
sweep_file(struct sweep *s, int dir, const char *name)
{
	bool unfinished = strcmp(name, SWEEP_UNFINISHED) == 0;

	if (!unfinished && s->wanted != NULL && s->wanted(s->arg, s->path))
		return 0;
	if (!unfinished && !s->unmarked && !is_ours(dir, name))
		return 0;
	return unlinkat(dir, name, 0) == 0 ? 1 : -errno;
}

static int sweep_at(struct sweep *s, int fd, size_t len, unsigned depth);

/* What somebody else left empty is not ours to remove. */
static int
sweep_subfolder(
    struct sweep *s, int dir, const char *name, size_t len, unsigned depth)
{
	int fd, n;

	if (depth == DEPTH_MAX)
		return 0;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = sweep_at(s, fd, len, depth + 1);
	if (n > 0 || (n == 0 && s->unmarked))
		unlinkat(dir, name, AT_REMOVEDIR);
	return n;
}

static int
sweep_entry(struct sweep *s, int dir, const struct dirent *e, size_t len,
    unsigned depth)
{
	int n = snprintf(s->path + len, sizeof(s->path) - len, "%s%s",
	    len > 0 ? "/" : "", e->d_name);

	if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
	    n < 0 || (size_t)n >= sizeof(s->path) - len)
		return 0;
	if (is_folder(dir, e))
		return sweep_subfolder(
		    s, dir, e->d_name, len + (size_t)n, depth);
	return sweep_file(s, dir, e->d_name);
}

/* s->path has `len` characters of where this is. */
static int
sweep_at(struct sweep *s, int fd, size_t len, unsigned depth)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;
	int n, total = 0;

	if (d == NULL) {
		n = -errno;
		close(fd);
		return n;
	}
	while ((errno = 0, e = readdir(d)) != NULL) {
		n = sweep_entry(s, fd, e, len, depth);
		if (n < 0) {
			total = n;
			goto out;
		}
		total += n;
		s->path[len] = '\0';
	}
	if (errno != 0)
		total = -errno;
out:
	closedir(d);
	return total;
}

int
sweep_folder(struct sweep *s, int fd)
{
	s->path[0] = '\0';
	return sweep_at(s, fd, 0, 0);
}
