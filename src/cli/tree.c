#include "cli/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/sweep.h"

int
tree_complain(
    const struct tree *t, const char *folder, const char *path, int rc)
{
	log_error("%s/%s%s%s: %s", t->dir, folder, path[0] != '\0' ? "/" : "",
	    path, strerror(-rc));
	return rc;
}

static int
complain_pop(const struct tree *t, const char *pop, const char *path, int rc)
{
	char folder[sizeof(TREE_FOLDER "/") + NAME_MAX];

	snprintf(folder, sizeof(folder), TREE_FOLDER "/%s", pop);
	return tree_complain(t, folder, path, rc);
}

/* Removes our files of a folder; `unmarked`: all that is in it. */
static int
clear_folder(struct tree *t, const char *name, bool unmarked)
{
	struct sweep s = { .unmarked = unmarked };
	int fd, n;

	fd = openat(
	    t->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) /* no folder, so none of ours */
		return errno == ENOTDIR ? 0 : complain_pop(t, name, "", -errno);
	n = sweep_folder(&s, fd);
	if (n < 0)
		return complain_pop(t, name, s.path, n);
	if (n > 0 || unmarked)
		unlinkat(t->fd, name, AT_REMOVEDIR);
	if (!unmarked)
		t->n.removed += (size_t)n;
	return 0;
}

/* What goes: without `net` what is unfinished, else POPs that are not in it. */
static bool
is_old(const struct network *net, const char *name)
{
	if (net == NULL)
		return strncmp(name, SWEEP_UNFINISHED,
			   sizeof(SWEEP_UNFINISHED) - 1) == 0;
	return name[0] != '.' && network_pop(net, name) == NULL;
}

static int
clear_old(struct tree *t, const struct network *net)
{
	int fd, rc = 0;
	struct dirent *e;
	DIR *d;

	fd = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd >= 0 ? fdopendir(fd) : NULL;
	if (d == NULL) {
		rc = tree_complain(t, TREE_FOLDER, "", -errno);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (rc == 0 && (errno = 0, e = readdir(d)) != NULL)
		if (is_old(net, e->d_name))
			rc = clear_folder(t, e->d_name, net == NULL);
	if (rc == 0 && errno != 0)
		rc = tree_complain(t, TREE_FOLDER, "", -errno);
	closedir(d);
	return rc;
}

int
tree_prune(struct tree *t, const struct network *net)
{
	return clear_old(t, net);
}

static int
complain_dir(const struct tree *t, int rc)
{
	log_error("%s: %s", t->dir, strerror(-rc));
	return rc;
}

/* DIR may be a link, the operator's; what is below it may not. */
static int
open_folders(struct tree *t)
{
	int rc = 0;

	if (mkdir(t->dir, 0777) != 0 && errno != EEXIST)
		return complain_dir(t, -errno);
	t->top = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->top < 0)
		return complain_dir(t, -errno);
	if (mkdirat(t->top, TREE_FOLDER, 0777) != 0 && errno != EEXIST)
		rc = -errno;
	if (rc == 0)
		t->fd = openat(t->top, TREE_FOLDER,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (rc == 0 && t->fd < 0)
		rc = -errno;
	return rc == 0 ? 0 : tree_complain(t, TREE_FOLDER, "", rc);
}

int
tree_open(struct tree *t, const char *dir)
{
	int rc;

	*t = (struct tree){ .dir = dir, .top = -1, .fd = -1, .list = -1 };
	rc = open_folders(t);
	if (rc == 0 && flock(t->fd, LOCK_EX | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK) {
		log_error("%s: another meetme writes there just now", dir);
		rc = -EWOULDBLOCK;
	}
	if (rc == 0)
		rc = clear_old(t, NULL);
	if (rc != 0)
		tree_close(t);
	return rc;
}

void
tree_close(struct tree *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->top >= 0)
		close(t->top);
	t->fd = t->top = -1;
}
