#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "ssh/state.h"

#define CLOSE_MAX    INT64_C(5000000) /* for the client's last word */
#define END_OF_INPUT "\004" /* what ^D does on a terminal */

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
take(int *slot, int fd)
{
	if (fd < 0 || *slot >= 0)
		return FAULT_INVALID;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*slot = fd;
	return 0;
}

void
relay_refuse(struct state *s, const char *why, uint32_t status)
{
	int n = snprintf(s->output, sizeof(s->output), "%s\r\n", why);

	s->output_at = 0;
	s->output_len = (size_t)n;
	s->output_is_err = true;
	s->exit_status = status;
	s->asked = s->started = s->exited = true;
}

static int
refused(struct state *s, struct unpack *body)
{
	char why[256];

	unpack_text(body, why, sizeof(why));
	if (unpack_end(body) != 0 || s->started)
		return FAULT_INVALID;
	relay_refuse(s, why, EX_UNAVAILABLE);
	return 0;
}

int
relay_packet(struct state *s, uint32_t type, struct unpack *body, int fd)
{
	int rc = FAULT_INVALID;

	if (!s->asked)
		goto out;
	if (type == SSH_WIRE_REFUSED && fd < 0)
		return refused(s, body);
	if (type == SSH_WIRE_STDERR && !s->started && unpack_end(body) == 0)
		rc = take(&s->err, fd);
	if (type == SSH_WIRE_STARTED && !s->started && unpack_end(body) == 0) {
		rc = take(&s->stdio, fd);
		s->started = rc == 0;
	}
	if (type == SSH_WIRE_EXITED && s->started && !s->exited && fd < 0) {
		s->exit_status = unpack_u32(body);
		rc = unpack_end(body);
		s->exited = rc == 0;
	}
out:
	if (rc != 0 && fd >= 0)
		close(fd);
	return rc;
}

/* How much the client and the line to it take now. */
static size_t
room(const struct state *s)
{
	uint32_t window;

	if (s->output_len > 0 ||
	    (ssh_get_status(s->ssh) & SSH_WRITE_PENDING) != 0)
		return 0;
	window = ssh_channel_window_size(s->channel);
	return window < STATE_BUFFER ? window : STATE_BUFFER;
}

static bool
running(const struct state *s)
{
	return s->stage == STAGE_OPEN && s->started && s->channel != NULL;
}

short
relay_stdio_events(struct state *s)
{
	short events = 0;

	if (!running(s) || s->stdio < 0)
		return 0;
	if (room(s) > 0)
		events |= POLLIN;
	if (s->input_len > 0)
		events |= POLLOUT;
	return events;
}

short
relay_err_events(struct state *s)
{
	return running(s) && s->err >= 0 && room(s) > 0 ? POLLIN : 0;
}

/* Tells the shell that no more input comes. */
static void
end_input(struct state *s)
{
	s->input_ended = true;
	if (s->stdio < 0)
		return;
	if (!s->request.terminal)
		shutdown(s->stdio, SHUT_WR);
	else if (write(s->stdio, END_OF_INPUT, 1) != 1)
		state_end(s, NULL);
}

/*
 * Takes all that has come, and only once the last of it was passed on: each
 * time something is taken, however little, the library opens the window wide
 * again. So there is never more than two windows of it (2.6 MB).
 */
static bool
fill_input(struct state *s)
{
	int n;

	if (s->input_len > 0)
		return true;
	free(s->input);
	s->input = NULL;
	n = ssh_channel_poll(s->channel, 0);
	if (n <= 0) {
		if (ssh_channel_is_eof(s->channel) && !s->input_ended)
			end_input(s);
		return false;
	}
	s->input = malloc((size_t)n);
	if (s->input != NULL)
		n = ssh_channel_read_nonblocking(
		    s->channel, s->input, (uint32_t)n, 0);
	if (s->input == NULL || n <= 0) {
		state_end(s, NULL);
		return false;
	}
	s->deadline = clock_mono_us() + STATE_IDLE;
	s->input_at = 0;
	s->input_len = (size_t)n;
	return true;
}

void
relay_input(struct state *s)
{
	while (running(s) && fill_input(s)) {
		ssize_t n = (ssize_t)s->input_len;

		/* What comes after the shell's end goes nowhere. */
		if (s->stdio >= 0 && !s->input_ended)
			n = s->request.terminal
				? write(s->stdio, s->input + s->input_at,
				      s->input_len)
				: send(s->stdio, s->input + s->input_at,
				      s->input_len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			n = (ssize_t)s->input_len;
		s->input_at += (size_t)n;
		s->input_len -= (size_t)n;
	}
}

/* While keys are exchanged anew the channel takes nothing, or a part. */
static void
send_output(struct state *s)
{
	const char *data = s->output + s->output_at;
	uint32_t len = (uint32_t)s->output_len;
	int n;

	if (len == 0)
		return;
	n = s->output_is_err ? ssh_channel_write_stderr(s->channel, data, len)
			     : ssh_channel_write(s->channel, data, len);
	if (n < 0) {
		state_end(s, NULL);
		return;
	}
	s->output_at += (size_t)n;
	s->output_len -= (size_t)n;
}

static void
copy_out(struct state *s, int *fd, bool is_err)
{
	size_t max = room(s);
	ssize_t n;

	if (*fd < 0 || max == 0)
		return;
	n = read(*fd, s->output, max);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		shut(fd); /* a pty ends with EIO */
		return;
	}
	s->output_at = 0;
	s->output_len = (size_t)n;
	s->output_is_err = is_err;
	send_output(s);
}

void
relay_output(struct state *s, bool from_stdio, bool from_err)
{
	if (running(s))
		send_output(s);
	if (from_err && running(s))
		copy_out(s, &s->err, true);
	if (from_stdio && running(s))
		copy_out(s, &s->stdio, false);
}

void
relay_finish(struct state *s)
{
	if (!running(s) || !s->exited || s->stdio >= 0 || s->err >= 0 ||
	    s->output_len > 0)
		return;
	ssh_channel_request_send_exit_status(s->channel, (int)s->exit_status);
	ssh_channel_send_eof(s->channel);
	ssh_channel_close(s->channel);
	s->stage = STAGE_CLOSING;
	s->deadline = clock_mono_us() + CLOSE_MAX;
}
