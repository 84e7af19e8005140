#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/fault.h"
#include "base/num.h"

int
ip_parse(struct ip *out, const char *text, size_t len)
{
	struct ip ip = { 0 };
	char buf[IP_TEXT_MAX];

	if (len == 0 || len >= sizeof(buf) || memchr(text, '\0', len) != NULL)
		return FAULT_INVALID;
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (inet_pton(AF_INET, buf, ip.byte) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, buf, ip.byte) == 1)
		ip.family = 6;
	else
		return FAULT_INVALID;
	*out = ip;
	return 0;
}

int
prefix_parse(struct prefix *out, const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len);
	struct prefix p = { 0 };
	uint32_t bits;

	if (slash == NULL)
		return FAULT_INVALID;
	if (ip_parse(&p.ip, text, (size_t)(slash - text)) != 0)
		return FAULT_INVALID;
	len -= (size_t)(slash + 1 - text);
	if (num_parse(&bits, slash + 1, len, 0, ip_bits(&p.ip)) != 0)
		return FAULT_INVALID;
	p.len = (uint8_t)bits;
	*out = p;
	return 0;
}

unsigned
ip_bits(const struct ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

int
ip_cmp(const struct ip *a, const struct ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

int
prefix_cmp(const struct prefix *a, const struct prefix *b)
{
	int c = ip_cmp(&a->ip, &b->ip);

	if (c != 0)
		return c;
	return (a->len > b->len) - (a->len < b->len);
}

bool
prefix_contains(const struct prefix *p, const struct ip *ip)
{
	unsigned whole = p->len / 8, rest = p->len % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	if (p->ip.family != ip->family)
		return false;
	if (memcmp(p->ip.byte, ip->byte, whole) != 0)
		return false;
	return rest == 0 || ((p->ip.byte[whole] ^ ip->byte[whole]) & mask) == 0;
}

bool
prefix_has_host_bits(const struct prefix *p)
{
	unsigned total = ip_bits(&p->ip);

	for (unsigned bit = p->len; bit < total; bit++)
		if (p->ip.byte[bit / 8] & (0x80 >> bit % 8))
			return true;
	return false;
}

void
prefix_mask(struct prefix *p)
{
	unsigned total = ip_bits(&p->ip);

	for (unsigned bit = p->len; bit < total; bit++)
		p->ip.byte[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

bool
prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
	return outer->len <= inner->len && prefix_contains(outer, &inner->ip);
}

bool
prefix_overlaps(const struct prefix *a, const struct prefix *b)
{
	return prefix_covers(a, b) || prefix_covers(b, a);
}

bool
ip_is_link_local(const struct ip *ip)
{
	return ip->family == 6 && ip->byte[0] == 0xfe &&
	       (ip->byte[1] & 0xc0) == 0x80;
}

/* Where the embedded IPv4 address of an IPv6 range begins; -1: it has none. */
struct special {
	struct ip_range range;
	struct prefix prefix;
	int embeds;
};

#define V4(a, b, c, d, l)                \
	{                                \
		{ 4, { a, b, c, d } }, l \
	}
#define V6(l, ...)                        \
	{                                 \
		{ 6, { __VA_ARGS__ } }, l \
	}

/* An embedding range comes before a wider range that contains it. */
static const struct special specials[] = {
	{ { "unspecified", "RFC 791" }, V4(0, 0, 0, 0, 8), -1 },
	{ { "private", "RFC 1918" }, V4(10, 0, 0, 0, 8), -1 },
	{ { "cgnat", "RFC 6598" }, V4(100, 64, 0, 0, 10), -1 },
	{ { "loopback", "RFC 1122" }, V4(127, 0, 0, 0, 8), -1 },
	{ { "link-local", "RFC 3927" }, V4(169, 254, 0, 0, 16), -1 },
	{ { "private", "RFC 1918" }, V4(172, 16, 0, 0, 12), -1 },
	{ { "protocol", "RFC 6890" }, V4(192, 0, 0, 0, 24), -1 },
	{ { "documentation", "RFC 5737" }, V4(192, 0, 2, 0, 24), -1 },
	{ { "protocol", "RFC 7526" }, V4(192, 88, 99, 0, 24), -1 },
	{ { "private", "RFC 1918" }, V4(192, 168, 0, 0, 16), -1 },
	{ { "benchmarking", "RFC 2544" }, V4(198, 18, 0, 0, 15), -1 },
	{ { "documentation", "RFC 5737" }, V4(198, 51, 100, 0, 24), -1 },
	{ { "documentation", "RFC 5737" }, V4(203, 0, 113, 0, 24), -1 },
	{ { "multicast", "RFC 5771" }, V4(224, 0, 0, 0, 4), -1 },
	{ { "reserved", "RFC 1112" }, V4(240, 0, 0, 0, 4), -1 },
	{ { "unspecified", "RFC 4291" }, V6(128, 0), -1 },
	{ { "loopback", "RFC 4291" }, V6(128, [15] = 1), -1 },
	{ { "mapped", "RFC 4291" }, V6(96, [10] = 0xff, [11] = 0xff), 12 },
	{ { "compatible", "RFC 4291" }, V6(96, 0), 12 },
	{ { "nat64", "RFC 6052" }, V6(96, 0x00, 0x64, 0xff, 0x9b), 12 },
	{ { "nat64", "RFC 8215" }, V6(48, 0x00, 0x64, 0xff, 0x9b, 0, 1), -1 },
	{ { "discard", "RFC 6666" }, V6(64, 0x01), -1 },
	{ { "benchmarking", "RFC 5180" }, V6(48, 0x20, 0x01, 0, 2), -1 },
	{ { "protocol", "RFC 2928" }, V6(23, 0x20, 0x01), -1 },
	{ { "documentation", "RFC 3849" }, V6(32, 0x20, 0x01, 0x0d, 0xb8), -1 },
	{ { "6to4", "RFC 3056" }, V6(16, 0x20, 0x02), 2 },
	{ { "documentation", "RFC 9637" }, V6(20, 0x3f, 0xff), -1 },
	{ { "private", "RFC 4193" }, V6(7, 0xfc), -1 },
	{ { "link-local", "RFC 4291" }, V6(10, 0xfe, 0x80), -1 },
	{ { "site-local", "RFC 3879" }, V6(10, 0xfe, 0xc0), -1 },
	{ { "multicast", "RFC 4291" }, V6(8, 0xff), -1 },
};
static const size_t n_specials = sizeof(specials) / sizeof(specials[0]);

/* IANA gives global unicast addresses out of 2000::/3 only. */
static const struct prefix global6 = V6(3, 0x20);
static const struct ip_range unallocated = { "reserved", "RFC 4291" };

const struct ip_range *
ip_special(const struct ip *ip)
{
	for (size_t i = 0; i < n_specials; i++) {
		const struct special *s = &specials[i];
		struct ip inner = { .family = 4 };
		const struct ip_range *range;

		if (!prefix_contains(&s->prefix, ip))
			continue;
		if (s->embeds < 0)
			return &s->range;
		memcpy(inner.byte, ip->byte + s->embeds, 4);
		range = ip_special(&inner);
		if (range != NULL)
			return range;
		/* A gateway to a public address is an endpoint, if unusual. */
		return strcmp(s->range.name, "nat64") == 0 ? NULL : &s->range;
	}
	if (ip->family == 6 && !prefix_contains(&global6, ip))
		return &unallocated;
	return NULL;
}

bool
ip_is_special(const struct ip *ip, const char *const *names)
{
	const struct ip_range *range = ip_special(ip);

	for (; range != NULL && *names != NULL; names++)
		if (strcmp(range->name, *names) == 0)
			return true;
	return false;
}

const char *
ip_range_name(size_t i)
{
	for (size_t at = 0; at < n_specials; at++) {
		const char *name = specials[at].range.name;
		size_t first = 0;

		while (strcmp(specials[first].range.name, name) != 0)
			first++;
		if (first == at && i-- == 0)
			return name;
	}
	return NULL;
}

bool
ip_range_known(const char *name)
{
	const char *known;

	for (size_t i = 0; (known = ip_range_name(i)) != NULL; i++)
		if (strcmp(known, name) == 0)
			return true;
	return false;
}
