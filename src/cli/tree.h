#ifndef CLI_TREE_H
#define CLI_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "network/network.h"

/*
 * The writer of generated files, DIR/servers/<pop>/<path> and
 * DIR/registry/<path>, to live in git. A file is rewritten, whole, only where
 * its bytes differ. Files that do not begin with RENDER_MARK are somebody
 * else's, and stay. Nothing is synced: git has the copies. Results are 0 or a
 * negative errno; what is wrong has been said on standard error.
 */
#define TREE_FOLDER   "servers"
#define TREE_REGISTRY "registry"

struct tree_counts {
	size_t written, unchanged, removed;
	size_t foreign; /* not written: it is somebody else's file */
};

struct tree {
	const char *dir; /* the caller's */
	int top; /* of `dir` */
	int fd; /* of its folder `servers`, which is locked */
	int list; /* gets the path of each good file, '\0' behind it; or -1 */
	bool keeps_peerings; /* this run knows of none: their files stay */
	struct tree_counts n;
};

/* Makes what folders lack, and clears what an interrupted run left. */
int tree_open(struct tree *t, const char *dir);
void tree_close(struct tree *t);

/* Removes our files of the POPs that are not in the network. */
int tree_prune(struct tree *t, const struct network *net);

/* Says what failed at a path below `dir`, and returns `rc`. */
int tree_complain(
    const struct tree *t, const char *folder, const char *path, int rc);

/* The folder of one POP, or that of the registry with NULL. */
struct tree_pop;
int tree_begin(struct tree_pop **out, struct tree *t, const char *pop);

/*
 * As render_plan() calls it. Says which file is somebody else's, counts it and
 * goes on; other failures are for tree_end() to say.
 */
int tree_put(void *pop, const char *path, const char *text, size_t len);

/*
 * With `rc` 0: removes the POP's files of ours that were not put. Else says
 * that it failed, and takes back a POP that was new. Frees either way.
 */
int tree_end(struct tree_pop *p, int rc);

#endif
