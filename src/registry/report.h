#ifndef REGISTRY_REPORT_H
#define REGISTRY_REPORT_H

#include <stddef.h>

/*
 * Who is told what was passed over in the registry, and why. `where` is a
 * path below data/, "route/10.0.0.0_8", or a file and its line,
 * "filter.txt:12"; both texts are printable ASCII whatever the registry holds,
 * and gone when `tell` returns.
 */
struct report {
	void (*tell)(void *arg, const char *where, const char *why);
	void *arg;
};

/* Tells of folder/name. With no report, or no `tell` in it: nobody. */
void report_object(const struct report *r, const char *folder, const char *name,
    const char *why);

/* Tells of a line, counted from 1. */
void report_line(
    const struct report *r, const char *file, size_t line, const char *why);

#endif
