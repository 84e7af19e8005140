#ifndef CLI_COMMIT_H
#define CLI_COMMIT_H

/*
 * A commit of generated files, and of nothing else, to the git repository that
 * a folder is in: what the operator has staged stays staged. git does it, with
 * the operator's own name, hooks and signature.
 *
 * These say on standard error what is wrong, and return 0 or -1.
 */
struct commit;

/*
 * Is `dir` in a repository where a commit can be made? *list is a file for the
 * paths of the files, below `dir`, with '\0' behind each.
 */
int commit_begin(struct commit **out, const char *dir, int *list);

/*
 * Commits the files of the list, and the removal of those that begin with
 * RENDER_MARK, were committed in the folder `sub` of `dir` and are gone. Says
 * what it did; without a difference there is nothing to do.
 */
int commit_end(struct commit *c, const char *sub, const char *message);

void commit_free(struct commit *c);

#endif
