#ifndef ENGINE_GIT_H
#define ENGINE_GIT_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/paths.h"

#define GIT_TEXT_MAX 192

/*
 * One run of git as a child, which never waits for a person and takes nothing
 * of its surroundings but what stands here: no hooks, no configuration of the
 * machine or a user, no transport but https, ssh and paths.
 */
struct git;

struct git_command {
	const char *repository; /* the bare one */
	const char *tree, *index; /* a work tree and its index; NULL: none */
	const char *config; /* the file of git_configure() */
	const char *conf_dir; /* where ssh's key and known hosts are */
	const char *const *args; /* ended by NULL */
	int seconds; /* then it is killed, and whatever it started */
	const char *folder; /* so it is if more than that is in this folder */
	uint64_t bytes; /* 0: it is not looked at */
};

struct git_result {
	int status; /* of its exit; -1: it was killed */
	bool late; /* killed because its time was over */
	bool large; /* the folder held too much: killed, if it still ran */
	char text[GIT_TEXT_MAX]; /* its last words, printable ASCII */
};

/* Writes the configuration that all runs have. 0 or a negative errno. */
int git_configure(const char *path);

/*
 * Starts it. 0, and `done` is called once from the loop, when *out is gone
 * already; or a negative errno.
 */
int git_start(struct git **out, struct event_base *base,
    const struct git_command *cmd,
    void (*done)(void *arg, const struct git_result *result), void *arg);

/* Kills it and what it started; `done` is not called. NULL is fine. */
void git_kill(struct git *g);

#endif
