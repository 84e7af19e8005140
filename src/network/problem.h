#ifndef NETWORK_PROBLEM_H
#define NETWORK_PROBLEM_H

#include <stddef.h>

#define NETWORK_PROBLEMS_MAX 100

/* One thing that is wrong with a network file. */
struct network_problem {
	unsigned line; /* 1..; 0: of the file as a whole */
	char field[64]; /* "pops[1].ipv4" */
	char text[256]; /* what is wrong, and what would be right; ASCII */
};

struct network_problems {
	struct network_problem list[NETWORK_PROBLEMS_MAX];
	size_t n; /* what is beyond the maximum is not kept */
};

/* Appends; bytes outside printable ASCII become '?'. */
void problem_add(struct network_problems *p, unsigned line, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Sorts by line; what stands on one line keeps its order. */
void problem_sort(struct network_problems *p);

#endif
