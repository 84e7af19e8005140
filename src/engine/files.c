#include "engine/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/render.h"

static int
add(void *arg, const char *path, const char *text, size_t len)
{
	struct files *files = arg;
	struct file *grown;

	grown = reallocarray(files->list, files->n + 1, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	files->list = grown;
	grown += files->n++;
	grown->path = strdup(path);
	grown->text = strndup(text, len);
	return grown->path != NULL && grown->text != NULL ? 0 : -ENOMEM;
}

static int
by_path(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strverscmp(x->path, y->path);
}

int
files_of_plan(struct files *out, const struct plan *plan)
{
	struct files files = { 0 };
	int rc = render_plan(plan, add, &files);

	if (rc != 0) {
		files_free(&files);
		return rc;
	}
	if (files.n > 0)
		qsort(files.list, files.n, sizeof(files.list[0]), by_path);
	*out = files;
	return 0;
}

void
files_free(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->list[i].path);
		free(files->list[i].text);
	}
	free(files->list);
	memset(files, 0, sizeof(*files));
}
