#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "network/network.h"
#include "network/value.h"

/* A whole range, with the right form in the message. */
static int
parse_range(struct prefix *p, const char *text, size_t len, struct fault *f)
{
	char shown[SHOWN_MAX], right[PREFIX_TEXT_MAX];
	struct ip ip;

	value_shown(shown, text, len);
	if (ip_parse(&ip, text, len) == 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s lacks its length, such as %s/%d", shown, shown,
		    ip.family == 4 ? 27 : 48);
	if (prefix_parse(p, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no prefix such as 172.20.0.0/24 or "
		    "fd00:1234:5678::/48",
		    shown);
	if (prefix_has_host_bits(p)) {
		prefix_mask(p);
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s has bits set behind its length: %s would be right",
		    shown, prefix_text(p, right));
	}
	return 0;
}

static int
append_prefix(struct network_prefixes *to, const struct prefix *p)
{
	struct prefix *list =
	    reallocarray(to->list, to->n + 1, sizeof(*to->list));

	if (list == NULL)
		return FAULT_SYSTEM;
	list[to->n++] = *p;
	to->list = list;
	return 0;
}

READER(value_prefix)
{
	struct prefix p;

	if (parse_range(&p, text, len, f) != 0)
		return FAULT_INVALID;
	return append_prefix(dst, &p);
}

/* True for what an AS can have as its own, on some network. */
static bool
can_be_ours(const struct prefix *p)
{
	static const char *const ranges[] = { "private", "cgnat",
		"documentation", "benchmarking", NULL };

	if (p->len < (p->ip.family == 4 ? 8 : 16))
		return false;
	return ip_special(&p->ip) == NULL || ip_is_special(&p->ip, ranges);
}

READER(value_network_prefix)
{
	char shown[PREFIX_TEXT_MAX];
	struct prefix p;

	if (parse_range(&p, text, len, f) != 0)
		return FAULT_INVALID;
	if (!can_be_ours(&p))
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s cannot be announced: give the prefixes that the "
		    "registry assigned to this AS",
		    prefix_text(&p, shown));
	return append_prefix(dst, &p);
}

/* The first and last address of an IPv4 subnet are no host's. */
static bool
is_no_host(const struct prefix *p)
{
	unsigned total = ip_bits(&p->ip), ones = 0;

	if (p->len + 1U >= total)
		return false;
	if (!prefix_has_host_bits(p))
		return true;
	for (unsigned bit = p->len; bit < total; bit++)
		ones += (p->ip.byte[bit / 8] & (0x80 >> bit % 8)) != 0;
	return p->ip.family == 4 && ones == total - p->len;
}

static int
read_address(struct prefix *dst, int family, const char *text, size_t len,
    struct fault *f)
{
	const char *example =
	    family == 4 ? "172.20.0.1/29" : "fd00:1234:5678:1::1/64";
	char shown[SHOWN_MAX];
	struct prefix p;
	struct ip ip;

	value_shown(shown, text, len);
	if (ip_parse(&ip, text, len) == 0 && ip.family == family)
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s lacks the length of its subnet: %s/%d", shown, shown,
		    family == 4 ? 29 : 64);
	if (prefix_parse(&p, text, len) != 0 || p.ip.family != family)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no IPv%d address with the length of its subnet, "
		    "such as %s",
		    shown, family, example);
	if (is_no_host(&p))
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is the subnet's %s: give the POP's own address in it, "
		    "such as %s",
		    shown,
		    prefix_has_host_bits(&p) ? "broadcast address"
					     : "network address",
		    example);
	*dst = p;
	return 0;
}

READER(value_ipv4)
{
	return read_address(dst, 4, text, len, f);
}

READER(value_ipv6)
{
	return read_address(dst, 6, text, len, f);
}

/* True if a bit is set from bit `from` on. */
static bool
has_bits_from(const struct ip *ip, uint8_t from)
{
	struct prefix p = { *ip, from };

	return prefix_has_host_bits(&p);
}

static int
read_link_local(struct ip *ip, const char *example, const char *text,
    size_t len, struct fault *f)
{
	char shown[SHOWN_MAX];

	value_shown(shown, text, len);
	if (ip_parse(ip, text, len) != 0)
		return fault_set(f, FAULT_INVALID, NULL,
		    "'%s' is no IPv6 address (no length, no zone): write it "
		    "as \"%s\", in quotes",
		    shown, example);
	if (!ip_is_link_local(ip))
		return fault_set(f, FAULT_INVALID, NULL,
		    "%s is not inside fe80::/10: \"%s\" would be", shown,
		    example);
	return 0;
}

READER(value_link_local)
{
	struct ip ip;

	if (read_link_local(&ip, "fe80:263::", text, len, f) != 0)
		return FAULT_INVALID;
	if (has_bits_from(&ip, 96))
		return fault_set(f, FAULT_INVALID, NULL,
		    "must end in 32 zero bits, such as \"fe80:263::\": "
		    "::1:<id> "
		    "and ::2:<id> are put there for each peering");
	*(struct ip *)dst = ip;
	return 0;
}

READER(value_own_link_local)
{
	struct ip ip;

	if (read_link_local(&ip, "fe80::263", text, len, f) != 0)
		return FAULT_INVALID;
	if (!has_bits_from(&ip, 64))
		return fault_set(f, FAULT_INVALID, NULL,
		    "must be one address, not a network's: such as "
		    "\"fe80::263\"");
	*(struct ip *)dst = ip;
	return 0;
}
