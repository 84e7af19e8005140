#ifndef AGENT_BIRD_FILES_H
#define AGENT_BIRD_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/policy.h"

/*
 * Our files of BIRD's configuration, below <bird_dir>: meetme.conf, the base,
 * peers/as<ASN>.conf, one for each session, and what the registry says of
 * routes in registry/. A file's id is the AS number, or one of those here. No
 * other file is read, written or removed. Results are 0 or a negative errno.
 */
#define BIRD_BASE	UINT64_C(0)
#define BIRD_REGISTRY	(UINT64_C(1) << 32) /* and an enum policy_file */
#define BIRD_REGISTRY_N POLICY_FILES
#define BIRD_FILE_MAX	(16U << 20)
#define BIRD_FILE_MODE	0640 /* the folder is of BIRD's group */

struct bird_text {
	char *data; /* NULL: no file */
	size_t len;
};

void bird_text_free(struct bird_text *t);
bool bird_text_equal(const struct bird_text *a, const struct bird_text *b);

#define BIRD_NAME_MAX 32 /* of a path below <bird_dir> */
char *bird_file_name(char buf[BIRD_NAME_MAX], uint64_t id);
int bird_file_path(char path[PATH_MAX], const char *dir, uint64_t id);

/* No file, or none that we can read, is no failure: out->data is NULL. */
int bird_file_read(struct bird_text *out, const char *dir, uint64_t id);

/* Replaces the file, synced, or removes it: data NULL. Makes registry/. */
int bird_file_put(const char *dir, uint64_t id, const struct bird_text *text);

/*
 * AS numbers of the files in peers/, which is made if it is gone; *list is
 * the caller's to free.
 */
int bird_files_list(const char *dir, uint32_t **list, size_t *n);

#endif
