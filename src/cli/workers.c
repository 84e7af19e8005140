#include "cli/workers.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define WORKERS_MAX 64

/* What all of them see. */
struct shared {
	atomic_size_t next;
	atomic_bool failed;
	struct tree_counts n[WORKERS_MAX];
};

static size_t
count_cpus(void)
{
	cpu_set_t set;
	int n =
	    sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : (size_t)n < WORKERS_MAX ? (size_t)n : WORKERS_MAX;
}

/* It holds the tree's lock, too: nobody is to write on unseen. */
static void
die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
}

/* POPs are taken one by one: a slow CPU takes fewer. */
static void
take_work(struct shared *shared, struct tree *t, size_t n,
    int (*work)(struct tree *t, size_t i, const void *arg), const void *arg)
{
	size_t i;

	while (!shared->failed && (i = atomic_fetch_add(&shared->next, 1)) < n)
		if (work(t, i, arg) != 0)
			shared->failed = true;
}

static void
collect(struct shared *shared, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0)
		return;
	log_error("a process of it came to no good end");
	shared->failed = true;
}

static void
add_counts(struct tree_counts *to, const struct tree_counts *n)
{
	to->written += n->written;
	to->unchanged += n->unchanged;
	to->removed += n->removed;
	to->foreign += n->foreign;
}

int
workers_run(struct tree *t, size_t n,
    int (*work)(struct tree *t, size_t i, const void *arg), const void *arg)
{
	size_t most = count_cpus(), started = 0;
	pid_t pids[WORKERS_MAX], parent = getpid();
	struct shared *shared;
	int rc;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		log_error("no memory");
		return -ENOMEM;
	}
	fflush(NULL);
	/* This process works too; where no other starts, it does all. */
	while (started + 1 < most && started + 1 < n) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			die_with(parent);
			memset(&t->n, 0, sizeof(t->n));
			take_work(shared, t, n, work, arg);
			shared->n[started] = t->n;
			_exit(0);
		}
		pids[started++] = pid;
	}
	take_work(shared, t, n, work, arg);
	for (size_t i = 0; i < started; i++) {
		collect(shared, pids[i]);
		add_counts(&t->n, &shared->n[i]);
	}
	rc = shared->failed ? -EIO : 0;
	munmap(shared, sizeof(*shared));
	return rc;
}
