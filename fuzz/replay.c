/*
 * main() of a fuzz target where no fuzzer drives it: each file named on the
 * command line, or lying in a folder named there, is run once.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#define INPUT_MAX (16U << 20)
#define PATH_TEXT 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static size_t runs;

static int
run_file(const char *path)
{
	char *text, *data;
	size_t len;
	int rc = file_read(path, INPUT_MAX, &text, &len);

	if (rc != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(-rc));
		return 1;
	}
	/* Without the byte behind the end that file_read adds. */
	data = malloc(len > 0 ? len : 1);
	if (data == NULL) {
		free(text);
		return 1;
	}
	memcpy(data, text, len);
	free(text);
	LLVMFuzzerTestOneInput((const uint8_t *)data, len);
	free(data);
	runs++;
	return 0;
}

static int
run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_TEXT];
	int failed = 0;

	if (dir == NULL) {
		perror(folder);
		return 1;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		failed |=
		    path_join(path, sizeof(path), folder, entry->d_name) != 0 ||
		    run_file(path) != 0;
	}
	closedir(dir);
	return failed;
}

int
main(int argc, char **argv)
{
	struct stat st;
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)
			      ? run_folder(argv[i])
			      : run_file(argv[i]);
	printf("%zu inputs\n", runs);
	return failed != 0 || runs == 0;
}
