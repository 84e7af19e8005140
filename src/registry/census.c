#include "registry/census.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "registry/filter.h"

/* Of a descriptor, or a negative number. */
static DIR *
open_folder(int fd)
{
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

	if (d == NULL && fd >= 0)
		close(fd);
	return d;
}

static size_t
count_files(DIR *d)
{
	const struct dirent *e;
	size_t n = 0;

	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.' &&
		     (e->d_type == DT_REG || e->d_type == DT_UNKNOWN);
	return n;
}

static void
count_classes(struct census *c, DIR *data)
{
	const struct dirent *e;
	size_t len;
	DIR *d;

	while (c->n < CENSUS_CLASSES_MAX && (e = readdir(data)) != NULL) {
		len = strlen(e->d_name);
		if (e->d_name[0] == '.' || len >= sizeof(c->classes[0].name) ||
		    !text_is_plain(e->d_name, len))
			continue;
		d = open_folder(openat(dirfd(data), e->d_name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
		if (d == NULL)
			continue;
		memcpy(c->classes[c->n].name, e->d_name, len + 1);
		c->classes[c->n++].n = count_files(d);
		closedir(d);
	}
}

void
census_take(struct census *out, const char *dir)
{
	struct census c = { .n = 0 };
	struct filter filter;
	DIR *data =
	    open_folder(file_open_below(dir, "data", O_RDONLY | O_DIRECTORY));

	if (data != NULL) {
		count_classes(&c, data);
		closedir(data);
	}
	for (unsigned i = 0; i < 2; i++) {
		if (filter_load(&filter, i == 0 ? 4 : 6, dir, NULL, NULL) != 0)
			continue;
		c.filters[i].usable = true;
		c.filters[i].skipped = filter.skipped;
		filter_free(&filter);
	}
	*out = c;
}

static size_t
count_of(const struct census *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->classes[i].name, name) == 0)
			return c->classes[i].n;
	return 0;
}

bool
census_shrank(size_t before, size_t now)
{
	return now < before - before / 10;
}

bool
census_lost(const struct census *before, const struct census *now,
    char why[CENSUS_TEXT_MAX])
{
	for (size_t i = 0; i < before->n; i++) {
		const char *name = before->classes[i].name;
		size_t had = before->classes[i].n, n = count_of(now, name);

		if (!census_shrank(had, n))
			continue;
		snprintf(why, CENSUS_TEXT_MAX,
		    "it has %zu objects in %s instead of %zu", n, name, had);
		return true;
	}
	for (unsigned i = 0; i < 2; i++) {
		const char *name = filter_name(i == 0 ? 4 : 6);

		if (now->filters[i].usable
			? now->filters[i].skipped <= before->filters[i].skipped
			: !before->filters[i].usable)
			continue;
		if (!now->filters[i].usable)
			snprintf(why, CENSUS_TEXT_MAX,
			    "there is no rule in %s any more", name);
		else
			snprintf(why, CENSUS_TEXT_MAX,
			    "%zu lines of %s are no rule, of %zu before",
			    now->filters[i].skipped, name,
			    before->filters[i].skipped);
		return true;
	}
	return false;
}
