#ifndef REGISTRY_CENSUS_H
#define REGISTRY_CENSUS_H

#include <stdbool.h>
#include <stddef.h>

#define CENSUS_CLASSES_MAX 64 /* dn42 has 18 */
#define CENSUS_TEXT_MAX	   128

/*
 * How many objects of each class a registry has, to see whether another state
 * of it is one that grew out of it, or a broken one.
 */
struct census {
	struct {
		char name[32];
		size_t n;
	} classes[CENSUS_CLASSES_MAX]; /* folders of data/ */
	size_t n;
	struct {
		bool usable; /* there is a rule in it */
		size_t skipped; /* lines that are no rule */
	} filters[2]; /* filter.txt, filter6.txt */
};

/* Counts the files below dir/data; what is not there counts zero. */
void census_take(struct census *out, const char *dir);

/* Is more than a tenth gone? */
bool census_shrank(size_t before, size_t now);

/*
 * Does `now` lack more than a tenth of a class that `before` has, or has a
 * filter file lines that are no rules any more? Then says which, in printable
 * ASCII.
 */
bool census_lost(const struct census *before, const struct census *now,
    char why[CENSUS_TEXT_MAX]);

#endif
