#ifndef BENCH_MEDIAN_H
#define BENCH_MEDIAN_H

#include <stdint.h>
#include <stdlib.h>

/* For qsort: times, as clock_mono_us() gives them, or spans of them. */
static inline int
time_cmp(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The milliseconds of the middle one of n spans, in order afterwards. */
static inline double
median_ms(int64_t *spans, size_t n)
{
	qsort(spans, n, sizeof(spans[0]), time_cmp);
	return (double)spans[n / 2] / 1e3;
}

#endif
