#ifndef SSH_WIRE_H
#define SSH_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pack.h"

/*
 * What listener and sessions say to each other, in packets (base/frame.h).
 */
enum ssh_wire_type {
	/* session to listener */
	SSH_WIRE_AUTHENTICATED = 1, /* no body: counts as a known client now */
	SSH_WIRE_SHELL, /* an ssh_shell_request; with the API's descriptor */
	/* listener to session, in answer to SSH_WIRE_SHELL */
	SSH_WIRE_STDERR, /* with the other end of the shell's standard error;
			    comes first, and only without a terminal */
	SSH_WIRE_STARTED, /* with the pty's master, or one end of a stream
			     socket pair that is the shell's input, output */
	SSH_WIRE_REFUSED, /* text: why there is no shell */
	/* later */
	SSH_WIRE_EXITED, /* u32 exit status, 255 for a signal */
};

#define SSH_TERM_MAX	33 /* [A-Za-z0-9._+-], or "dumb" */
#define SSH_COMMAND_MAX 3072 /* fits a packet with the rest */
#define SSH_WINDOW_MAX	500 /* rows and columns: 1..500 */

/* The shell that a client wants. */
struct ssh_shell_request {
	bool terminal; /* a pty; else pipes, and the next three mean nothing */
	bool utf8; /* the shell gets LC_ALL=C.UTF-8, else C */
	char term[SSH_TERM_MAX];
	uint16_t columns, rows; /* 1..SSH_WINDOW_MAX */
	bool interactive; /* else `command` is run */
	char command[SSH_COMMAND_MAX]; /* printable ASCII */
};

/* True if `term` may stand in a shell's arguments. */
bool ssh_term_is_valid(const char *term);

void ssh_shell_request_pack(struct pack *p, const struct ssh_shell_request *r);
/* Checks every value; what is amiss sets u->failed. */
void ssh_shell_request_unpack(struct unpack *u, struct ssh_shell_request *r);

#endif
