#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_TEXT_MAX	46 /* INET6_ADDRSTRLEN */
#define PREFIX_TEXT_MAX (IP_TEXT_MAX + 4)

/* An address. family 4 uses bytes 0..3, the rest is zero; family 0 is none. */
struct ip {
	uint8_t family; /* 0, 4 or 6 */
	uint8_t byte[16]; /* network order */
};

/* An address with a prefix length; host bits may be set (an interface). */
struct prefix {
	struct ip ip;
	uint8_t len;
};

/* A span of special-purpose addresses, with the name an operator allows. */
struct ip_range {
	const char *name; /* "private", "documentation", ... */
	const char *source; /* "RFC 1918" */
};

/*
 * Parse the whole of text[0..len): dotted quad or RFC 4291 text, no zone, no
 * brackets, no white space. 0 or FAULT_INVALID; *out is untouched on failure.
 */
int ip_parse(struct ip *out, const char *text, size_t len);

/* As ip_parse, then '/' and a length in range. Host bits are accepted. */
int prefix_parse(struct prefix *out, const char *text, size_t len);

/* RFC 5952 text in buf, which is returned; "" for family 0. */
char *ip_text(const struct ip *ip, char buf[IP_TEXT_MAX]);
char *prefix_text(const struct prefix *p, char buf[PREFIX_TEXT_MAX]);

/* The same, but the end of the text is returned. */
char *ip_text_end(const struct ip *ip, char buf[IP_TEXT_MAX]);
char *prefix_text_end(const struct prefix *p, char buf[PREFIX_TEXT_MAX]);

/* 32 or 128. */
unsigned ip_bits(const struct ip *ip);

/* Total orders: family, bytes, (length). */
int ip_cmp(const struct ip *a, const struct ip *b);
int prefix_cmp(const struct prefix *a, const struct prefix *b);

/* True if p has a bit set behind its length. */
bool prefix_has_host_bits(const struct prefix *p);

/* Clears the bits behind its length. */
void prefix_mask(struct prefix *p);

bool prefix_contains(const struct prefix *p, const struct ip *ip);
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);
bool prefix_overlaps(const struct prefix *a, const struct prefix *b);

/* fe80::/10 */
bool ip_is_link_local(const struct ip *ip);

/*
 * The special-purpose range (IANA registries, RFC 6890) that makes `ip` no
 * endpoint on the Internet, or NULL for a global unicast address. Addresses
 * that embed an IPv4 address (NAT64, 6to4, IPv4-mapped) are judged by it too.
 */
const struct ip_range *ip_special(const struct ip *ip);

/* True if ip_special gives one of `names`, ended by NULL, for `ip`. */
bool ip_is_special(const struct ip *ip, const char *const *names);

/* True if `name` is the name of a range that ip_special can return. */
bool ip_range_known(const char *name);

/* Those names, each once, for i = 0, 1, ...; NULL behind the last. */
const char *ip_range_name(size_t i);

#endif
