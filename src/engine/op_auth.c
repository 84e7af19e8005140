#include <bsd/string.h>
#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "engine/request.h"

#define SESSIONS_MAX 256 /* of a maintainer, of 512 that the listener takes */

/* A blob in base64 (RFC 4648, padded). */
static int
blob_parse(struct sshkey *out, const char *text)
{
	uint8_t blob[SSHKEY_BLOB_MAX];
	size_t n;

	if (sodium_base642bin(blob, sizeof(blob), text, strlen(text), NULL, &n,
		NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return FAULT_INVALID;
	return sshkey_from_blob(out, blob, n);
}

static bool
is_admin_key(const struct engine *e, const struct sshkey *key)
{
	for (size_t i = 0; i < e->n_admin_keys; i++)
		if (sshkey_cmp(&e->admin_keys[i], key) == 0)
			return true;
	return false;
}

/* May this key log in as this user? Fills the identity that it would get. */
static int
authorize(
    const struct engine *e, json_t *args, struct identity *who, struct fault *f)
{
	const char *user, *key, *mntner = NULL;
	json_error_t error;

	if (json_unpack_ex(
		args, &error, 0, "{s:s,s:s!}", "user", &user, "key", &key) != 0)
		return fault_set(f, FAULT_INVALID, NULL, "%s", error.text);
	if (e->registry == NULL)
		return fault_set(f, FAULT_AWAY, NULL, "the registry is away");
	mntner = registry_mntner(e->registry, user);
	if (mntner == NULL || blob_parse(&who->key, key) != 0)
		goto denied;
	who->admin = !registry_has_key(e->registry, mntner, &who->key);
	if (who->admin && !is_admin_key(e, &who->key))
		goto denied;
	strlcpy(who->mntner, mntner, sizeof(who->mntner));
	return 0;
denied:
	return fault_set(f, FAULT_DENIED, "key", "it is no key of this user");
}

int
request_stands(
    const struct engine *e, const struct identity *who, struct fault *f)
{
	bool good = who->kind != CONN_VISITOR;

	if (!good && e->registry != NULL)
		good = who->admin ? is_admin_key(e, &who->key)
				  : registry_has_key(
					e->registry, who->mntner, &who->key);
	return good ? 0
		    : fault_set(f, FAULT_DENIED, "auth",
			  "the key that you came with is not valid any more");
}

/* A client asks if a key would do, before it signs: nothing is granted. */
void
op_auth_query(struct engine *e, struct conn *c, json_t *args)
{
	struct identity would = *conn_identity(c);
	struct fault f;

	if (authorize(e, args, &would, &f) != 0)
		conn_fault(c, &f);
	else
		conn_reply(c, json_object());
}

/* The signature was good: from here on this connection is that maintainer. */
void
op_auth(struct engine *e, struct conn *c, json_t *args)
{
	struct identity *who = conn_identity(c), is = *who;
	char fpr[SSHKEY_FPR_MAX];
	struct store_event event;
	struct fault f;

	if (authorize(e, args, &is, &f) != 0) {
		conn_fault(c, &f);
		return;
	}
	if (conn_visitors(e, is.mntner) >= SESSIONS_MAX) {
		fault_set(&f, FAULT_LIMIT, NULL, "%s has %d sessions already",
		    is.mntner, SESSIONS_MAX);
		log_warn("login of %s: %s", is.from, f.text);
		conn_fault(c, &f);
		return;
	}
	is.kind = CONN_VISITOR;
	request_event(&event, &is, "login", 0);
	if (store_log(e->store, &event, &f) != 0) {
		log_error("login of %s: %s", is.mntner, f.text);
		conn_fault(c, &f);
		return;
	}
	*who = is;
	log_info("login of %s from %s with %s%s", is.mntner, is.from,
	    sshkey_fingerprint(&is.key, fpr), is.admin ? " (admin)" : "");
	conn_reply(c, json_object());
}

void
op_hello(struct engine *e, struct conn *c, json_t *args)
{
	const struct identity *who = conn_identity(c);
	json_t *asns = json_array();
	const uint32_t *list = NULL;
	size_t n = 0;

	(void)args;
	if (who->kind == CONN_VISITOR && e->registry != NULL)
		list = registry_asns(e->registry, who->mntner, &n);
	for (size_t i = 0; list != NULL && i < n; i++)
		json_array_append_new(asns, json_integer(list[i]));
	conn_reply(c,
	    json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:o,s:b,s:b}", "network",
		e->net->name, "asn", (json_int_t)e->net->asn, "pop",
		e->rules.pop->name, "endpoint", e->rules.pop->endpoint, "motd",
		e->motd, "mntner", who->mntner, "asns", asns, "admin",
		who->admin, "operator", who->kind == CONN_OPERATOR));
}
