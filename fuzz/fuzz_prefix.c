#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* An address is its own text again, and that text is the only one. */
static void
check_ip(const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	struct ip again;

	ip_text(ip, text);
	if (ip_parse(&again, text, strlen(text)) != 0 ||
	    ip_cmp(&again, ip) != 0)
		abort();
	ip_special(ip);
}

/* The text gives the prefix back, and masked it covers what it covered. */
static void
check_prefix(const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix again, masked = *p;

	prefix_text(p, text);
	if (p->len > ip_bits(&p->ip) ||
	    prefix_parse(&again, text, strlen(text)) != 0 ||
	    prefix_cmp(&again, p) != 0)
		abort();
	prefix_mask(&masked);
	if (prefix_has_host_bits(&masked) || !prefix_covers(&masked, p) ||
	    !prefix_covers(p, &masked) || !prefix_contains(&masked, &p->ip) ||
	    prefix_has_host_bits(p) != (prefix_cmp(&masked, p) != 0))
		abort();
}

/*
 * The whole text as an address and as a prefix, never as both; two lines also
 * as two prefixes, which are nested, or have nothing in common.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	struct prefix p, q;
	struct ip ip;
	int is_ip = ip_parse(&ip, text, size) == 0;
	int is_prefix = prefix_parse(&p, text, size) == 0;

	if (is_ip && is_prefix)
		abort();
	if (is_ip)
		check_ip(&ip);
	if (is_prefix) {
		check_ip(&p.ip);
		check_prefix(&p);
	}
	if (end == NULL || prefix_parse(&p, text, (size_t)(end - text)) != 0 ||
	    prefix_parse(&q, end + 1, size - (size_t)(end + 1 - text)) != 0)
		return 0;
	if ((prefix_covers(&p, &q) || prefix_covers(&q, &p)) !=
		prefix_overlaps(&q, &p) ||
	    (prefix_cmp(&p, &q) < 0) != (prefix_cmp(&q, &p) > 0) ||
	    (prefix_covers(&p, &q) && !prefix_contains(&p, &q.ip)))
		abort();
	return 0;
}
