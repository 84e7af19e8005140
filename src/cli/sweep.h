#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

/* A name that begins so is a file or a folder of ours, not yet in place. */
#define SWEEP_UNFINISHED ".meetme."

#define SWEEP_PATH_MAX 256

/* What is to go from a folder. */
struct sweep {
	/* Does a file stay, by its path below the folder? */
	bool (*wanted)(void *arg, const char *path);
	void *arg;
	bool unmarked; /* files without RENDER_MARK go too */
	char path[SWEEP_PATH_MAX]; /* where it is, and where it failed */
};

/*
 * Removes files that begin with RENDER_MARK and are not wanted, and the
 * folders that are empty then, not the one it is given; `fd` is closed. The
 * number of files that went, or a negative errno of what is at s->path.
 */
int sweep_folder(struct sweep *s, int fd);

#endif
