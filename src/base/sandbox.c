#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Reads, writes, waits for what is open; memory, time, signals, the end. */
static const int always[] = { SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write),
	SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fcntl),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(dup), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(brk),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(getrandom),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(sysinfo), SCMP_SYS(uname),
	SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt), SCMP_SYS(shutdown) };

/* Descriptors go to and come from the listener in messages. */
static const int session[] = { SCMP_SYS(sendmsg), SCMP_SYS(recvmsg) };

static const int resolver[] = { SCMP_SYS(sendmsg), SCMP_SYS(recvmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg), SCMP_SYS(socket),
	SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(pipe2),
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(fork),
	SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(kill),
	SCMP_SYS(set_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(rseq),
	SCMP_SYS(prlimit64), SCMP_SYS(alarm), SCMP_SYS(setitimer),
	SCMP_SYS(mmap), SCMP_SYS(mprotect) };

/* Tried by libraries that then do without: files, locales, syslog. */
static const int eperm[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(prlimit64),
	SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername) };

/* No TIOCSTI: nobody types for the visitor. */
static const unsigned long ioctls[] = { TCGETS, TCSETS, TCSETSW, TCSETSF,
	TIOCGWINSZ, TIOCSWINSZ, FIONREAD, FIONBIO };

static int
add_list(scmp_filter_ctx ctx, uint32_t action, const int *list, size_t n)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = seccomp_rule_add(ctx, action, list[i], 0);
	return rc;
}

static int
add_ioctls(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT(ioctls); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_EQ, ioctls[i]));
	return rc;
}

/* Allows `call` where argument `arg` has none of the bits. */
static int
add_without(scmp_filter_ctx ctx, int call, unsigned arg, unsigned long bits)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1,
	    SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, bits, 0));
}

static int
add_closed(scmp_filter_ctx ctx)
{
	int rc = add_list(ctx, SCMP_ACT_ERRNO(EPERM), eperm, COUNT(eperm));

	if (rc == 0)
		rc = add_without(ctx, SCMP_SYS(mmap), 2, PROT_EXEC);
	if (rc == 0)
		rc = add_without(ctx, SCMP_SYS(mprotect), 2, PROT_EXEC);
	return rc;
}

/* The system's resolver loads modules, so it may map code. */
static int
add_resolver(scmp_filter_ctx ctx)
{
	const unsigned long writing = O_ACCMODE | O_CREAT | O_TRUNC;
	const unsigned long spaces =
	    CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
	    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
	int rc = add_list(ctx, SCMP_ACT_ALLOW, resolver, COUNT(resolver));

	if (rc == 0)
		rc = add_without(ctx, SCMP_SYS(open), 1, writing);
	if (rc == 0)
		rc = add_without(ctx, SCMP_SYS(openat), 2, writing);
	if (rc == 0)
		rc = add_without(ctx, SCMP_SYS(clone), 0, spaces);
	/* Its flags lie in memory, out of reach; libc falls back to clone. */
	if (rc == 0)
		rc = seccomp_rule_add(
		    ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return rc;
}

static int
load_filter(enum sandbox_profile profile)
{
	/* The resolver runs what modules the system has: these do without. */
	scmp_filter_ctx ctx =
	    seccomp_init(profile == SANDBOX_RESOLVER ? SCMP_ACT_ERRNO(EPERM)
						     : SCMP_ACT_KILL_PROCESS);
	int rc;

	if (ctx == NULL)
		return -ENOMEM;
	rc = add_list(ctx, SCMP_ACT_ALLOW, always, COUNT(always));
	if (rc == 0)
		rc = add_ioctls(ctx);
	if (rc == 0 && profile == SANDBOX_SESSION)
		rc = add_list(ctx, SCMP_ACT_ALLOW, session, COUNT(session));
	if (rc == 0)
		rc = profile == SANDBOX_RESOLVER ? add_resolver(ctx)
						 : add_closed(ctx);
	if (rc == 0)
		rc = seccomp_load(ctx); /* sets no_new_privs first */
	seccomp_release(ctx);
	return rc;
}

static int
limit(int what, rlim_t max)
{
	struct rlimit r = { max, max };

	return setrlimit((__rlimit_resource_t)what, &r) != 0 ? -errno : 0;
}

static int
set_limits(enum sandbox_profile profile)
{
	const struct {
		int what;
		rlim_t max;
	} all[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_DATA, 64UL << 20 }, /* no client fills the memory */
		{ RLIMIT_CPU, 600 }, /* seconds; a day of typing takes 10 */
		{ RLIMIT_NPROC, 0 },
	};
	size_t n = profile == SANDBOX_RESOLVER ? 1 : COUNT(all);
	int rc = 0;

	/*
	 * Not RLIMIT_NOFILE: it also bounds the descriptors that all sessions
	 * together have on their way to the listener (ETOOMANYREFS).
	 */
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = limit(all[i].what, all[i].max);
	return rc;
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

int
sandbox_enter(enum sandbox_profile profile)
{
	int rc;

	if (SANITIZED)
		return 0;
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return -errno;
	rc = set_limits(profile);
	return rc != 0 ? rc : load_filter(profile);
}
