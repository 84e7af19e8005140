#ifndef CLI_WORKERS_H
#define CLI_WORKERS_H

#include <stddef.h>

#include "cli/tree.h"

/*
 * Runs `work` for each i in 0..n-1, in one process per CPU. Each adds to a
 * `tree` of its own, whose counts end up in t->n. 0 if all returned 0; after
 * one that did not, no other is begun.
 */
int workers_run(struct tree *t, size_t n,
    int (*work)(struct tree *t, size_t i, const void *arg), const void *arg);

#endif
