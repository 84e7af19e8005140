#include <bsd/string.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/text.h"
#include "ssh/state.h"

#define BUFFER_MAX (4U << 20) /* beyond the window: the client cheats */

static uint16_t
clamp(int n)
{
	if (n < 1)
		return 1;
	return n > SSH_WINDOW_MAX ? SSH_WINDOW_MAX : (uint16_t)n;
}

static int
on_pty(ssh_session ssh, ssh_channel channel, const char *term, int width,
    int height, int px_width, int px_height, void *arg)
{
	struct state *s = arg;
	struct ssh_shell_request *r = &s->request;

	(void)ssh;
	(void)channel;
	(void)px_width;
	(void)px_height;
	if (s->asked)
		return -1;
	/* 0 means that the client does not know (RFC 4254, 6.2). */
	r->columns = clamp(width > 0 ? width : 80);
	r->rows = clamp(height > 0 ? height : 24);
	strlcpy(
	    r->term, ssh_term_is_valid(term) ? term : "dumb", sizeof(r->term));
	r->terminal = true;
	return 0;
}

static int
on_window(ssh_session ssh, ssh_channel channel, int width, int height,
    int px_width, int px_height, void *arg)
{
	struct state *s = arg;
	struct winsize size = { .ws_row = clamp(height),
		.ws_col = clamp(width) };

	(void)ssh;
	(void)channel;
	(void)px_width;
	(void)px_height;
	s->request.columns = size.ws_col;
	s->request.rows = size.ws_row;
	/* The kernel tells the shell by SIGWINCH. */
	if (s->request.terminal && s->stdio >= 0)
		ioctl(s->stdio, TIOCSWINSZ, &size);
	return 0;
}

static int
on_env(ssh_session ssh, ssh_channel channel, const char *name,
    const char *value, void *arg)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	struct state *s = arg;

	(void)ssh;
	(void)channel;
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		if (strlcpy(s->locale[i], value, sizeof(s->locale[i])) >=
		    sizeof(s->locale[i]))
			s->locale[i][0] = '\0';
		return 0;
	}
	return 1;
}

/* UTF-8, unless the client says otherwise: many say nothing. */
static bool
is_utf8(const struct state *s)
{
	for (size_t i = 0; i < 3; i++)
		if (s->locale[i][0] != '\0')
			return strcasestr(s->locale[i], "utf-8") != NULL ||
			       strcasestr(s->locale[i], "utf8") != NULL;
	return true;
}

/* Asks the listener for the shell, and hands over the API. */
static int
ask_shell(struct state *s)
{
	struct pack body;
	int rc = 1;

	if (s->asked || s->stage != STAGE_OPEN)
		return 1;
	s->request.utf8 = is_utf8(s);
	pack_init(&body, PACKET_MAX - sizeof(uint32_t));
	ssh_shell_request_pack(&body, &s->request);
	if (packet_send(s->listener_fd, SSH_WIRE_SHELL, &body, s->api_fd) != 0)
		goto out;
	/* From here on only the shell speaks to the engine. */
	api_client_free(s->api);
	s->api = NULL;
	s->asked = true;
	rc = 0;
out:
	pack_free(&body);
	return rc;
}

static int
on_shell(ssh_session ssh, ssh_channel channel, void *arg)
{
	struct state *s = arg;

	(void)ssh;
	(void)channel;
	s->request.interactive = true;
	return ask_shell(s);
}

static int
on_exec(ssh_session ssh, ssh_channel channel, const char *command, void *arg)
{
	struct state *s = arg;
	struct ssh_shell_request *r = &s->request;

	(void)ssh;
	(void)channel;
	if (s->asked)
		return 1;
	if (!text_is_plain(command, strlen(command))) {
		relay_refuse(
		    s, "a command is one line of printable ASCII", EX_USAGE);
		return 0;
	}
	if (strlcpy(r->command, command, sizeof(r->command)) >=
	    sizeof(r->command)) {
		relay_refuse(s, "the command is too long", EX_USAGE);
		return 0;
	}
	r->interactive = false;
	return ask_shell(s);
}

static void
on_signal(ssh_session ssh, ssh_channel channel, const char *name, void *arg)
{
	struct state *s = arg;

	(void)ssh;
	(void)channel;
	/* On a terminal it is what the key does; elsewhere there is none. */
	if (strcmp(name, "INT") == 0 && s->request.terminal && s->stdio >= 0 &&
	    write(s->stdio, "\003", 1) != 1)
		state_end(s, NULL);
}

/*
 * Leaves the data in the channel's buffer, for relay_input to take as fast as
 * the shell does. The library does not hold a client to its window: we do.
 */
static int
on_data(ssh_session ssh, ssh_channel channel, void *data, uint32_t len,
    int is_stderr, void *arg)
{
	(void)ssh;
	(void)channel;
	(void)data;
	if (is_stderr)
		return (int)len; /* means nothing in this direction */
	if (len > BUFFER_MAX)
		state_end(arg, "more data than the window allows");
	return 0;
}

static void
on_close(ssh_session ssh, ssh_channel channel, void *arg)
{
	struct state *s = arg;

	(void)ssh;
	(void)channel;
	if (s->stage != STAGE_CLOSING)
		state_end(s, NULL);
}

ssh_channel
channel_open(struct state *s)
{
	if (s->stage != STAGE_OPEN || s->channel != NULL)
		return NULL;
	s->calls = (struct ssh_channel_callbacks_struct){
		.userdata = s,
		.channel_pty_request_function = on_pty,
		.channel_pty_window_change_function = on_window,
		.channel_env_request_function = on_env,
		.channel_shell_request_function = on_shell,
		.channel_exec_request_function = on_exec,
		.channel_signal_function = on_signal,
		.channel_data_function = on_data,
		.channel_close_function = on_close,
	};
	s->request = (struct ssh_shell_request){
		.term = "dumb", .columns = 80, .rows = 24
	};
	ssh_callbacks_init(&s->calls);
	s->channel = ssh_channel_new(s->ssh);
	if (s->channel != NULL)
		ssh_set_channel_callbacks(s->channel, &s->calls);
	return s->channel;
}
