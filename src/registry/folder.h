#ifndef REGISTRY_FOLDER_H
#define REGISTRY_FOLDER_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * One folder of registry objects (data/mntner, ...), file after file. Only
 * regular files count: whatever else lies there, what cannot be read and what
 * is larger than OBJECT_FILE_MAX is skipped and counted. Names that begin with
 * a dot are no objects. What a file holds is the caller's to judge.
 */
struct folder {
	DIR *dir;
	char *buf;
	size_t skipped;
	/* The file that folder_next found; valid until the next call. */
	const char *name;
	const char *text;
	size_t len;
};

/* Opens dir/data/name. 0, FAULT_NOT_FOUND or FAULT_SYSTEM. */
int folder_open(
    struct folder *out, const char *dir, const char *name, struct fault *f);
void folder_close(struct folder *folder);

/* 1: a file; 0: the end; FAULT_SYSTEM: the machine failed. In no order. */
int folder_next(struct folder *folder, struct fault *f);

/*
 * A sum over the files of dir/data/name that changes with a file's name, size,
 * times or identity; 0 for a folder that cannot be read.
 */
uint64_t folder_stamp(const char *dir, const char *name);

/* The same of the one file dir/data/name. */
uint64_t folder_stamp_file(const char *dir, const char *name);

#endif
