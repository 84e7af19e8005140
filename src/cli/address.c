#include "cli/address.h"

static unsigned
subnet_len(const struct prefix *network)
{
	unsigned total = ip_bits(&network->ip);
	unsigned usual = total == 32 ? 29 : 64;
	unsigned quarter = network->len + 2U;

	if (network->len < usual)
		return usual;
	return quarter < total ? quarter : total;
}

static void
set_bit(struct ip *ip, unsigned bit)
{
	ip->byte[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

struct prefix
first_address(const struct prefix *network)
{
	unsigned total = ip_bits(&network->ip), len = subnet_len(network);
	struct prefix p = { network->ip, (uint8_t)len };

	/* By custom POP n has the n-th /64, and the 0th stays free. */
	if (total == 128 && len == 64 && network->len < 64)
		set_bit(&p.ip, len - 1);
	if (len < total)
		set_bit(&p.ip, total - 1);
	return p;
}
