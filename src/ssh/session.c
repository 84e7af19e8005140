#include "ssh/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "ssh/hostkey.h"
#include "ssh/state.h"

#define ANSWER_MAX INT64_C(2000000) /* microseconds; see watch_answers */
#define FLUSH_MAX  1000 /* milliseconds */

static const struct {
	enum ssh_bind_options_e option;
	const char *value;
} options[] = {
	{ SSH_BIND_OPTIONS_BANNER, "meetme" },
	/* No larger group: a stranger could keep a core busy with it. */
	{ SSH_BIND_OPTIONS_KEY_EXCHANGE,
	    "curve25519-sha256,curve25519-sha256@libssh.org,"
	    "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
	    "diffie-hellman-group16-sha512" },
	{ SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS,
	    "ssh-ed25519,rsa-sha2-512,rsa-sha2-256" },
#define CIPHERS                                                 \
	"chacha20-poly1305@openssh.com,aes256-gcm@openssh.com," \
	"aes128-gcm@openssh.com,aes256-ctr,aes128-ctr"
	{ SSH_BIND_OPTIONS_CIPHERS_C_S, CIPHERS },
	{ SSH_BIND_OPTIONS_CIPHERS_S_C, CIPHERS },
#define MACS "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com"
	{ SSH_BIND_OPTIONS_HMAC_C_S, MACS },
	{ SSH_BIND_OPTIONS_HMAC_S_C, MACS },
	/* All types of the registry; RSA never with SHA-1. */
	{ SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES,
	    "ssh-ed25519,sk-ssh-ed25519@openssh.com,"
	    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
	    "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256" },
};

void
state_end(struct state *s, const char *farewell)
{
	if (s->stage == STAGE_OVER)
		return;
	s->farewell = farewell;
	s->stage = STAGE_OVER;
}

static int
bind_options(ssh_bind bind, const struct paths *paths, struct fault *f)
{
	const bool no = false;
	const int rsa_min = 1024; /* the registry has such keys */

	if (ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no) !=
		0 ||
	    ssh_bind_options_set(
		bind, SSH_BIND_OPTIONS_RSA_MIN_SIZE, &rsa_min) != 0)
		return fault_set(
		    f, FAULT_SYSTEM, NULL, "%s", ssh_get_error(bind));
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (ssh_bind_options_set(
			bind, options[i].option, options[i].value) != 0)
			return fault_set(f, FAULT_SYSTEM, NULL, "%s: %s",
			    options[i].value, ssh_get_error(bind));
	return hostkey_load(paths->ssh_dir, bind, f);
}

static int
session_open(struct state *s, const struct paths *paths, struct fault *f)
{
	ssh_bind bind = ssh_bind_new();
	int rc = FAULT_SYSTEM;

	s->ssh = ssh_new();
	s->event = ssh_event_new();
	if (bind == NULL || s->ssh == NULL || s->event == NULL) {
		fault_set(f, rc, NULL, "out of memory");
		goto out;
	}
	rc = bind_options(bind, paths, f);
	if (rc != 0)
		goto out;
	/* Compression only helps who wants to fill our memory. */
	if (ssh_options_set(s->ssh, SSH_OPTIONS_COMPRESSION, "none") != 0 ||
	    ssh_bind_accept_fd(bind, s->ssh, s->client_fd) != SSH_OK) {
		rc = fault_set(f, FAULT_SYSTEM, NULL, "%s %s",
		    ssh_get_error(bind), ssh_get_error(s->ssh));
		goto out;
	}
	ssh_set_blocking(s->ssh, 0);
	ssh_set_counters(s->ssh, NULL, &s->packets);
	auth_init(s);
	rc = 0;
out:
	ssh_bind_free(bind);
	return rc;
}

static void
on_listener(struct state *s)
{
	uint8_t buf[PACKET_MAX];
	struct unpack body;
	uint32_t type;
	int fd = -1, rc;

	rc = packet_recv(s->listener_fd, buf, &type, &body, &fd);
	if (rc == 1)
		rc = relay_packet(s, type, &body, fd);
	if (rc != 0)
		state_end(s, "the service restarts; log in again in a moment");
}

/*
 * The library does not answer a request whose signature is wrong or of a kind
 * that is not accepted, and the client would wait: it counts the packets, so
 * that one without an answer can be told.
 */
static void
watch_answers(struct state *s, const struct ssh_counter_struct *before)
{
	if (s->packets.out_packets != before->out_packets)
		s->deadline = 0;
	else if (s->packets.in_packets != before->in_packets)
		s->deadline = clock_mono_us() + ANSWER_MAX;
}

static void
on_client(struct state *s)
{
	struct ssh_counter_struct before = s->packets;
	int rc;

	if (s->stage == STAGE_KEX) {
		rc = ssh_handle_key_exchange(s->ssh);
		if (rc == SSH_OK)
			rc = ssh_event_add_session(s->event, s->ssh);
		if (rc == SSH_OK)
			s->stage = STAGE_AUTH;
		else if (rc != SSH_AGAIN)
			state_end(s, NULL);
		return;
	}
	if (ssh_event_dopoll(s->event, 0) == SSH_ERROR)
		state_end(s, NULL);
	if (s->stage == STAGE_AUTH)
		watch_answers(s, &before);
}

static void
time_out(struct state *s)
{
	if (s->stage == STAGE_OPEN)
		state_end(s, "no input for 15 minutes: good bye");
	else if (s->stage == STAGE_AUTH)
		state_end(s, "the signature is not accepted");
	else
		state_end(s, NULL);
}

static int
wait_ms(const struct state *s)
{
	int64_t left = s->deadline - clock_mono_us();

	if (s->deadline == 0)
		return -1;
	return left > 0 ? (int)(left / 1000 + 1) : 0;
}

/* A closed line is always ready: what is not wanted is not polled for. */
static struct pollfd
poll_for(int fd, short events)
{
	return (struct pollfd){ events != 0 ? fd : -1, events, 0 };
}

static void
session_step(struct state *s)
{
	bool writing = (ssh_get_poll_flags(s->ssh) & SSH_WRITE_PENDING) != 0;
	struct pollfd fds[] = {
		poll_for(s->client_fd, writing ? POLLIN | POLLOUT : POLLIN),
		poll_for(s->listener_fd, POLLIN),
		poll_for(s->stdio, relay_stdio_events(s)),
		poll_for(s->err, relay_err_events(s)),
	};
	int n = poll(fds, sizeof(fds) / sizeof(fds[0]), wait_ms(s));

	if (n < 0 && errno != EINTR)
		state_end(s, NULL);
	if (n == 0 && wait_ms(s) == 0)
		time_out(s);
	if (n <= 0)
		return;
	if (fds[1].revents != 0)
		on_listener(s);
	if (fds[0].revents != 0 && s->stage != STAGE_OVER)
		on_client(s);
	relay_output(s, (fds[2].revents & ~POLLOUT) != 0, fds[3].revents != 0);
	relay_input(s);
	relay_finish(s);
	/* The library closes the descriptor, and its number comes back. */
	if (!ssh_is_connected(s->ssh))
		state_end(s, NULL);
}

/* Shows the reason where a person looks, and waits a little for the line. */
static void
say_farewell(struct state *s)
{
	char text[128];
	int len;

	if (s->farewell == NULL || !ssh_is_connected(s->ssh))
		return;
	ssh_session_set_disconnect_message(s->ssh, s->farewell);
	len = snprintf(text, sizeof(text), "\r\n%s\r\n", s->farewell);
	if (s->channel != NULL && ssh_channel_is_open(s->channel))
		ssh_channel_write_stderr(s->channel, text, (uint32_t)len);
	ssh_blocking_flush(s->ssh, FLUSH_MAX);
}

static void
session_close(struct state *s)
{
	ssh_event_free(s->event);
	ssh_disconnect(s->ssh);
	ssh_free(s->ssh);
	api_client_free(s->api);
	free(s->input);
}

int
session_main(
    int client_fd, int listener_fd, int api_fd, const struct paths *paths)
{
	struct state s = { .client_fd = client_fd,
		.listener_fd = listener_fd,
		.api_fd = api_fd,
		.stdio = -1,
		.err = -1 };
	struct fault f;
	int rc;

	log_init("session");
	signal(SIGPIPE, SIG_IGN);
	s.api = api_client_new(api_fd);
	if (s.api == NULL || session_open(&s, paths, &f) != 0)
		log_fatal("%s", s.api == NULL ? "out of memory" : f.text);
	json_object_seed(0); /* opens /dev/urandom */
	rc = sandbox_enter(SANDBOX_SESSION);
	if (rc != 0)
		log_fatal("sandbox: %s", strerror(-rc));
	on_client(&s); /* speaks first */
	while (s.stage != STAGE_OVER)
		session_step(&s);
	say_farewell(&s);
	session_close(&s);
	return 0;
}
