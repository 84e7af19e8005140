#ifndef SSH_WIRE_H
#define SSH_WIRE_H

/*
 * What the SSH side's processes say to each other, in packets (base/frame.h).
 *
 * Listener and engine share one socket. For each client the listener makes a
 * socket pair: one end goes to the engine with WIRE_CLIENT, the other is the
 * session's. On it runs the API (api/api.h): first "auth", then whatever the
 * shell asks, as the identity that "auth" fixed.
 */
enum ssh_wire_type {
	/* engine to listener, at the start and when the file changes */
	SSH_WIRE_LISTEN = 1, /* u8 family, 16 bytes, u16 port; text banner */
	/* listener to engine, with the engine's end of the pair */
	SSH_WIRE_CLIENT, /* u8 family, 16 bytes, u16 port: where it is from */
	/* session to listener */
	SSH_WIRE_AUTHENTICATED, /* no body: counts as a known client now */
	SSH_WIRE_SHELL, /* an ssh_shell_request; with the API's descriptor */
	/* listener to session: the shell is up */
	SSH_WIRE_STARTED, /* u32 pid; with the pty's master, or one end of a
			     socket pair that is the shell's stdin, stdout */
	SSH_WIRE_EXITED, /* u32 exit status, 255 for a signal */
};

#endif
