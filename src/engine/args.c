#include "engine/args.h"

#include <bsd/string.h>
#include <string.h>

/*
 * The arguments of a change. Each setter takes its value into the draft; the
 * rules between values are peering_check's.
 */
static int
set_asn(struct peering *p, json_t *v)
{
	json_int_t asn = json_integer_value(v);

	if (asn < 1 || asn > UINT32_MAX)
		return FAULT_INVALID;
	p->asn = (uint32_t)asn;
	return 0;
}

static int
set_key(struct peering *p, json_t *v)
{
	return wgkey_parse(
	    &p->key, json_string_value(v), json_string_length(v));
}

static int
set_endpoint(struct peering *p, json_t *v)
{
	size_t len = json_string_length(v);

	if (json_is_null(v)) {
		p->host[0] = '\0';
		p->port = 0;
		return 0;
	}
	if (len == 0 || len >= sizeof(p->host) ||
	    !text_is_plain(json_string_value(v), len))
		return FAULT_INVALID;
	strlcpy(p->host, json_string_value(v), sizeof(p->host));
	return 0;
}

static int
set_port(struct peering *p, json_t *v)
{
	json_int_t port = json_integer_value(v);

	if (json_is_null(v)) {
		p->port = 0;
		return 0;
	}
	if (port < 1 || port > 65535)
		return FAULT_INVALID;
	p->port = (uint16_t)port;
	return 0;
}

static int
set_link_local(struct peering *p, json_t *v)
{
	if (json_is_null(v)) {
		memset(&p->link_local, 0, sizeof(p->link_local));
		return 0;
	}
	return ip_parse(
	    &p->link_local, json_string_value(v), json_string_length(v));
}

static int
set_psk(struct peering *p, json_t *v)
{
	if (json_is_true(v) && p->has_psk)
		return 0;
	p->has_psk = json_is_true(v);
	wgkey_wipe(&p->psk);
	return p->has_psk ? wgkey_generate_psk(&p->psk) : 0;
}

static int
set_mtu(struct peering *p, json_t *v)
{
	json_int_t mtu = json_integer_value(v);

	if (mtu < PEERING_MTU_MIN || mtu > PEERING_MTU_MAX)
		return FAULT_INVALID;
	p->mtu = (uint16_t)mtu;
	return 0;
}

enum accepts { INTEGER = 1, STRING = 2, BOOLEAN = 4, NONE = 8 };

/* Endpoint stands before port, so that "endpoint": null leaves no port. */
static const struct {
	const char *name;
	int (*set)(struct peering *, json_t *);
	unsigned accepts;
	const char *right;
} arguments[] = {
	{ "asn", set_asn, INTEGER, "an AS number is 1 to 4294967294" },
	{ "key", set_key, STRING,
	    "a WireGuard public key is 44 characters of base64 that end in "
	    "'=', as `wg pubkey` prints it" },
	{ "endpoint", set_endpoint, STRING | NONE,
	    "an endpoint is an address or a host name" },
	{ "port", set_port, INTEGER | NONE, "a port is 1 to 65535" },
	{ "link_local", set_link_local, STRING | NONE,
	    "a link-local address is one of fe80::/10, without a zone" },
	{ "psk", set_psk, BOOLEAN, "psk is true or false" },
	{ "mtu", set_mtu, INTEGER, "an MTU is 1280 to 1440" },
};
#define N_ARGUMENTS (sizeof(arguments) / sizeof(arguments[0]))

static unsigned
json_kind(const json_t *v)
{
	if (json_is_integer(v))
		return INTEGER;
	if (json_is_string(v))
		return STRING;
	if (json_is_boolean(v))
		return BOOLEAN;
	return json_is_null(v) ? NONE : 0;
}

int
args_apply(struct peering *p, json_t *args, struct fault *f)
{
	size_t known = 0;

	for (size_t i = 0; i < N_ARGUMENTS; i++) {
		json_t *v = json_object_get(args, arguments[i].name);

		if (v == NULL)
			continue;
		known++;
		if ((json_kind(v) & arguments[i].accepts) == 0 ||
		    arguments[i].set(p, v) != 0)
			return fault_set(f, FAULT_INVALID, arguments[i].name,
			    "%s", arguments[i].right);
	}
	if (known != json_object_size(args))
		return fault_set(f, FAULT_INVALID, "args",
		    "there is an argument that this operation does not know");
	return 0;
}
