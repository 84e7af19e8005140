#include <bsd/string.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/sshkey.h"
#include "base/text.h"
#include "network/network.h"
#include "network/value.h"

#define PORT_FIRST 1024 /* below, a bind takes a right the listener lacks */
#define BASE_LAST  60000 /* leaves room for 5,000 peerings or POPs above it */
#define LIMIT_LAST 10000000

/* "[ADDRESS6]:PORT" or "ADDRESS4:PORT". */
static int
parse_listen(struct ip *ip, uint16_t *port, const char *text, size_t len)
{
	const char *colon = memrchr(text, ':', len);
	size_t host = colon != NULL ? (size_t)(colon - text) : 0;
	bool brackets = host > 2 && text[0] == '[' && colon[-1] == ']';

	if (colon == NULL || port_parse(port, colon + 1, len - host - 1) != 0)
		return FAULT_INVALID;
	if (brackets)
		return ip_parse(ip, text + 1, host - 2) == 0 && ip->family == 6
			   ? 0
			   : FAULT_INVALID;
	return ip_parse(ip, text, host) == 0 && ip->family == 4 ? 0
								: FAULT_INVALID;
}

READER(value_listen)
{
	struct network_peering *peering = dst;
	char shown[SHOWN_MAX];
	uint16_t port;
	struct ip ip;

	value_shown(shown, text, len);
	if (parse_listen(&ip, &port, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no address and port such as \"[::]:4242\" (both "
		    "families) or 0.0.0.0:4242",
		    shown);
	if (port < PORT_FIRST)
		return fault_set(f, FAULT_INVALID, NULL,
		    "port %u is below %d: the listener has no right to bind "
		    "lower; 4242 is usual",
		    port, PORT_FIRST);
	peering->listen = ip;
	peering->listen_port = port;
	return 0;
}

READER(value_file_name)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 0 || len >= NETWORK_NAME_MAX || text[0] == '.' ||
	    !text_is_plain(text, len) || strchr(text, '/') != NULL)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no name of a file beside the network file, such "
		    "as motd",
		    shown);
	strlcpy(dst, text, NETWORK_NAME_MAX);
	return 0;
}

READER(value_port_base)
{
	char shown[SHOWN_MAX];
	uint32_t port;

	value_shown(shown, text, len);
	if (num_parse(&port, text, len, PORT_FIRST, BASE_LAST) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no port to count up from: %d to %d", shown,
		    PORT_FIRST, BASE_LAST);
	*(uint16_t *)dst = (uint16_t)port;
	return 0;
}

READER(value_mtu)
{
	char shown[SHOWN_MAX];
	uint32_t mtu;

	value_shown(shown, text, len);
	if (num_parse(&mtu, text, len, NETWORK_MTU_MIN, NETWORK_MTU_MAX) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no MTU of a tunnel: %d to %d, such as 1420", shown,
		    NETWORK_MTU_MIN, NETWORK_MTU_MAX);
	*(uint16_t *)dst = (uint16_t)mtu;
	return 0;
}

READER(value_ports)
{
	struct network_peering *peering = dst;
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 3 && strcmp(text, "asn") == 0) {
		peering->ports = PORTS_ASN;
		return 0;
	}
	if (value_port_base(&peering->port_base, text, len, NULL) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is neither 'asn' (the last five digits of the AS "
		    "number) nor a port to count up from, %d to %d",
		    shown, PORT_FIRST, BASE_LAST);
	peering->ports = PORTS_BASE;
	return 0;
}

READER(value_family)
{
	static const char *const names[] = { "ipv4", "ipv6", NULL };
	struct network_peering *peering = dst;
	unsigned i;

	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	if (i == 0)
		peering->ipv4 = true;
	else
		peering->ipv6 = true;
	return 0;
}

static int
append_string(struct network_strings *to, const char *text)
{
	char **list = reallocarray(to->list, to->n + 1, sizeof(*to->list));

	if (list == NULL)
		return FAULT_SYSTEM;
	to->list = list;
	list[to->n] = strdup(text);
	if (list[to->n] == NULL)
		return FAULT_SYSTEM;
	to->n++;
	return 0;
}

READER(value_range)
{
	const char *names[32];
	size_t n = 0;
	unsigned i;

	do
		names[n] = n < 31 ? ip_range_name(n) : NULL;
	while (names[n++] != NULL);
	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	return append_string(dst, names[i]);
}

READER(value_hub)
{
	char name[NETWORK_POP_MAX];

	if (value_pop_name(name, text, len, f) != 0)
		return FAULT_INVALID;
	return append_string(dst, name);
}

READER(value_import_limit)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (num_parse(dst, text, len, 1, LIMIT_LAST) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no number of routes: 1 to %d, such as 9000", shown,
		    LIMIT_LAST);
	return 0;
}

READER(value_ssh_key)
{
	struct sshkey key;

	if (len >= NETWORK_KEY_MAX || !text_is_plain(text, len))
		return fault_set(f, FAULT_INVALID, NULL,
		    "is no line of printable ASCII of less than %d characters",
		    NETWORK_KEY_MAX);
	if (sshkey_parse(&key, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "is no whole key of a type that logs in here (RSA from "
		    "1024 bits): copy the line of the .pub file again, such as "
		    "\"ssh-ed25519 AAAA... name\"");
	return append_string(dst, text);
}
