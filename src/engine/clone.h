#ifndef ENGINE_CLONE_H
#define ENGINE_CLONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/paths.h"

#define COMMIT_MAX     65 /* SHA-256 in hexadecimal, and the end */
#define CLONE_PATH_MAX (PATHS_MAX + COMMIT_MAX + 8)

/*
 * The folder of a clone, which always has one whole state in force:
 *
 *	git          the repository, bare
 *	config       git's configuration
 *	<commit>     the state in force: tree/, and git's index of it
 *	current      a link to <commit>/tree; renamed over, so never half there
 *	spare        where the next state is made; of the same form
 *
 * The old state becomes the spare one, so that a change of ten files writes
 * ten files. Whenever this ends, clone_open makes good what was half done.
 */
struct clone {
	char dir[PATHS_MAX];
	char git[CLONE_PATH_MAX], config[CLONE_PATH_MAX];
	char current[CLONE_PATH_MAX];
	char commit[COMMIT_MAX]; /* in force; "": none yet */
	bool dirty; /* the spare one may hold files that no index knows */
};

/* 0 or a negative errno. */
int clone_open(struct clone *out, const char *dir);

/* Paths of the state in force, or of the spare one: its tree, its index. */
void clone_paths(const struct clone *c, bool spare, char tree[CLONE_PATH_MAX],
    char index[CLONE_PATH_MAX]);

/*
 * Removes the locks that a killed git left: the next one would not wait for
 * them, but fail. Only while none runs.
 */
void clone_unlock(const struct clone *c);

/* Puts the spare state, which is that commit, in force. 0 or -errno. */
int clone_swap(struct clone *c, const char *commit);

/* Has the repository been made? */
bool clone_has_git(const struct clone *c);

/* When the state in force was last known to be the newest; 0: never. */
int64_t clone_checked(const struct clone *c);
void clone_set_checked(const struct clone *c);

/* True for the hexadecimal digits of a SHA-1 or SHA-256. */
bool commit_is_valid(const char *text);

#endif
