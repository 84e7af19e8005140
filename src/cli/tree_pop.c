#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/place.h"
#include "cli/sweep.h"
#include "cli/tree.h"
#include "render/render.h"

#define FOLDER_NEW_MAX (sizeof(SWEEP_UNFINISHED) + NETWORK_POP_MAX)
#define FOLDER_MAX     (sizeof(TREE_FOLDER "/") + NETWORK_POP_MAX)

struct tree_pop {
	struct tree *tree;
	char folder[FOLDER_MAX]; /* "servers/nl-ams1", "registry" */
	char name[NETWORK_POP_MAX];
	char new_name[FOLDER_NEW_MAX]; /* until all files are in it; or "" */
	int fd;
	int sub; /* the folder of the file that was put last; -1 */
	char sub_path[SWEEP_PATH_MAX]; /* "bird/peers/" */
	size_t sub_len;
	FILE *good; /* into `list`: good files' paths, '\0' behind each */
	char *list;
	size_t len, n; /* of `list`, in bytes and in paths */
	const char **sorted; /* the paths below the folder, to look them up */
	char at[SWEEP_PATH_MAX]; /* where it failed; or "" */
};

/*
 * A path of ours: words of letters, digits, '-', '_' and '.', none of which
 * begins with a '.'. What the daemon sends comes through here too.
 */
static bool
path_is_good(const char *path)
{
	bool begins = true;

	if (strlen(path) >= SWEEP_PATH_MAX)
		return false;
	for (const char *c = path; *c != '\0'; c++) {
		bool letter = (*c >= 'a' && *c <= 'z') ||
			      (*c >= 'A' && *c <= 'Z') ||
			      (*c >= '0' && *c <= '9') || *c == '_';

		if (!letter && (begins || strchr("-./", *c) == NULL))
			return false;
		begins = *c == '/';
	}
	return !begins;
}

static bool
pop_is_good(const char *pop)
{
	return path_is_good(pop) && strpbrk(pop, "./") == NULL &&
	       strlen(pop) < NETWORK_POP_MAX;
}

/* A descriptor, or a negative errno. */
static int
open_folder(int at, const char *name)
{
	int fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

/* A POP that is new is made under another name, and seen when it is whole. */
static int
begin_pop(struct tree_pop *p)
{
	int at = p->tree->fd;

	p->fd = open_folder(at, p->name);
	if (p->fd != -ENOENT)
		return p->fd < 0 ? p->fd : 0;
	snprintf(
	    p->new_name, sizeof(p->new_name), SWEEP_UNFINISHED "%s", p->name);
	if (mkdirat(at, p->new_name, 0777) != 0)
		return -errno;
	p->fd = open_folder(at, p->new_name);
	return p->fd < 0 ? p->fd : 0;
}

/* Some have a clone of dn42's registry under that name. */
static int
begin_registry(struct tree_pop *p)
{
	int at = p->tree->top;

	if (mkdirat(at, TREE_REGISTRY, 0777) != 0 && errno != EEXIST)
		return -errno;
	if (faccessat(at, TREE_REGISTRY "/data", F_OK, 0) == 0) {
		log_error("%s/" TREE_REGISTRY ": is a registry itself: choose "
			  "another -o DIR",
		    p->tree->dir);
		return -EEXIST;
	}
	p->fd = open_folder(at, TREE_REGISTRY);
	return p->fd < 0 ? p->fd : 0;
}

static void
pop_free(struct tree_pop *p)
{
	struct sweep s = { .unmarked = true };

	if (p == NULL)
		return;
	if (p->sub >= 0)
		close(p->sub);
	if (p->new_name[0] != '\0' && p->fd >= 0) {
		sweep_folder(&s, p->fd);
		unlinkat(p->tree->fd, p->new_name, AT_REMOVEDIR);
	} else if (p->fd >= 0) {
		close(p->fd);
	}
	if (p->good != NULL)
		fclose(p->good);
	free(p->list);
	free(p->sorted);
	free(p);
}

int
tree_begin(struct tree_pop **out, struct tree *t, const char *pop)
{
	struct tree_pop *p = NULL;
	int rc = -EINVAL;

	if (pop != NULL && !pop_is_good(pop))
		goto out;
	rc = -ENOMEM;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		goto out;
	p->tree = t;
	p->fd = p->sub = -1;
	if (pop != NULL) {
		strlcpy(p->name, pop, sizeof(p->name));
		snprintf(p->folder, sizeof(p->folder), TREE_FOLDER "/%s", pop);
	} else {
		strlcpy(p->folder, TREE_REGISTRY, sizeof(p->folder));
	}
	p->good = open_memstream(&p->list, &p->len);
	if (p->good == NULL)
		goto out;
	rc = pop != NULL ? begin_pop(p) : begin_registry(p);
	if (rc != 0)
		goto out;
	*out = p;
	p = NULL;
out:
	if (rc != 0)
		tree_complain(t, p != NULL ? p->folder : TREE_FOLDER, "", rc);
	pop_free(p);
	return rc;
}

static int
enter_part(int *at, const char *name)
{
	int fd;

	if (mkdirat(*at, name, 0777) != 0 && errno != EEXIST)
		return -errno;
	fd = open_folder(*at, name);
	if (fd < 0)
		return fd;
	close(*at);
	*at = fd;
	return 0;
}

/* Goes to the folder of `path`, which is likely to be that of the last one. */
static int
enter(struct tree_pop *p, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char part[SWEEP_PATH_MAX];
	int rc = 0;

	*name = path + len;
	if (p->sub >= 0 && len == p->sub_len &&
	    memcmp(path, p->sub_path, len) == 0)
		return 0;
	if (p->sub >= 0)
		close(p->sub);
	p->sub = fcntl(p->fd, F_DUPFD_CLOEXEC, 0);
	if (p->sub < 0)
		return -errno;
	memcpy(p->sub_path, path, len);
	p->sub_len = len;
	for (const char *from = path; rc == 0 && from < *name;) {
		size_t n = strcspn(from, "/");

		memcpy(part, from, n);
		part[n] = '\0';
		rc = enter_part(&p->sub, part);
		from += n + 1;
	}
	if (rc != 0) {
		close(p->sub);
		p->sub = -1;
	}
	return rc;
}

static void
keep_path(struct tree_pop *p, const char *path)
{
	fwrite_unlocked(p->folder, 1, strlen(p->folder), p->good);
	putc_unlocked('/', p->good);
	fwrite_unlocked(path, 1, strlen(path) + 1, p->good);
	p->n++;
}

static int
put(struct tree_pop *p, const char *path, const char *text, size_t len)
{
	struct tree_counts *n = &p->tree->n;
	const char *name;
	int rc;

	if (!path_is_good(path))
		return -EINVAL;
	rc = enter(p, path, &name);
	if (rc != 0)
		return rc;
	rc = p->new_name[0] != '\0' ? place_new(p->sub, name, text, len)
				    : place_file(p->sub, name, text, len);
	if (rc < 0)
		return rc;
	n->written += rc == PLACE_WRITTEN;
	n->unchanged += rc == PLACE_UNCHANGED;
	n->foreign += rc == PLACE_FOREIGN;
	if (rc != PLACE_FOREIGN) {
		keep_path(p, path);
		return 0;
	}
	log_error("%s/%s/%s: is not ours, and stays: it does not begin with "
		  "\"" RENDER_MARK "\"; move it away",
	    p->tree->dir, p->folder, path);
	return 0;
}

int
tree_put(void *pop, const char *path, const char *text, size_t len)
{
	struct tree_pop *p = pop;
	int rc = put(p, path, text, len);

	if (rc != 0)
		strlcpy(p->at, path, sizeof(p->at));
	return rc;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_of_peering(const char *path)
{
	static const char *const starts[] = { "bird/peers/",
		"wireguard/wg-as" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(path, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool
is_wanted(void *arg, const char *path)
{
	const struct tree_pop *p = arg;

	if (p->tree->keeps_peerings && is_of_peering(path))
		return true;
	return bsearch(&path, p->sorted, p->n, sizeof(*p->sorted), by_text) !=
	       NULL;
}

/* What an earlier run has made, and nobody wants any more. */
static int
sweep_old(struct tree_pop *p)
{
	const size_t before = strlen(p->folder) + 1;
	struct sweep s = { .wanted = is_wanted, .arg = p };
	const char *path = p->list;
	int rc;

	p->sorted = calloc(p->n + 1, sizeof(*p->sorted));
	if (p->sorted == NULL)
		return tree_complain(p->tree, p->folder, "", -ENOMEM);
	for (size_t i = 0; i < p->n; i++) {
		p->sorted[i] = path + before;
		path += strlen(path) + 1;
	}
	qsort(p->sorted, p->n, sizeof(*p->sorted), by_text);
	rc = open_folder(p->fd, ".");
	if (rc >= 0)
		rc = sweep_folder(&s, rc);
	if (rc < 0)
		return tree_complain(p->tree, p->folder, s.path, rc);
	p->tree->n.removed += (size_t)rc;
	return 0;
}

/* The new folder takes its place. */
static int
show(struct tree_pop *p)
{
	int at = p->tree->fd;

	if (renameat(at, p->new_name, at, p->name) != 0)
		return tree_complain(p->tree, p->folder, "", -errno);
	p->new_name[0] = '\0';
	return 0;
}

int
tree_end(struct tree_pop *p, int rc)
{
	const struct tree *t = p->tree;

	if (rc == 0 && fflush(p->good) != 0)
		rc = -ENOMEM;
	if (rc != 0)
		tree_complain(t, p->folder, p->at, rc);
	else
		rc = p->new_name[0] != '\0' ? show(p) : sweep_old(p);
	/* In one piece, as others append to the same file. */
	if (rc == 0 && t->list >= 0 &&
	    write(t->list, p->list, p->len) != (ssize_t)p->len)
		rc = tree_complain(t, p->folder, "", -EIO);
	pop_free(p);
	return rc;
}
