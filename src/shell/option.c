#include "shell/option.h"

#include <string.h>

#include "base/ip.h"
#include "base/num.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "peering/peering.h"

#define COUNT_MAX 1000
#define PINGS_MAX 20
#define HOPS_MAX  64

static int
host_check(const char *field, const char *value, size_t len, struct fault *f)
{
	struct ip ip;

	if (ip_parse(&ip, value, len) == 0 || text_is_hostname(value, len))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "neither an IPv4 or IPv6 address nor a full host name "
	    "(vpn.example.net); the port is given on its own");
}

static int
link_local_check(
    const char *field, const char *value, size_t len, struct fault *f)
{
	struct ip ip;

	if (ip_parse(&ip, value, len) == 0 && ip_is_link_local(&ip))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "no link-local address: it must lie in fe80::/10 and have neither "
	    "a prefix length nor a zone (%%eth0)");
}

/* Only its form: what it stands for is the engine's to say. */
static int
target_check(const char *field, const char *value, size_t len, struct fault *f)
{
	struct ip ip;
	size_t name = strspn(value, "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

	if (ip_parse(&ip, value, len) == 0 ||
	    (len > 0 && len < HOST_TEXT_MAX && name == len && value[0] != '-'))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "neither a POP's name, nor an AS number, nor an address without "
	    "a zone (%%eth0)");
}

static int
prefix_check(const char *field, const char *value, size_t len, struct fault *f)
{
	struct prefix prefix;
	struct ip ip;

	if (ip_parse(&ip, value, len) == 0 ||
	    (prefix_parse(&prefix, value, len) == 0 &&
		!prefix_has_host_bits(&prefix)))
		return 0;
	return fault_set(f, FAULT_INVALID, field,
	    "neither a prefix without host bits (172.20.0.0/24), nor an "
	    "address");
}

static int
number_check(
    const char *field, const char *value, uint32_t max, struct fault *f)
{
	uint32_t number;

	if (num_parse(&number, value, strlen(value), 1, max) == 0)
		return 0;
	return fault_set(
	    f, FAULT_INVALID, field, "not a number from 1 to %u", max);
}

int
option_check(enum option_type type, const char *field, const char *value,
    struct fault *f)
{
	size_t len = strlen(value);
	struct wgkey key;
	uint32_t number;
	uint16_t port;

	switch (type) {
	case OPTION_ASN:
		if (asn_parse(&number, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no AS number: 1 to 4294967294, such as "
			    "4242421344");
		return 0;
	case OPTION_KEY:
		if (wgkey_parse(&key, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no WireGuard public key: it has 44 characters "
			    "and ends in \"=\", as `wg pubkey` prints it");
		return 0;
	case OPTION_HOST:
		return host_check(field, value, len, f);
	case OPTION_PORT:
		if (port_parse(&port, value, len) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no port: a number from 1 to 65535");
		return 0;
	case OPTION_LINK_LOCAL:
		return link_local_check(field, value, len, f);
	case OPTION_MTU:
		if (num_parse(&number, value, len, PEERING_MTU_MIN,
			PEERING_MTU_MAX) != 0)
			return fault_set(f, FAULT_INVALID, field,
			    "no MTU: a number from %d to %d", PEERING_MTU_MIN,
			    PEERING_MTU_MAX);
		return 0;
	case OPTION_COUNT:
		return number_check(field, value, COUNT_MAX, f);
	case OPTION_TARGET:
		return target_check(field, value, len, f);
	case OPTION_PREFIX:
		return prefix_check(field, value, len, f);
	case OPTION_PINGS:
		return number_check(field, value, PINGS_MAX, f);
	case OPTION_HOPS:
		return number_check(field, value, HOPS_MAX, f);
	case OPTION_FLAG:
	case OPTION_NAME:
	case OPTION_TOPIC:
	case OPTION_END:
		break;
	}
	return 0;
}

const char *
option_placeholder(enum option_type type)
{
	switch (type) {
	case OPTION_ASN:
		return "ASN";
	case OPTION_KEY:
		return "KEY";
	case OPTION_HOST:
		return "HOST";
	case OPTION_PORT:
		return "PORT";
	case OPTION_LINK_LOCAL:
		return "ADDRESS";
	case OPTION_MTU:
		return "MTU";
	case OPTION_COUNT:
	case OPTION_PINGS:
	case OPTION_HOPS:
		return "N";
	case OPTION_TARGET:
		return "TARGET";
	case OPTION_NAME:
		return "NAME";
	case OPTION_PREFIX:
		return "PREFIX";
	case OPTION_TOPIC:
		return "topic";
	case OPTION_FLAG:
	case OPTION_END:
		break;
	}
	return "";
}
