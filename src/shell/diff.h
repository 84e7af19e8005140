#ifndef SHELL_DIFF_H
#define SHELL_DIFF_H

#include "shell/out.h"

/*
 * Prints how `new` differs from `old`, texts of the file `path` of which one
 * may be NULL for none, as diff -u(1) does, which it runs. 0, or a negative
 * errno: it could not be run.
 */
int
diff_print(struct out *o, const char *path, const char *old, const char *new);

#endif
