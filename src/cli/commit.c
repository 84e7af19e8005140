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
	FILE *list;
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
	FILE *f = git_file();
	char *line = NULL;
	size_t room = 0;
	ssize_t n = -1;

	if (f == NULL)
		return NULL;
	if (run(c, NULL, -1, fileno(f), args) == 0) {
		rewind(f);
		n = getline(&line, &room, f);
	}
	fclose(f);
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
	if (c->list == NULL)
		goto out;
	*list = fileno(c->list);
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
	char start[RENDER_MARK_LEN];
	char *line = NULL;
	size_t room = 0, size = 0, n;

	if (getline(&line, &room, f) <= 0 ||
	    sscanf(line, "%*[a-z] %zu", &size) != 1) {
		free(line);
		return false;
	}
	free(line);
	n = fread(start, 1, size < sizeof(start) ? size : sizeof(start), f);
	fseek(f, (long)(size - n) + 1, SEEK_CUR);
	return render_is_ours(start, n);
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
		    write(fileno(c->list), path, (size_t)len) != len)
			rc = -1;
	free(path);
	return rc;
}

static int
write_names(FILE *gone, FILE *names)
{
	char *path = NULL;
	size_t room = 0;

	while (getdelim(&path, &room, '\0', gone) > 0)
		if (strchr(path, '\n') == NULL)
			fprintf(names, ":./%s\n", path);
	free(path);
	rewind(gone);
	return fflush(names) == 0 ? 0 : -1;
}

/* Adds to the list what was committed, was ours, and is there no more. */
static int
list_gone(const struct commit *c, const char *sub)
{
	FILE *gone = git_file(), *names = git_file(), *blobs = git_file();
	FILE *const all[] = { gone, names, blobs };
	int rc = -1;

	if (gone == NULL || names == NULL || blobs == NULL ||
	    run(c, c->index, -1, fileno(gone),
		ARGS("ls-files", "-z", "--deleted", "--", sub)) != 0)
		goto out;
	rewind(gone);
	if (write_names(gone, names) != 0 ||
	    run(c, c->index, fileno(names), fileno(blobs),
		ARGS("cat-file", "--batch=%(objecttype) %(objectsize)")) != 0)
		goto out;
	rewind(blobs);
	rc = keep_ours(c, gone, blobs);
out:
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] != NULL)
			fclose(all[i]);
	return rc;
}

static int
update_index(const struct commit *c, const char *index)
{
	return run(c, index, fileno(c->list), -1,
	    ARGS("update-index", "--add", "--remove", "-z", "--stdin"));
}

static void
say_commit(const struct commit *c)
{
	char *id = ask(c, ARGS("rev-parse", "--short", "HEAD"));

	printf("Committed as %s.\n", id != NULL ? id : "HEAD");
	free(id);
}

/* 0, 1 if nothing differs, or -1. */
static int
make_commit(struct commit *c, const char *sub, const char *message)
{
	if (make_index(c) != 0 || list_gone(c, sub) != 0 ||
	    update_index(c, c->index) != 0)
		return -1;
	switch (run(c, c->index, -1, -1, ARGS("diff", "--cached", "--quiet"))) {
	case 0:
		return 1;
	case 1:
		break;
	default:
		return -1;
	}
	return run(c, c->index, -1, -1, ARGS("commit", "-q", "-m", message)) ==
		       0
		   ? 0
		   : -1;
}

int
commit_end(struct commit *c, const char *sub, const char *message)
{
	int rc = make_commit(c, sub, message);

	if (rc < 0) {
		log_error("%s: the files are written, but could not be "
			  "committed",
		    c->dir);
	} else if (rc > 0) {
		puts("Nothing to commit.");
		rc = 0;
	} else {
		say_commit(c);
		rc = update_index(c, NULL) == 0 ? 0 : -1;
		if (rc != 0)
			log_error("%s: git's index is as before that commit; "
				  "`git reset` renews it",
			    c->dir);
	}
	return rc;
}

void
commit_free(struct commit *c)
{
	if (c == NULL)
		return;
	if (c->made)
		unlink(c->index);
	if (c->list != NULL)
		fclose(c->list);
	free(c->index);
	free(c);
}
