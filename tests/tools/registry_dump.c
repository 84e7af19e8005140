/*
 * registry_dump DIR: the whole index as text, for tests to compare: a line
 * "key MNTNER FINGERPRINT" or "asn MNTNER NUMBER" for each, and the counts.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "registry/registry.h"

static void
dump_mntner(const struct registry *r, const char *mntner)
{
	char fpr[SSHKEY_FPR_MAX];
	size_t n;
	const struct sshkey *keys = registry_keys(r, mntner, &n);

	for (size_t i = 0; i < n; i++)
		printf(
		    "key %s %s\n", mntner, sshkey_fingerprint(&keys[i], fpr));

	const uint32_t *asns = registry_asns(r, mntner, &n);

	for (size_t i = 0; i < n; i++)
		printf("asn %s %u\n", mntner, asns[i]);
}

int
main(int argc, char **argv)
{
	char path[4096];
	struct fault f;
	struct registry *r;
	struct registry_counts c;
	struct dirent **names;
	int n;

	if (argc != 2) {
		fputs("usage: registry_dump DIR\n", stderr);
		return 64;
	}
	if (registry_load(&r, argv[1], &f) != 0) {
		fprintf(stderr, "registry_dump: %s\n", f.text);
		return 1;
	}
	if (path_join(path, sizeof(path), argv[1], "data/mntner") != 0 ||
	    (n = scandir(path, &names, NULL, alphasort)) < 0)
		return 1;
	for (int i = 0; i < n; i++) {
		const char *mntner = registry_mntner(r, names[i]->d_name);

		if (mntner != NULL)
			dump_mntner(r, mntner);
		free(names[i]);
	}
	free(names);
	registry_counts(r, &c);
	printf("mntners %zu\naut-nums %zu\nkeys %zu\nskipped %zu\n", c.mntners,
	    c.aut_nums, c.keys, c.skipped);
	registry_free(r);
	return fflush(stdout) != 0;
}
