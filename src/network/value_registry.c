#include <bsd/string.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/ip.h"
#include "base/num.h"
#include "base/text.h"
#include "network/network.h"
#include "network/value.h"

#define INTERVAL_MIN 60
#define INTERVAL_MAX 86400
#define LATENCY_MIN  2

/*
 * No quote, blank, backslash or expansion: git, ssh and shells on the other
 * side all see an URL.
 */
static bool
is_path(const char *text)
{
	static const char others[] = "/._~+%=,@-";

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (!isascii(*text) || (!isalnum((unsigned char)*text) &&
					   strchr(others, *text) == NULL))
			return false;
	return true;
}

/* "HOST" or "HOST:PORT", text[0..len). */
static bool
is_host_port(const char *text, size_t len)
{
	size_t host = len;
	uint16_t port;
	struct ip ip;

	if (len > 0 && text[0] == '[') {
		const char *end = memchr(text, ']', len);

		if (end == NULL ||
		    ip_parse(&ip, text + 1, (size_t)(end - text) - 1) != 0 ||
		    ip.family != 6)
			return false;
		host = (size_t)(end - text) + 1;
	} else {
		const char *colon = memchr(text, ':', len);

		if (colon != NULL)
			host = (size_t)(colon - text);
		if (!text_is_hostname(text, host) &&
		    (ip_parse(&ip, text, host) != 0 || ip.family != 4))
			return false;
	}
	return host == len ||
	       (text[host] == ':' &&
		   port_parse(&port, text + host + 1, len - host - 1) == 0);
}

/* What stands before the '@', as a login of ssh. */
static bool
is_user(const char *text, size_t len)
{
	if (len == 0 || !isalnum((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isascii(text[i]) || (!isalnum((unsigned char)text[i]) &&
					     strchr("._-", text[i]) == NULL))
			return false;
	return true;
}

/* Behind "https://" or "ssh://": "[USER@]HOST[:PORT]/PATH". */
static bool
is_net(const char *rest, bool user_allowed)
{
	size_t len = strcspn(rest, "/");
	const char *at = memchr(rest, '@', len);

	if (at != NULL) {
		size_t user = (size_t)(at - rest);

		if (!user_allowed || !is_user(rest, user))
			return false;
		rest += user + 1;
		len -= user + 1;
	}
	return is_host_port(rest, len) && rest[len] == '/' &&
	       is_path(rest + len + 1);
}

/* "USER@HOST:PATH", as scp has it; git takes "://" for a scheme before it. */
static bool
is_scp(const char *text)
{
	size_t user = strcspn(text, "@"), len;
	const char *host = text + user + 1;

	if (text[user] != '@' || !is_user(text, user))
		return false;
	len = host[0] == '[' ? strcspn(host, "]") : 0;
	len += strcspn(host + len, ":");
	return host[len] == ':' && is_host_port(host, len) &&
	       strncmp(host + len, "://", 3) != 0 && host[len + 1] != '-' &&
	       is_path(host + len + 1);
}

READER(value_url)
{
	char shown[SHOWN_MAX];
	bool good;

	value_shown(shown, text, len);
	if (len != strlen(text) || len >= NETWORK_URL_MAX)
		good = false;
	else if (strncmp(text, "https://", 8) == 0)
		good = is_net(text + 8, false);
	else if (strncmp(text, "ssh://", 6) == 0)
		good = is_net(text + 6, true);
	else if (text[0] == '/')
		good = is_path(text);
	else
		good = is_scp(text);
	if (!good)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is none of https://HOST/PATH (with no password in "
		    "it), ssh://USER@HOST/PATH, USER@HOST:PATH and an absolute "
		    "path of letters, digits and / . _ ~ + %% = , @ -",
		    shown);
	strlcpy(dst, text, NETWORK_URL_MAX);
	return 0;
}

READER(value_branch)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (len == 0 || len != strlen(text) || len >= NETWORK_BRANCH_MAX ||
	    !isalnum((unsigned char)text[0]) || !is_path(text) ||
	    strpbrk(text, "~%=,@") != NULL || strstr(text, "..") != NULL ||
	    strstr(text, "//") != NULL || strstr(text, "/.") != NULL ||
	    text[len - 1] == '/' || text[len - 1] == '.')
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no name of a branch, such as master", shown);
	strlcpy(dst, text, NETWORK_BRANCH_MAX);
	return 0;
}

/* "10m" and the like, of `least` to INTERVAL_MAX seconds. */
static int
read_time(uint32_t *seconds, const char *text, size_t len, uint32_t least)
{
	static const char units[] = "smhd";
	static const uint32_t of_unit[] = { 1, 60, 3600, 86400 };
	const char *unit = len > 0 ? strchr(units, text[len - 1]) : NULL;
	uint32_t n = 0, factor;

	if (unit == NULL || *unit == '\0' ||
	    num_parse(&n, text, len - 1, 1, INTERVAL_MAX) != 0)
		return FAULT_INVALID;
	factor = of_unit[unit - units];
	if (n > INTERVAL_MAX / factor || n * factor < least)
		return FAULT_INVALID;
	*seconds = n * factor;
	return 0;
}

READER(value_interval)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (read_time(dst, text, len, INTERVAL_MIN) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no time between two pulls: 1m to 1d, such as 10m "
		    "(units: s, m, h, d)",
		    shown);
	return 0;
}

READER(value_latency_interval)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (read_time(dst, text, len, LATENCY_MIN) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no time between two measurements: 2s to 1d, such "
		    "as 60s (units: s, m, h, d)",
		    shown);
	return 0;
}

READER(value_blocked_asn)
{
	struct network_policy *policy = dst;
	uint32_t asn;
	int rc = value_asn(&asn, text, len, f);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < policy->n_block; i++)
		if (policy->block[i] == asn)
			return fault_set(
			    f, FAULT_INVALID, NULL, "AS%u stands twice", asn);
	policy->block[policy->n_block++] = asn;
	return 0;
}
