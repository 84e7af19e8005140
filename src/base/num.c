#include "base/num.h"

#include <strings.h>

#include "base/fault.h"

int
num_parse(
    uint32_t *out, const char *text, size_t len, uint32_t min, uint32_t max)
{
	uint64_t n = 0;

	if (len == 0 || len > 10)
		return FAULT_INVALID;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return FAULT_INVALID;
		n = n * 10 + (uint64_t)(text[i] - '0');
	}
	if (n < min || n > max)
		return FAULT_INVALID;
	*out = (uint32_t)n;
	return 0;
}

bool
asn_is_reserved(uint32_t asn)
{
	return asn == 0 || asn == 23456 || asn == 65535 || asn == UINT32_MAX;
}

int
asn_parse(uint32_t *out, const char *text, size_t len)
{
	uint32_t asn;

	if (len > 2 && strncasecmp(text, "AS", 2) == 0) {
		text += 2;
		len -= 2;
	}
	if (num_parse(&asn, text, len, 0, UINT32_MAX) != 0 ||
	    asn_is_reserved(asn))
		return FAULT_INVALID;
	*out = asn;
	return 0;
}

int
port_parse(uint16_t *out, const char *text, size_t len)
{
	uint32_t port;

	if (num_parse(&port, text, len, 1, 65535) != 0)
		return FAULT_INVALID;
	*out = (uint16_t)port;
	return 0;
}
