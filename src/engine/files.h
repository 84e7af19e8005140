#ifndef ENGINE_FILES_H
#define ENGINE_FILES_H

#include <stddef.h>

#include "plan/plan.h"

/*
 * The files that a plan is written to (render/render.h), by path, numbers in
 * them by value: strverscmp(3).
 */
struct file {
	char *path, *text;
};

struct files {
	struct file *list;
	size_t n;
};

/* 0, and *out is the caller's to free; or a negative errno. */
int files_of_plan(struct files *out, const struct plan *plan);
void files_free(struct files *files);

#endif
