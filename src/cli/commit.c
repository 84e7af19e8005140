#include "cli/commit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/git.h"
#include "render/render.h"

#define ARGS(...)                                        \
	(const char *const[])                            \
	{                                                \
		"--literal-pathspecs", __VA_ARGS__, NULL \
	}

struct commit {
	const char *dir; /* the caller's */
	char *index; /* a file for the commit's own index */
	bool made; /* it is there */
	int list;
};

static int
run(const struct commit *c, const char *index, int in, int out,
    const char *const *args)
{
	const struct git g = { c->dir, index, in, out };

	return git_run(&g, args);
}

/* What git prints in one line, without its end; NULL: it failed. */
static char *
ask(const struct commit *c, const char *const *args)
{
	int fd = git_file();
	char *line = NULL;
	size_t room = 0;
	ssize_t n = -1;
	FILE *f;

	if (fd < 0)
		return NULL;
	if (run(c, NULL, -1, fd, args) == 0 && lseek(fd, 0, SEEK_SET) == 0 &&
	    (f = fdopen(dup(fd), "r")) != NULL) {
		n = getline(&line, &room, f);
		fclose(f);
	}
	close(fd);
	if (n <= 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static bool
has_ref(const struct commit *c, const char *ref)
{
	return run(c, NULL, -1, -1, ARGS("rev-parse", "-q", "--verify", ref)) ==
	       0;
}

/* A commit now would be the end of what the operator has begun. */
static bool
is_busy(const struct commit *c)
{
	static const char *const heads[] = { "MERGE_HEAD", "CHERRY_PICK_HEAD",
		"REVERT_HEAD" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (has_ref(c, heads[i]))
			return true;
	return false;
}

int
commit_begin(struct commit **out, const char *dir, int *list)
{
	struct commit *c = calloc(1, sizeof(*c));
	char *git_dir = NULL;
	int rc = -1;

	if (c == NULL)
		goto out;
	c->dir = dir;
	c->list = -1;
	git_dir = ask(c, ARGS("rev-parse", "--absolute-git-dir"));
	if (git_dir == NULL) {
		log_error("%s: is in no git repository where --commit can "
			  "commit; nothing was written",
		    dir);
		goto out;
	}
	if (is_busy(c)) {
		log_error("%s: a merge is not finished there: finish it "
			  "first; nothing was written",
		    dir);
		goto out;
	}
	if (asprintf(&c->index, "%s/meetme.index", git_dir) < 0) {
		c->index = NULL;
		goto out;
	}
	c->list = git_file();
	if (c->list < 0)
		goto out;
	*list = c->list;
	*out = c;
	c = NULL;
	rc = 0;
out:
	free(git_dir);
	commit_free(c);
	return rc;
}

/* An index of what is committed already, with what git knows of the files. */
static int
make_index(struct commit *c)
{
	char *option = NULL;
	int rc = -1;

	c->made = true;
	if (!has_ref(c, "HEAD"))
		return run(c, c->index, -1, -1, ARGS("read-tree", "--empty"));
	if (asprintf(&option, "--index-output=%s", c->index) >= 0)
		rc = run(c, NULL, -1, -1,
		    ARGS("read-tree", "--reset", option, "HEAD"));
	free(option);
	return rc;
}

/* The next of cat-file's answers: did what was committed begin as ours do? */
static bool
next_is_ours(FILE *f)
{
	const size_t len = sizeof(RENDER_MARK) - 1;
	char start[sizeof(RENDER_MARK)] = "";
	char *line = NULL;
	size_t room = 0, size = 0;
	bool ours;

	if (getline(&line, &room, f) <= 0 ||
	    sscanf(line, "blob %zu\n", &size) != 1) {
		free(line);
		return false;
	}
	free(line);
	ours = size >= len && fread(start, len, 1, f) == 1 &&
	       memcmp(start, RENDER_MARK, len) == 0;
	fseek(f, (long)(size - (size >= len ? len : 0)) + 1, SEEK_CUR);
	return ours;
}

/* `gone` has the paths, `blobs` what was committed of each. */
static int
keep_ours(const struct commit *c, FILE *gone, FILE *blobs)
{
	char *path = NULL;
	size_t room = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getdelim(&path, &room, '\0', gone)) > 0)
		if (strchr(path, '\n') == NULL && next_is_ours(blobs) &&
		    write(c->list, path, (size_t)len) != len)
			rc = -1;
	free(path);
	return rc;
}

static int
write_names(FILE *gone, int names)
{
	char *path = NULL;
	size_t room = 0;
	int rc = 0;

	while (rc == 0 && getdelim(&path, &room, '\0', gone) > 0)
		if (strchr(path, '\n') == NULL &&
		    dprintf(names, ":./%s\n", path) < 0)
			rc = -1;
	free(path);
	rewind(gone);
	return rc;
}

/* Adds to the list what was committed, was ours, and is there no more. */
static int
list_gone(const struct commit *c, const char *sub)
{
	int names = git_file(), fds[2] = { git_file(), git_file() };
	FILE *files[2] = { NULL, NULL };
	int rc = -1;

	for (int i = 0; i < 2; i++)
		if (fds[i] < 0 || (files[i] = fdopen(fds[i], "r")) == NULL)
			goto out;
	if (names < 0 ||
	    run(c, c->index, -1, fds[0],
		ARGS("ls-files", "-z", "--deleted", "--", sub)) != 0)
		goto out;
	rewind(files[0]);
	if (write_names(files[0], names) != 0 ||
	    run(c, c->index, names, fds[1],
		ARGS("cat-file", "--batch=%(objecttype) %(objectsize)")) != 0)
		goto out;
	rewind(files[1]);
	rc = keep_ours(c, files[0], files[1]);
out:
	for (int i = 0; i < 2; i++) {
		if (files[i] != NULL)
			fclose(files[i]);
		else if (fds[i] >= 0)
			close(fds[i]);
	}
	if (names >= 0)
		close(names);
	return rc;
}

static int
update_index(const struct commit *c, const char *index)
{
	return run(c, index, c->list, -1,
	    ARGS("update-index", "--add", "--remove", "-z", "--stdin"));
}

static int
say_commit(const struct commit *c)
{
	char *id = ask(c, ARGS("rev-parse", "--short", "HEAD"));

	printf("Committed as %s.\n", id != NULL ? id : "HEAD");
	free(id);
	return 0;
}

int
commit_end(struct commit *c, const char *sub, const char *message)
{
	int rc = -1;

	if (make_index(c) != 0 || list_gone(c, sub) != 0 ||
	    update_index(c, c->index) != 0)
		goto out;
	switch (run(c, c->index, -1, -1, ARGS("diff", "--cached", "--quiet"))) {
	case 0:
		puts("Nothing to commit.");
		rc = 0;
		goto out;
	case 1:
		break;
	default:
		goto out;
	}
	if (run(c, c->index, -1, -1, ARGS("commit", "-q", "-m", message)) != 0)
		goto out;
	rc = update_index(c, NULL) == 0 ? say_commit(c) : -1;
out:
	if (rc != 0)
		log_error("%s: the files are written, but could not be "
			  "committed",
		    c->dir);
	return rc;
}

void
commit_free(struct commit *c)
{
	if (c == NULL)
		return;
	if (c->made)
		unlink(c->index);
	if (c->list >= 0)
		close(c->list);
	free(c->index);
	free(c);
}
