#include "network/value.h"

#include <bsd/string.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/wgkey.h"
#include "network/country.h"
#include "network/nearest.h"
#include "network/network.h"

/* Declares and fills `shown` for the message of a reader. */
#define SHOW                   \
	char shown[SHOWN_MAX]; \
	value_shown(shown, text, len)

char *
value_shown(char buf[SHOWN_MAX], const char *text, size_t len)
{
	text_clean(buf, SHOWN_MAX, text, len);
	if (len >= SHOWN_MAX)
		strlcpy(buf + SHOWN_MAX - 4, "...", 4);
	return buf;
}

int
value_choose(unsigned *index, const char *const *choices, const char *text,
    size_t len, struct fault *f)
{
	char shown[SHOWN_MAX], all[192] = "";
	const char *near;

	value_shown(shown, text, len);
	for (unsigned i = 0; choices[i] != NULL; i++) {
		if (strlen(choices[i]) == len &&
		    strcmp(choices[i], text) == 0) {
			*index = i;
			return 0;
		}
		strlcat(all, i > 0 ? ", " : "", sizeof(all));
		strlcat(all, choices[i], sizeof(all));
	}
	near = nearest(shown, choices);
	if (near != NULL)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is none of %s; did you mean '%s'?", shown, all, near);
	return fault_set(
	    f, FAULT_INVALID, NULL, "'%s' is none of %s", shown, all);
}

READER(value_name)
{
	SHOW;
	if (len == 0 || len >= NETWORK_NAME_MAX)
		return fault_set(f, FAULT_INVALID, NULL,
		    "must have 1 to %d characters, not %zu",
		    NETWORK_NAME_MAX - 1, len);
	if (!text_is_plain(text, len) || strpbrk(text, "\"\\`") != NULL)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' has characters that not every terminal or "
		    "configuration can hold: use printable ASCII, without "
		    "\" \\ `",
		    shown);
	if (text[0] == ' ' || text[len - 1] == ' ')
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' begins or ends with a space", shown);
	strlcpy(dst, text, NETWORK_NAME_MAX);
	return 0;
}

READER(value_asn)
{
	SHOW;
	if (asn_parse(dst, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no AS number: 1 to 4294967294, not 23456 and not "
		    "65535, such as 4242420000",
		    shown);
	return 0;
}

/* dn42's wiki, BGP communities: region (64511, 41) and following. */
static const char *const regions[] = { "europe", "north-america-east",
	"north-america-central", "north-america-west", "central-america",
	"south-america-east", "south-america-west", "africa-north",
	"africa-south", "asia-south", "asia-south-east", "asia-east",
	"pacific-oceania", "antarctica", "asia-north", "asia-west",
	"central-asia", NULL };
#define REGION_FIRST 41

READER(value_region)
{
	uint32_t number;
	unsigned i;

	SHOW;
	if (num_parse(&number, text, len, REGION_FIRST, REGION_FIRST + 16) == 0)
		i = number - REGION_FIRST;
	else if (value_choose(&i, regions, text, len, f) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no region%s%s: europe, asia-east, ... or 41 to "
		    "57; meetme.yaml(5) lists them",
		    shown,
		    nearest(shown, regions) != NULL ? "; did you mean " : "",
		    nearest(shown, regions) != NULL ? nearest(shown, regions)
						    : "");
	*(uint16_t *)dst = (uint16_t)(REGION_FIRST + i);
	return 0;
}

READER(value_topology)
{
	static const char *const names[] = { "full", "hubs", "none", NULL };
	unsigned i;

	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	*(enum network_topology *)dst = (enum network_topology)i;
	return 0;
}

READER(value_igp)
{
	static const char *const names[] = { "babel", "ospf", "none", NULL };
	unsigned i;

	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	*(enum network_igp *)dst = (enum network_igp)i;
	return 0;
}

READER(value_bool)
{
	static const char *const names[] = { "false", "true", "no", "yes",
		NULL };
	unsigned i;

	SHOW;
	if (value_choose(&i, names, text, len, NULL) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is neither true nor false", shown);
	*(bool *)dst = i % 2 == 1;
	return 0;
}

READER(value_pop_name)
{
	SHOW;
	if (len > 0 && len < NETWORK_POP_MAX &&
	    isalnum((unsigned char)text[0]) && text[len - 1] != '-' &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len) {
		strlcpy(dst, text, NETWORK_POP_MAX);
		return 0;
	}
	return fault_set(f, FAULT_INVALID, NULL,
	    "'%s' is no POP name: 1 to %d of a-z, 0-9 and '-', such as "
	    "nl-ams1; interfaces are named after it",
	    shown, NETWORK_POP_MAX - 1);
}

READER(value_id)
{
	uint32_t id;

	SHOW;
	if (num_parse(&id, text, len, 1, NETWORK_POPS_MAX) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no POP number: 1 to %d, each POP its own", shown,
		    NETWORK_POPS_MAX);
	*(uint16_t *)dst = (uint16_t)id;
	return 0;
}

/* Where nothing could ever reach a POP; private ranges may be a lab's. */
static bool
is_unreachable(const struct ip *ip)
{
	static const char *const names[] = { "unspecified", "loopback",
		"link-local", "multicast", "mapped", NULL };

	return ip_is_special(ip, names);
}

READER(value_endpoint)
{
	struct ip ip;

	SHOW;
	if (ip_parse(&ip, text, len) == 0) {
		if (is_unreachable(&ip))
			return fault_set(f, FAULT_INVALID, NULL,
			    "%s is %s (%s): nobody can reach it", shown,
			    ip_special(&ip)->name, ip_special(&ip)->source);
	} else if (strpbrk(text, ":[]/") != NULL) {
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' must be a bare name or address, without port, "
		    "brackets or length",
		    shown);
	} else if (!text_is_hostname(text, len)) {
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is neither a full host name such as "
		    "pop1.example.net nor an address",
		    shown);
	}
	strlcpy(dst, text, HOST_TEXT_MAX);
	return 0;
}

READER(value_public_key)
{
	struct wgkey key;

	if (len != WGKEY_TEXT_MAX - 1)
		return fault_set(f, FAULT_INVALID, NULL,
		    "has %zu characters, a WireGuard public key has 44; "
		    "`wg pubkey < wg.key` prints it",
		    len);
	if (wgkey_parse(&key, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "is not base64 of 32 bytes as `wg pubkey` prints it: look "
		    "for a mistyped character, the last ones too");
	if (wgkey_is_zero(&key) || wgkey_is_weak(&key))
		return fault_set(f, FAULT_INVALID, NULL,
		    "is a key that gives no secrecy (RFC 7748, 7); make one "
		    "with `wg genkey`");
	*(struct wgkey *)dst = key;
	return 0;
}

READER(value_country)
{
	char capitals[3] = "";

	SHOW;
	if (len != 2 || !isalpha((unsigned char)text[0]) ||
	    !isalpha((unsigned char)text[1]))
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no country: two letters (ISO 3166), such as NL",
		    shown);
	for (size_t i = 0; i < 2; i++)
		capitals[i] = (char)toupper((unsigned char)text[i]);
	if (country_number(capitals) == 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is the code of no country (ISO 3166)", shown);
	strlcpy(dst, capitals, sizeof(capitals));
	return 0;
}

READER(value_bandwidth)
{
	static const char units[] = "kMG";
	const char *unit = len > 0 ? strchr(units, text[len - 1]) : NULL;
	uint32_t factor = 1, n;

	SHOW;
	for (const char *u = units; unit != NULL && u < unit; u++)
		factor *= 1000;
	if (unit == NULL || *unit == '\0' ||
	    num_parse(&n, text, len - 1, 1, UINT32_MAX / factor) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no bandwidth: a whole number and k, M or G bit/s, "
		    "such as 100M",
		    shown);
	*(uint32_t *)dst = n * factor;
	return 0;
}
