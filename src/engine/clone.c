#include "engine/clone.h"

#include <bsd/string.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/*
 * Of git's attributes, which the registry itself may set, none changes what is
 * written, nor what is compared.
 */
static const char attributes[] =
    "* -text -ident -filter -working-tree-encoding diff -whitespace "
    "conflict-marker-size=7\n";

bool
commit_is_valid(const char *text)
{
	size_t n = strspn(text, "0123456789abcdef");

	return text[n] == '\0' && (n == 40 || n == 64);
}

static void
in_clone(char out[CLONE_PATH_MAX], const struct clone *c, const char *name)
{
	snprintf(out, CLONE_PATH_MAX, "%s/%s", c->dir, name);
}

/* The commit that `current` leads to; "" if it leads nowhere. */
static void
read_current(struct clone *c)
{
	char target[COMMIT_MAX + 8], tree[CLONE_PATH_MAX];
	ssize_t n = readlink(c->current, target, sizeof(target) - 1);

	c->commit[0] = '\0';
	if (n < 0)
		return;
	target[n] = '\0';
	if (n > 5 && strcmp(target + n - 5, "/tree") == 0)
		target[n - 5] = '\0';
	in_clone(tree, c, target);
	if (commit_is_valid(target) && access(tree, X_OK) == 0)
		strlcpy(c->commit, target, sizeof(c->commit));
}

static int
make_dir(const char *path)
{
	return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -errno;
}

static int
make_spare(const struct clone *c)
{
	char path[CLONE_PATH_MAX];
	int rc;

	in_clone(path, c, "spare");
	rc = make_dir(path);
	in_clone(path, c, "spare/tree");
	return rc != 0 ? rc : make_dir(path);
}

/* A state that is not in force, because an end came between two renames. */
static int
keep_stray(const struct clone *c)
{
	char from[PATHS_MAX + 256], spare[CLONE_PATH_MAX];
	const struct dirent *e;
	DIR *d = opendir(c->dir);
	int rc = 0;

	if (d == NULL)
		return -errno;
	in_clone(spare, c, "spare");
	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (!commit_is_valid(e->d_name) ||
		    strcmp(e->d_name, c->commit) == 0)
			continue;
		snprintf(from, sizeof(from), "%s/%s", c->dir, e->d_name);
		/* Of two, one cannot be; the other is in nobody's way. */
		if (rename(from, spare) != 0 && errno != ENOTEMPTY &&
		    errno != EEXIST)
			rc = -errno;
	}
	closedir(d);
	return rc;
}

void
clone_unlock(const struct clone *c)
{
	static const char *const locks[] = { "git/shallow.lock",
		"git/packed-refs.lock", "git/gc.pid", "git/config.lock",
		"git/HEAD.lock", "git/refs/meetme/new.lock",
		"git/refs/meetme/current.lock", "spare/index.lock" };
	char path[CLONE_PATH_MAX];

	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		in_clone(path, c, locks[i]);
		unlink(path);
	}
	if (c->commit[0] != '\0') {
		in_clone(path, c, c->commit);
		strlcat(path, "/index.lock", sizeof(path));
		unlink(path);
	}
}

static int
write_attributes(const struct clone *c)
{
	char path[CLONE_PATH_MAX];
	int rc;

	rc = make_dir(c->git);
	in_clone(path, c, "git/info");
	if (rc == 0)
		rc = make_dir(path);
	in_clone(path, c, "git/info/attributes");
	if (rc == 0)
		rc = file_replace(
		    path, 0644, attributes, sizeof(attributes) - 1);
	return rc;
}

int
clone_open(struct clone *out, const char *dir)
{
	struct clone c = { .dirty = true };
	int rc;

	if (strlcpy(c.dir, dir, sizeof(c.dir)) >= sizeof(c.dir))
		return -ENAMETOOLONG;
	in_clone(c.git, &c, "git");
	in_clone(c.config, &c, "config");
	in_clone(c.current, &c, "current");
	read_current(&c);
	rc = keep_stray(&c);
	if (rc == 0)
		rc = make_spare(&c);
	if (rc == 0)
		rc = write_attributes(&c);
	if (rc == 0)
		*out = c;
	return rc;
}

void
clone_paths(const struct clone *c, bool spare, char tree[CLONE_PATH_MAX],
    char index[CLONE_PATH_MAX])
{
	const char *name = spare ? "spare" : c->commit;

	snprintf(tree, CLONE_PATH_MAX, "%s/%s/tree", c->dir, name);
	snprintf(index, CLONE_PATH_MAX, "%s/%s/index", c->dir, name);
}

/* Each step by itself is whole, and keep_stray makes good the last one. */
int
clone_swap(struct clone *c, const char *commit)
{
	char spare[CLONE_PATH_MAX], state[CLONE_PATH_MAX];
	char link[CLONE_PATH_MAX], target[COMMIT_MAX + 8];

	in_clone(spare, c, "spare");
	in_clone(state, c, commit);
	in_clone(link, c, "current.new");
	snprintf(target, sizeof(target), "%s/tree", commit);
	unlink(link);
	if (symlink(target, link) != 0 || rename(spare, state) != 0)
		return -errno;
	if (rename(link, c->current) != 0) {
		int rc = -errno;

		rename(state, spare);
		return rc;
	}
	if (c->commit[0] != '\0') {
		in_clone(state, c, c->commit);
		rename(state, spare);
	}
	strlcpy(c->commit, commit, sizeof(c->commit));
	make_spare(c); /* the first time, as there was no old one */
	return 0;
}

bool
clone_has_git(const struct clone *c)
{
	char path[CLONE_PATH_MAX];

	in_clone(path, c, "git/HEAD");
	return access(path, F_OK) == 0;
}

int64_t
clone_checked(const struct clone *c)
{
	struct stat st;

	if (c->commit[0] == '\0' || lstat(c->current, &st) != 0)
		return 0;
	return st.st_mtim.tv_sec;
}

void
clone_set_checked(const struct clone *c)
{
	utimensat(AT_FDCWD, c->current, NULL, AT_SYMLINK_NOFOLLOW);
}
