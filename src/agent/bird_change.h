#ifndef AGENT_BIRD_CHANGE_H
#define AGENT_BIRD_CHANGE_H

#include "agent/bird_want.h"

/* A file to be replaced, or removed, and what it was before. */
struct bird_change {
	uint64_t id; /* bird_files.h */
	struct bird_text old; /* data NULL: it is new */
	const struct bird_text *new; /* of the wanted file; NULL: remove */
	bool is_placed; /* `new` is where BIRD reads */
};

struct bird_changes {
	const char *dir; /* paths.bird_dir */
	struct bird_change *list;
	size_t n;
	unsigned written; /* files replaced or removed since the start */
};

/*
 * How the files on the disk differ from what is wanted; what BIRD refused and
 * rests is passed over. `want` has to stay. 0 or a negative errno.
 */
int bird_changes_find(struct bird_changes *c, const struct bird_want *want);
void bird_changes_free(struct bird_changes *c); /* empties the list */

/* Puts the new file in place, or the old one back. 0 or a negative errno. */
int bird_change_place(struct bird_changes *c, struct bird_change *x, bool new);

/* All of them: 0 or a negative errno. */
int bird_changes_place(struct bird_changes *c);

/* Replaced files go back, removed ones do not. The number that went back. */
size_t bird_changes_back(struct bird_changes *c);
size_t bird_changes_placed(const struct bird_changes *c); /* a number */

/* Are the registry's ROAs among them? */
bool bird_changes_roas(const struct bird_changes *c);

/*
 * `bird -p` on all, and if it refuses, on each, on top of the base: the wanted
 * one, or while that rests the one in place. What stays was good before. Those
 * that are refused rest in `want`, and are no changes any more. 0, or a
 * negative errno: it could not be asked, `words` says why.
 */
int bird_changes_check(
    struct bird_changes *c, struct bird_want *want, char *words, size_t size);

#endif
