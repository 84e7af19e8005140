#include "peering/endpoint.h"

#include <stdio.h>
#include <string.h>

static const struct prefix nat64 = {
	{ 6, { 0x00, 0x64, 0xff, 0x9b } },
	96,
};

static bool
is_allowed(const struct endpoint_rules *rules, const char *range)
{
	for (size_t i = 0; i < rules->n_allow; i++)
		if (strcmp(rules->allow[i], range) == 0)
			return true;
	return false;
}

static const struct prefix *
refused_by(const struct endpoint_rules *rules, const struct ip *ip)
{
	struct ip inner = { .family = 4 };

	for (size_t i = 0; i < rules->n_refused; i++)
		if (prefix_contains(&rules->refused[i], ip))
			return &rules->refused[i];
	/* A translator leads to the IPv4 address that it embeds. */
	if (!prefix_contains(&nat64, ip))
		return NULL;
	memcpy(inner.byte, ip->byte + 12, 4);
	return refused_by(rules, &inner);
}

int
endpoint_check_ip(
    const struct endpoint_rules *rules, const struct ip *ip, struct fault *f)
{
	const struct ip_range *range;
	const struct prefix *refused;
	char text[IP_TEXT_MAX], within[PREFIX_TEXT_MAX];

	ip_text(ip, text);
	if (ip->family != 4 && ip->family != 6)
		return fault_set(
		    f, FAULT_INVALID, "endpoint", "there is no address");
	range = ip_special(ip);
	if (range != NULL && !is_allowed(rules, range->name)) {
		const char *a = strchr("aeiou", range->name[0]) ? "an" : "a";

		return fault_set(f, FAULT_INVALID, "endpoint",
		    "%s is %s %s address (%s); give an address that the "
		    "Internet reaches",
		    text, a, range->name, range->source);
	}
	if (!(ip->family == 4 ? rules->ipv4 : rules->ipv6))
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "%s is an IPv%u address, which this POP cannot reach; "
		    "give an IPv%u address",
		    text, (unsigned)ip->family, 10U - ip->family);
	refused = refused_by(rules, ip);
	if (refused != NULL)
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "%s lies in %s, where this network takes no endpoints; "
		    "give an address of yours",
		    text, prefix_text(refused, within));
	return 0;
}

int
endpoint_check_host(
    const struct endpoint_rules *rules, const char *host, struct fault *f)
{
	size_t len = strlen(host);
	struct ip ip;

	if (ip_parse(&ip, host, len) == 0)
		return endpoint_check_ip(rules, &ip, f);
	if (text_is_hostname(host, len))
		return 0;
	if (len >= HOST_TEXT_MAX)
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "a host name has at most %d characters", HOST_TEXT_MAX - 1);
	return fault_set(f, FAULT_INVALID, "endpoint",
	    "\"%.100s\" is neither an address nor a host name; give one like "
	    "2001:db8::1 or router.example.net, without brackets, port or zone",
	    host);
}

char *
endpoint_text(char buf[ENDPOINT_TEXT_MAX], const char *host, unsigned port)
{
	bool brackets = strchr(host, ':') != NULL;

	buf[0] = '\0';
	if (host[0] != '\0')
		snprintf(buf, ENDPOINT_TEXT_MAX, "%s%s%s:%u",
		    brackets ? "[" : "", host, brackets ? "]" : "", port);
	return buf;
}
