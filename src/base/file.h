#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Reads a regular file of at most `max` bytes. *out is allocated, has a '\0'
 * behind its last byte, and is the caller's to free. 0, or a negative errno:
 * -EFBIG beyond max, -EINVAL for what is no regular file.
 */
int file_read(const char *path, size_t max, char **out, size_t *len);

/*
 * Opens dir/path, with `flags` as of open(2); no link below `dir` is followed,
 * and no ".." leads out of it. The descriptor, or a negative errno: -ELOOP for
 * a link.
 */
int file_open_below(const char *dir, const char *path, int flags);

/* As file_read, of such a file. */
int file_read_below(
    const char *dir, const char *path, size_t max, char **out, size_t *len);

/*
 * Writes a new file with `mode` and syncs it. 0 or a negative errno: -EEXIST
 * if there is one; on another failure none is left.
 */
int file_create(const char *path, mode_t mode, const void *data, size_t len);

/*
 * Replaces `path` whole: writes "<path>.new" with `mode`, syncs it, renames
 * it. 0 or a negative errno; the old file stays on failure.
 */
int file_replace(const char *path, mode_t mode, const void *data, size_t len);

/*
 * What a folder and all below it take on disk, each entry at least 4 KiB, as
 * many empty ones fill a disk too. Counts no further than beyond `enough`.
 */
uint64_t file_tree_bytes(const char *dir, uint64_t enough);

/* Joins into buf. 0, or -ENAMETOOLONG if it does not fit. */
int path_join(char *buf, size_t size, const char *dir, const char *name);

#endif
