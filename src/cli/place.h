#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stddef.h>

enum place {
	PLACE_WRITTEN,
	PLACE_UNCHANGED, /* it had these bytes already */
	PLACE_FOREIGN, /* it does not begin with RENDER_MARK, or is no file */
};

/*
 * Gives the file `name` of the folder these bytes, whole and only where they
 * differ. An enum place, or a negative errno.
 */
int place_file(int dir, const char *name, const char *text, size_t len);

/* The same where there is no such file, and nobody looks yet. */
int place_new(int dir, const char *name, const char *text, size_t len);

#endif
