/*
 * Addresses as text. inet_ntop() formats with the printf family, and a mesh of
 * 1,000 POPs is twelve million addresses to write.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/ip.h"

#define GROUPS 8 /* of 16 bits, in an IPv6 address */

/* Each writes at `p`, and returns where it ended. */
static char *
write_decimal(char *p, unsigned n)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

static char *
write_hex(char *p, unsigned n)
{
	static const char digits[] = "0123456789abcdef";

	if (n > 0xfff)
		*p++ = digits[n >> 12];
	if (n > 0xff)
		*p++ = digits[n >> 8 & 15];
	if (n > 0xf)
		*p++ = digits[n >> 4 & 15];
	*p++ = digits[n & 15];
	return p;
}

static char *
write_ip4(char *p, const uint8_t *byte)
{
	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			*p++ = '.';
		p = write_decimal(p, byte[i]);
	}
	return p;
}

/* The longest run of zero groups, the first of them; of two or more. */
static size_t
longest_run(const uint16_t *group, size_t *from)
{
	size_t best = 1, run = 0;

	for (size_t i = 0; i < GROUPS; i++) {
		run = group[i] == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*from = i + 1 - run;
		}
	}
	return best > 1 ? best : 0;
}

/* RFC 5952, 4. */
static char *
write_ip6(char *p, const uint8_t *byte)
{
	uint16_t group[GROUPS];
	size_t from = GROUPS, run;

	for (size_t i = 0; i < GROUPS; i++)
		group[i] = (uint16_t)(byte[2 * i] << 8 | byte[2 * i + 1]);
	run = longest_run(group, &from);
	for (size_t i = 0; i < GROUPS; i++) {
		if (i == from) {
			*p++ = ':';
			i += run - 1;
			if (i == GROUPS - 1)
				*p++ = ':';
			continue;
		}
		if (i > 0)
			*p++ = ':';
		p = write_hex(p, group[i]);
	}
	return p;
}

/* Those that embed an IPv4 address are shown with it (RFC 5952, 5). */
static bool
is_mixed(const struct ip *ip)
{
	static const uint8_t zero[10];

	return memcmp(ip->byte, zero, sizeof(zero)) == 0;
}

static char *
write_ip(char *p, const struct ip *ip)
{
	if (ip->family == 4)
		return write_ip4(p, ip->byte);
	if (ip->family == 0 || !is_mixed(ip))
		return ip->family != 0 ? write_ip6(p, ip->byte) : p;
	if (inet_ntop(AF_INET6, ip->byte, p, IP_TEXT_MAX) == NULL)
		return p;
	return p + strlen(p);
}

char *
ip_text_end(const struct ip *ip, char buf[IP_TEXT_MAX])
{
	char *end = write_ip(buf, ip);

	*end = '\0';
	return end;
}

char *
prefix_text_end(const struct prefix *p, char buf[PREFIX_TEXT_MAX])
{
	char *end = write_ip(buf, &p->ip);

	*end++ = '/';
	end = write_decimal(end, p->len);
	*end = '\0';
	return end;
}

char *
ip_text(const struct ip *ip, char buf[IP_TEXT_MAX])
{
	ip_text_end(ip, buf);
	return buf;
}

char *
prefix_text(const struct prefix *p, char buf[PREFIX_TEXT_MAX])
{
	prefix_text_end(p, buf);
	return buf;
}
