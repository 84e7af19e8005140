#include "agent/bird_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/program.h"
#include "base/text.h"

#define CHECK_MS 5000

static int
stage_path(char path[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/stage%s", dir, name);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int
bird_stage_make(const char *dir)
{
	char path[PATH_MAX];

	bird_stage_remove(dir);
	if (stage_path(path, dir, "") != 0)
		return -ENAMETOOLONG;
	if (mkdir(path, 0750) != 0)
		return -errno;
	if (stage_path(path, dir, "/peers") != 0)
		return -ENAMETOOLONG;
	if (mkdir(path, 0750) != 0)
		return -errno;
	if (stage_path(path, dir, "/registry") != 0)
		return -ENAMETOOLONG;
	return mkdir(path, 0750) != 0 ? -errno : 0;
}

int
bird_stage_put(const char *dir, uint64_t id, const struct bird_text *text)
{
	char stage[PATH_MAX], path[PATH_MAX];
	ssize_t n;
	int fd, rc;

	rc = stage_path(stage, dir, "");
	if (rc == 0)
		rc = bird_file_path(path, stage, id);
	if (rc != 0)
		return rc;
	fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, BIRD_FILE_MODE);
	if (fd < 0)
		return -errno;
	n = write(fd, text->data, text->len);
	if (n < 0)
		rc = -errno;
	else if ((size_t)n != text->len)
		rc = -ENOSPC;
	close(fd);
	return rc;
}

bool
bird_stage_exists(const char *dir)
{
	char path[PATH_MAX];

	return stage_path(path, dir, "") == 0 && access(path, F_OK) == 0;
}

/* Removes the files that we put there; a folder with others stays. */
void
bird_stage_remove(const char *dir)
{
	char stage[PATH_MAX], path[PATH_MAX];
	uint32_t *asns;
	size_t n;

	if (stage_path(stage, dir, "") != 0)
		return;
	if (bird_files_list(stage, &asns, &n) == 0) {
		for (size_t i = 0; i < n; i++)
			if (bird_file_path(path, stage, asns[i]) == 0)
				unlink(path);
		free(asns);
	}
	for (uint64_t i = 0; i < BIRD_REGISTRY_N; i++)
		if (bird_file_path(path, stage, BIRD_REGISTRY + i) == 0)
			unlink(path);
	if (bird_file_path(path, stage, BIRD_BASE) == 0)
		unlink(path);
	if (stage_path(path, dir, "/peers") == 0)
		rmdir(path);
	if (stage_path(path, dir, "/registry") == 0)
		rmdir(path);
	rmdir(stage);
}

/* BIRD names the staged file by its whole path: the last part is enough. */
static void
cut_words(char *words, size_t size, const char *said)
{
	const char *stage = strstr(said, "/stage/");
	size_t len;

	if (stage != NULL)
		said = stage + sizeof("/stage/") - 1;
	len = strcspn(said, "\n");
	text_clean(words, size, said, len);
}

int
bird_stage_check(const char *dir, char *words, size_t size)
{
	char bird[PROGRAM_PATH_MAX], path[PATH_MAX], said[1024];
	char *const argv[] = { "bird", "-p", "-c", path, NULL };
	int rc;

	rc = stage_path(path, dir, "/meetme.conf");
	if (rc != 0)
		return rc;
	rc = program_find(bird, "bird");
	if (rc != 0) {
		snprintf(
		    words, size, "there is no program bird: install BIRD 2");
		return rc;
	}
	rc = program_run(bird, argv, CHECK_MS, said, sizeof(said));
	if (rc == 0)
		return 0;
	if (rc < 0) {
		snprintf(words, size, "bird -p: %s", strerror(-rc));
		return rc;
	}
	cut_words(words, size, said);
	return -EINVAL;
}
