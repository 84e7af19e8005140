#include <string.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/text.h"
#include "ssh/state.h"

#define USER_MAX     64 /* longer than any maintainer's name */
#define QUERIES_MAX  64 /* keys that an agent may offer */
#define FAILURES_MAX 6 /* signed requests that are refused */

/* Asks the engine. 0, or the fault's code. */
static int
ask(struct state *s, const char *op, const char *user, ssh_key key)
{
	char *blob = NULL;
	json_t *ok = NULL;
	int rc = FAULT_INVALID;

	if (strlen(user) > USER_MAX || !text_is_plain(user, strlen(user)))
		goto out;
	if (ssh_pki_export_pubkey_base64(key, &blob) != SSH_OK)
		goto out;
	rc = api_call(s->api, op,
	    json_pack("{s:s, s:s}", "user", user, "key", blob), &ok, NULL);
out:
	json_decref(ok);
	ssh_string_free_char(blob);
	return rc;
}

static int
deny(struct state *s, int rc, unsigned *count, unsigned max)
{
	if (rc == FAULT_AWAY)
		state_end(s, "the service is away; try again later");
	else if (++*count >= max)
		state_end(s, "too many keys that are not in the registry");
	return SSH_AUTH_DENIED;
}

/*
 * A query asks whether a signature with this key would do, and grants nothing.
 * Keys that would not are common, as agents offer all they have: they are
 * counted apart from refused signatures.
 */
static int
on_key(ssh_session ssh, const char *user, struct ssh_key_struct *key,
    char signature, void *arg)
{
	struct state *s = arg;
	int rc;

	(void)ssh;
	if (s->stage != STAGE_AUTH)
		return SSH_AUTH_DENIED;
	if (signature == SSH_PUBLICKEY_STATE_NONE) {
		rc = ask(s, "auth_query", user, key);
		if (rc == 0)
			return SSH_AUTH_SUCCESS;
		return deny(s, rc, &s->queries, QUERIES_MAX);
	}
	rc = FAULT_DENIED;
	if (signature == SSH_PUBLICKEY_STATE_VALID)
		rc = ask(s, "auth", user, key);
	if (rc == 0 &&
	    packet_send(s->listener_fd, SSH_WIRE_AUTHENTICATED, NULL, -1) != 0)
		rc = FAULT_AWAY;
	if (rc != 0)
		return deny(s, rc, &s->failures, FAILURES_MAX);
	s->stage = STAGE_OPEN;
	s->deadline = clock_mono_us() + STATE_IDLE;
	return SSH_AUTH_SUCCESS;
}

/* Clients ask for "none" to learn what there is; not for ever. */
static int
on_none(ssh_session ssh, const char *user, void *arg)
{
	struct state *s = arg;

	(void)ssh;
	(void)user;
	return deny(s, FAULT_DENIED, &s->queries, QUERIES_MAX);
}

/* Without it the library itself would begin to speak Kerberos. */
static ssh_string
on_gssapi(ssh_session ssh, const char *user, int n, ssh_string *oids, void *arg)
{
	(void)ssh;
	(void)user;
	(void)n;
	(void)oids;
	(void)arg;
	return NULL;
}

static ssh_channel
on_channel(ssh_session ssh, void *arg)
{
	(void)ssh;
	return channel_open(arg);
}

void
auth_init(struct state *s)
{
	s->server = (struct ssh_server_callbacks_struct){
		.userdata = s,
		.auth_pubkey_function = on_key,
		.auth_none_function = on_none,
		.gssapi_select_oid_function = on_gssapi,
		.channel_open_request_session_function = on_channel,
	};
	ssh_callbacks_init(&s->server);
	ssh_set_server_callbacks(s->ssh, &s->server);
	ssh_set_auth_methods(s->ssh, SSH_AUTH_METHOD_PUBLICKEY);
}
