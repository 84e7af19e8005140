#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

/*
 * What a process that talks to strangers may still ask of the kernel. A call
 * that is not on the profile's list ends the process (SIGSYS); those that
 * libraries try and can do without fail with EPERM.
 */
enum sandbox_profile {
	/* Reads, writes, polls what is open; takes descriptors. */
	SANDBOX_SESSION,
	/* Reads, writes, polls what is open; sets the terminal. */
	SANDBOX_SHELL,
	/*
	 * Opens files for reading, makes sockets, forks; executes nothing.
	 * All else fails with EPERM.
	 */
	SANDBOX_RESOLVER,
};

/*
 * Enters for good: no new privileges, not dumpable, no core,
 * and the list. Whatever needs opening (terminfo, time zone, keys) comes
 * before. 0 or a negative errno: then the process must not go on.
 * Does nothing in a build with a sanitizer, which needs more than the lists.
 */
int sandbox_enter(enum sandbox_profile profile);

#endif
