/*
 * registry DIR: what the index of a registry folder costs: time to build it
 * and to see whether it changed (medians), memory, time of a login's look-up.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "median.h"
#include "registry/registry.h"

#define ROUNDS	11
#define LOOKUPS 1000000

static size_t
allocated(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void
report(const char *what, double value, double budget, const char *unit)
{
	printf("registry %-22s %10.3f %-3s budget %7.3f  ratio %.3f\n", what,
	    value, unit, budget, value / budget);
}

/* What a login asks: who is it, is the key theirs, is the AS theirs? */
static double
lookup_us(const struct registry *r, const char *user)
{
	struct sshkey key = { .type = SSHKEY_RSA };
	size_t found = 0;
	int64_t start = clock_mono_us();

	for (int i = 0; i < LOOKUPS; i++) {
		const char *mntner = registry_mntner(r, user);

		key.hash[i % 32]++;
		found += mntner != NULL && registry_has_key(r, mntner, &key);
		found +=
		    mntner != NULL && registry_has_asn(r, mntner, (uint32_t)i);
	}
	/* Uses the result, or the compiler would drop the loop. */
	if (found > LOOKUPS)
		abort();
	return (double)(clock_mono_us() - start) / LOOKUPS;
}

int
main(int argc, char **argv)
{
	int64_t load[ROUNDS], stamp[ROUNDS];
	double kb = 0;
	struct registry *r = NULL;
	struct registry_counts c;
	struct fault f;

	if (argc != 3) {
		fputs("usage: registry DIR USER\n", stderr);
		return 64;
	}
	for (int i = 0; i < ROUNDS; i++) {
		registry_free(r);
		r = NULL;

		size_t before = allocated();
		int64_t start = clock_mono_us();

		if (registry_load(&r, argv[1], &f) != 0) {
			fprintf(stderr, "registry: %s\n", f.text);
			return 1;
		}
		load[i] = clock_mono_us() - start;
		kb = (double)(allocated() - before) / 1024;
		start = clock_mono_us();
		registry_stamp(argv[1]);
		stamp[i] = clock_mono_us() - start;
	}
	registry_counts(r, &c);
	printf("registry %zu maintainers, %zu keys, %zu AS numbers, "
	       "%zu skipped\n",
	    c.mntners, c.keys, c.aut_nums, c.skipped);
	report("build", median_ms(load, ROUNDS), 40, "ms");
	report("change check", median_ms(stamp, ROUNDS), 20, "ms");
	report("memory", kb, 6144, "KB");
	report("look-up", lookup_us(r, argv[2]), 50, "us");
	registry_free(r);
	return 0;
}
