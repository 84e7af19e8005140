#include "cli/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/sweep.h"
#include "render/render.h"

#define CHUNK (32U << 10)

int
place_new(int dir, const char *name, const char *text, size_t len)
{
	int fd, rc = 0;

	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	while (rc == 0 && len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			rc = -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	if (close(fd) != 0 && rc == 0)
		rc = -errno;
	if (rc != 0)
		unlinkat(dir, name, 0);
	return rc != 0 ? rc : PLACE_WRITTEN;
}

static int
replace(int dir, const char *name, const char *text, size_t len)
{
	static const char tmp[] = SWEEP_UNFINISHED;
	int rc = place_new(dir, tmp, text, len);

	if (rc == -EEXIST && unlinkat(dir, tmp, 0) == 0)
		rc = place_new(dir, tmp, text, len);
	if (rc == PLACE_WRITTEN && renameat(dir, tmp, dir, name) != 0) {
		rc = -errno;
		unlinkat(dir, tmp, 0);
	}
	return rc;
}

/* PLACE_WRITTEN stands for what is to be written, as it is ours and differs. */
static int
compare(int fd, const char *text, size_t len)
{
	char chunk[CHUNK];
	struct stat st;
	size_t done = 0;
	bool ours = false;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return PLACE_FOREIGN;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		if (done == 0)
			ours = render_is_ours(chunk, (size_t)n);
		if ((size_t)n > len - done ||
		    memcmp(chunk, text + done, (size_t)n) != 0)
			return ours ? PLACE_WRITTEN : PLACE_FOREIGN;
		done += (size_t)n;
	}
	if (n < 0)
		return -errno;
	if (done == len)
		return PLACE_UNCHANGED;
	return ours ? PLACE_WRITTEN : PLACE_FOREIGN;
}

int
place_file(int dir, const char *name, const char *text, size_t len)
{
	int fd, rc;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ELOOP) /* a symbolic link */
		return PLACE_FOREIGN;
	if (fd < 0 && errno != ENOENT)
		return -errno;
	if (fd >= 0) {
		rc = compare(fd, text, len);
		close(fd);
		if (rc != PLACE_WRITTEN)
			return rc;
	}
	return replace(dir, name, text, len);
}
