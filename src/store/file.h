#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <sqlite3.h>

#include "base/fault.h"

/*
 * Opens the store's file, made whole or not at all when there is none, and
 * migrates it. 0: *out is the caller's to close. A file that is not ours or
 * damaged is not written to.
 */
int store_file_open(sqlite3 **out, const char *path, struct fault *f);

#endif
