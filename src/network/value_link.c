#include <bsd/string.h>
#include <ctype.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "network/network.h"
#include "network/value.h"

/* Values of what is given: platforms, links, and peerings without an agent. */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

READER(value_platform)
{
	static const char *const names[] = { "debian", "edgeos", NULL };
	unsigned i;

	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	*(enum network_platform *)dst = (enum network_platform)i;
	return 0;
}

READER(value_bird)
{
	static const char *const names[] = { "2", "1.6", NULL };
	unsigned i;

	if (value_choose(&i, names, text, len, f) != 0)
		return FAULT_INVALID;
	*(enum network_bird *)dst = (enum network_bird)i;
	return 0;
}

READER(value_path)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len < 2 || len >= NETWORK_PATH_MAX || text[0] != '/' ||
	    strspn(text, LETTERS DIGITS "/._-") != len ||
	    text[len - 1] == '/' || strstr(text, "..") != NULL)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no whole path of letters, digits and /._- such as "
		    "/config/auth/wg.key",
		    shown);
	strlcpy(dst, text, NETWORK_PATH_MAX);
	return 0;
}

READER(value_ruleset)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 0 || len >= NETWORK_RULESET_MAX ||
	    !isalpha((unsigned char)text[0]) ||
	    strspn(text, LETTERS DIGITS "_-") != len)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no name of a firewall rule set: 1 to %d letters, "
		    "digits, '_' and '-', such as WAN_LOCAL",
		    shown, NETWORK_RULESET_MAX - 1);
	strlcpy(dst, text, NETWORK_RULESET_MAX);
	return 0;
}

READER(value_rule)
{
	char shown[SHOWN_MAX];
	uint32_t rule;

	value_shown(shown, text, len);
	if (num_parse(&rule, text, len, 1, NETWORK_RULES_MAX) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no number of a firewall rule: 1 to %d", shown,
		    NETWORK_RULES_MAX);
	*(uint16_t *)dst = (uint16_t)rule;
	return 0;
}

/* EdgeOS has no way to quote ', and offers help at a '?' that is typed. */
READER(value_description)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 0 || len >= NETWORK_NAME_MAX || !text_is_plain(text, len) ||
	    strpbrk(text, "'\"\\`?$") != NULL || text[0] == ' ' ||
	    text[len - 1] == ' ')
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' cannot be written in every configuration: 1 to %d "
		    "characters of printable ASCII, without ' \" \\ ` ? $ and "
		    "spaces around it",
		    shown, NETWORK_NAME_MAX - 1);
	strlcpy(dst, text, NETWORK_NAME_MAX);
	return 0;
}

/* What begins like the names that meetme gives could meet one of them. */
READER(value_ifname)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 0 || len >= NETWORK_IFNAME_MAX ||
	    !isalpha((unsigned char)text[0]) ||
	    strspn(text, LETTERS DIGITS "_-") != len || strcmp(text, "lo") == 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no name of an interface of ours: 1 to %d letters, "
		    "digits, '_' and '-', such as wg0",
		    shown, NETWORK_IFNAME_MAX - 1);
	if (strncmp(text, "wg-int-", 7) == 0 || strncmp(text, "wg-as", 5) == 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is like the names that meetme gives to links and "
		    "peerings itself; take another, such as wg0",
		    shown);
	strlcpy(dst, text, NETWORK_IFNAME_MAX);
	return 0;
}

READER(value_port)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (port_parse(dst, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no port: 1 to 65535", shown);
	return 0;
}

READER(value_host_port)
{
	struct network_upstream *u = dst;
	char shown[SHOWN_MAX], host[HOST_TEXT_MAX], inner[HOST_TEXT_MAX];
	const char *colon = memrchr(text, ':', len);
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;
	uint16_t port;
	struct ip ip;

	value_shown(shown, text, len);
	if (n == 0 || n >= sizeof(host) ||
	    port_parse(&port, colon + 1, len - n - 1) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no host and port such as peer.example.net:51820 "
		    "or \"[2001:db8::1]:51820\"",
		    shown);
	memcpy(host, text, n);
	host[n] = '\0';
	if (host[0] == '[' && host[n - 1] == ']') {
		memcpy(inner, host + 1, n - 2);
		inner[n - 2] = '\0';
		if (ip_parse(&ip, inner, n - 2) != 0 || ip.family != 6)
			return fault_set(f, FAULT_INVALID, NULL,
			    "'%s' has no IPv6 address between its brackets",
			    shown);
		strlcpy(host, inner, sizeof(host));
	} else if (strchr(host, ':') != NULL) {
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s': an IPv6 address stands in brackets before its port",
		    shown);
	}
	if (value_endpoint(u->host, host, strlen(host), f) != 0)
		return FAULT_INVALID;
	u->host_port = port;
	return 0;
}

/* Where no address on a tunnel can be; what is derived has 169.254/16. */
static bool
is_no_end(const struct ip *ip)
{
	static const char *const never[] = { "unspecified", "loopback",
		"link-local", "multicast", "mapped", "compatible", NULL };

	return ip_is_special(ip, never);
}

static int
read_end(struct prefix *dst, int family, unsigned longest, const char *text,
    size_t len, struct fault *f)
{
	struct prefix p;
	int rc = family == 4 ? value_ipv4(&p, text, len, f)
			     : value_ipv6(&p, text, len, f);

	if (rc != 0)
		return rc;
	if (is_no_end(&p.ip))
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is %s: no address for the end of a tunnel here", text,
		    ip_special(&p.ip)->name);
	if (p.len < 8 || p.len > longest)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s has a length of %u, which is not in 8 to %u", text,
		    (unsigned)p.len, longest);
	*dst = p;
	return 0;
}

READER(value_link4)
{
	return read_end(dst, 4, 31, text, len, f);
}

READER(value_tunnel4)
{
	return read_end(dst, 4, 32, text, len, f);
}

READER(value_tunnel6)
{
	return read_end(dst, 6, 128, text, len, f);
}

static int
read_peer(
    struct ip *dst, int family, const char *text, size_t len, struct fault *f)
{
	char shown[SHOWN_MAX];
	struct ip ip;

	value_shown(shown, text, len);
	if (ip_parse(&ip, text, len) != 0 || ip.family != family)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no IPv%d address; the other end's, without a "
		    "length",
		    shown, family);
	if (is_no_end(&ip))
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is %s: no address for the end of a tunnel here", shown,
		    ip_special(&ip)->name);
	*dst = ip;
	return 0;
}

READER(value_peer4)
{
	return read_peer(dst, 4, text, len, f);
}

READER(value_peer6)
{
	return read_peer(dst, 6, text, len, f);
}
