#ifndef SSH_STATE_H
#define SSH_STATE_H

#include <libssh/callbacks.h>
#include <libssh/server.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "ssh/wire.h"

#define STATE_BUFFER 16384
#define STATE_IDLE   (15 * 60 * INT64_C(1000000)) /* microseconds */

/* How far a connection is. */
enum stage {
	STAGE_KEX, /* first key exchange */
	STAGE_AUTH, /* who is it? */
	STAGE_OPEN, /* logged in */
	STAGE_CLOSING, /* all was sent; the client has the last word */
	STAGE_OVER,
};

/* One SSH connection; what session.c, auth.c, channel.c and relay.c share. */
struct state {
	enum stage stage;
	ssh_session ssh;
	ssh_event event;
	int client_fd, listener_fd, api_fd;
	struct api_client *api; /* NULL: it is the shell's */
	const char *farewell; /* told to the client at the end; may be NULL */
	int64_t deadline; /* base/clock.h, microseconds; 0: none */
	struct ssh_counter_struct packets; /* as the library counts them */

	/* auth.c */
	struct ssh_server_callbacks_struct server;
	unsigned queries, failures;

	/* channel.c */
	ssh_channel channel;
	struct ssh_channel_callbacks_struct calls;
	struct ssh_shell_request request;
	bool asked; /* the listener, for a shell */
	char locale[3][32]; /* LC_ALL, LC_CTYPE, LANG as the client has them */

	/* relay.c */
	bool started, exited, input_ended;
	uint32_t exit_status;
	int stdio, err; /* the shell's; -1: not yet, or at its end */
	char *input; /* from the client, on its way to stdio; allocated */
	size_t input_at, input_len;
	char output[STATE_BUFFER]; /* read from the shell, not yet sent */
	size_t output_at, output_len;
	bool output_is_err;
};

/* Ends the connection with a reason that the client is told. */
void state_end(struct state *s, const char *farewell);

/* Installs the callbacks that authenticate. */
void auth_init(struct state *s);

/* Called by auth.c: the client may open its one channel. */
ssh_channel channel_open(struct state *s);

/* A packet of the listener's; `fd` is the callee's. 0 or FAULT_INVALID. */
int relay_packet(struct state *s, uint32_t type, struct unpack *body, int fd);

/* There will be no shell: `why` is said in its place, `status` is its end. */
void relay_refuse(struct state *s, const char *why, uint32_t status);

/* What to poll for: of stdio, of err; 0: nothing. */
short relay_stdio_events(struct state *s);
short relay_err_events(struct state *s);

/* Moves what can be moved without waiting. */
void relay_input(struct state *s);
void relay_output(struct state *s, bool from_stdio, bool from_err);

/* Closes the channel once the shell has ended and all it said was sent. */
void relay_finish(struct state *s);

#endif
