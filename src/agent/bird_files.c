#include "agent/bird_files.h"

#include <bsd/string.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"

void
bird_text_free(struct bird_text *t)
{
	free(t->data);
	*t = (struct bird_text){ 0 };
}

bool
bird_text_equal(const struct bird_text *a, const struct bird_text *b)
{
	if (a->data == NULL || b->data == NULL)
		return a->data == b->data;
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

char *
bird_file_name(char buf[BIRD_NAME_MAX], uint64_t id)
{
	if (id == BIRD_BASE)
		strlcpy(buf, "meetme.conf", BIRD_NAME_MAX);
	else if (id < BIRD_REGISTRY)
		snprintf(buf, BIRD_NAME_MAX, "peers/as%u.conf", (unsigned)id);
	else
		snprintf(buf, BIRD_NAME_MAX, "registry/%s",
		    policy_file_name((enum policy_file)(id - BIRD_REGISTRY)));
	return buf;
}

int
bird_file_path(char path[PATH_MAX], const char *dir, uint64_t id)
{
	char name[BIRD_NAME_MAX];

	return path_join(path, PATH_MAX, dir, bird_file_name(name, id));
}

int
bird_file_read(struct bird_text *out, const char *dir, uint64_t id)
{
	struct bird_text t = { 0 };
	char path[PATH_MAX];
	int rc;

	rc = bird_file_path(path, dir, id);
	if (rc == 0)
		rc = file_read(path, BIRD_FILE_MAX, &t.data, &t.len);
	/* What cannot be read is none of ours, and is replaced. */
	if (rc == -ENOENT || rc == -EACCES || rc == -EFBIG || rc == -EINVAL)
		rc = 0;
	if (rc == 0)
		*out = t;
	return rc;
}

int
bird_file_put(const char *dir, uint64_t id, const struct bird_text *text)
{
	char path[PATH_MAX], folder[PATH_MAX];
	int rc;

	rc = bird_file_path(path, dir, id);
	if (rc != 0)
		return rc;
	if (text->data != NULL) {
		rc = file_replace(path, BIRD_FILE_MODE, text->data, text->len);
		if (rc != -ENOENT || id < BIRD_REGISTRY ||
		    path_join(folder, sizeof(folder), dir, "registry") != 0 ||
		    mkdir(folder, 02750) != 0)
			return rc;
		return file_replace(
		    path, BIRD_FILE_MODE, text->data, text->len);
	}
	return unlink(path) != 0 && errno != ENOENT ? -errno : 0;
}

/* "as4242421344.conf" gives 4242421344; 0 for any other name. */
static uint32_t
asn_of_name(const char *name)
{
	size_t len = strlen(name);
	uint32_t asn = 0;

	if (len <= 7 || strncmp(name, "as", 2) != 0 ||
	    strcmp(name + len - 5, ".conf") != 0 || name[2] == '0' ||
	    num_parse(&asn, name + 2, len - 7, 1, UINT32_MAX) != 0)
		return 0;
	return asn;
}

int
bird_files_list(const char *dir, uint32_t **list, size_t *n)
{
	char path[PATH_MAX];
	uint32_t *asns = NULL;
	size_t count = 0;
	int rc;
	DIR *d;

	rc = path_join(path, sizeof(path), dir, "peers");
	if (rc != 0)
		return rc;
	d = opendir(path);
	if (d == NULL && errno == ENOENT && mkdir(path, 02750) == 0)
		d = opendir(path); /* somebody tidied up */
	if (d == NULL)
		return -errno;
	for (struct dirent *e; rc == 0 && (e = readdir(d)) != NULL;) {
		uint32_t asn = asn_of_name(e->d_name);
		uint32_t *more;

		if (asn == 0)
			continue;
		more = reallocarray(asns, count + 1, sizeof(*more));
		if (more == NULL) {
			rc = -ENOMEM;
			break;
		}
		asns = more;
		asns[count++] = asn;
	}
	closedir(d);
	if (rc != 0) {
		free(asns);
		return rc;
	}
	*list = asns;
	*n = count;
	return 0;
}
