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
    const struct icmp_packet *p)
{
	static const uint8_t id[] = { 'I', 'D' };

	if (a->nth >= REQUESTS || memmem(p->byte, p->len, id, 2) == NULL)
		abort();
	if (a->kind == HOP_REPLY &&
	    (ip_cmp(&p->from, &r->to) != 0 || p->len < HOP_LEN ||
		memcmp(p->byte + p->len - HOP_DATA_LEN, r->data,
		    HOP_DATA_LEN) != 0))
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
	struct icmp_packet p = { 0 };

	if (size == 0 || size > ICMP_ROOM)
		return 0;
	r.to = targets[data[0] & 1];
	p.from = data[0] & 2 ? r.to : routers[data[0] & 1];
	p.len = size - 1;
	memcpy(p.byte, data + 1, p.len);
	if (hop_answers(&a, &r, REQUESTS, &p))
		check(&r, &a, &p);
	else if (memcmp(&a, &none, sizeof(a)) != 0)
		abort();
	return 0;
}
