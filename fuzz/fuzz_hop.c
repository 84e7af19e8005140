#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/hop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUESTS 3

static const struct ip targets[] = {
	{ 4, { 192, 0, 2, 7 } },
	{ 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 } },
};
static const struct ip routers[] = {
	{ 4, { 192, 0, 2, 1 } },
	{ 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
};

/* Whatever answers holds the request's identifier, a reply also its data. */
static void
check(const struct hop_request *r, const struct hop_answer *a,
    const struct ip *from, const uint8_t *packet, size_t len)
{
	static const uint8_t id[] = { 'I', 'D' };

	if (a->nth >= REQUESTS || memmem(packet, len, id, 2) == NULL)
		abort();
	if (a->kind == HOP_REPLY &&
	    (ip_cmp(from, &r->to) != 0 || len < HOP_LEN ||
		memcmp(packet + len - HOP_DATA_LEN, r->data, HOP_DATA_LEN) !=
		    0))
		abort();
	if (a->kind != HOP_UNREACHABLE && a->code != 0)
		abort();
}

/* The first byte: an odd one is of IPv6, 2 and 3 are from the target itself. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hop_answer none = { .nth = 77 };
	struct hop_request r = { .id = 'I' << 8 | 'D',
		.sequence = 0xfffe, /* so that the third one's is 0 */
		.data = "sixteen bytes ab" };
	struct hop_answer a = none;
	struct ip from;

	if (size == 0)
		return 0;
	r.to = targets[data[0] & 1];
	from = data[0] & 2 ? r.to : routers[data[0] & 1];
	if (hop_answers(&a, &r, REQUESTS, &from, data + 1, size - 1))
		check(&r, &a, &from, data + 1, size - 1);
	else if (memcmp(&a, &none, sizeof(a)) != 0)
		abort();
	return 0;
}
