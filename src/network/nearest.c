#include "network/nearest.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define WORD_MAX     32
#define DISTANCE_MAX 2

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], len_a = strlen(a), len_b = strlen(b);

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= len_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			size_t above = row[j];
			size_t differ = tolower((unsigned char)a[i - 1]) !=
					tolower((unsigned char)b[j - 1]);

			row[j] =
			    min(min(above, row[j - 1]) + 1, diagonal + differ);
			diagonal = above;
		}
	}
	return row[len_b];
}

const char *
nearest(const char *word, const char *const *names)
{
	size_t best = min(DISTANCE_MAX, (strlen(word) + 1) / 2) + 1;
	const char *found = NULL;

	for (; *names != NULL; names++) {
		size_t d = distance(word, *names);

		if (d < best) {
			best = d;
			found = *names;
		}
	}
	return found;
}
