#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/hop.h"

static const struct ip far4 = { 4, { 172, 20, 5, 1 } };
static const struct ip far6 = { 6, { 0xfd, 0x42, [15] = 1 } };
static const struct ip router4 = { 4, { 172, 20, 2, 1 } };
static const struct ip router6 = { 6, { 0xfd, 0x43, [15] = 1 } };

static void
put_header4(struct icmp_packet *p, const struct ip *to)
{
	uint8_t *h = p->byte + p->len;

	memset(h, 0, 20);
	h[0] = 0x45;
	h[8] = 60;
	h[9] = 1;
	memcpy(h + 16, to->byte, 4);
	p->len += 20;
}

static void
put_header6(struct icmp_packet *p, const struct ip *to)
{
	uint8_t *h = p->byte + p->len;

	memset(h, 0, 40);
	h[0] = 0x60;
	h[6] = 58;
	memcpy(h + 24, to->byte, 16);
	p->len += 40;
}

static void
put_message(struct icmp_packet *p, const struct hop_request *r, uint8_t type,
    unsigned nth, size_t len)
{
	uint8_t message[HOP_LEN] = { type };

	message[4] = (uint8_t)(r->id >> 8);
	message[5] = (uint8_t)r->id;
	message[6] = (uint8_t)((r->sequence + nth) >> 8);
	message[7] = (uint8_t)(r->sequence + nth);
	memcpy(message + 8, r->data, HOP_DATA_LEN);
	memcpy(p->byte + p->len, message, len);
	p->len += len;
}

static struct icmp_packet
reply(const struct hop_request *r, unsigned nth)
{
	struct icmp_packet p = { 0 };

	if (r->to.family == 4)
		put_header4(&p, &router4);
	put_message(&p, r, r->to.family == 4 ? 0 : 129, nth, HOP_LEN);
	return p;
}

/* An error, which quotes `len` bytes of our message. */
static struct icmp_packet
error(const struct hop_request *r, uint8_t type, uint8_t code, unsigned nth,
    size_t len)
{
	const uint8_t head[8] = { type, code };
	struct icmp_packet p = { 0 };

	if (r->to.family == 4)
		put_header4(&p, &router4);
	memcpy(p.byte + p.len, head, sizeof(head));
	p.len += sizeof(head);
	if (r->to.family == 4)
		put_header4(&p, &r->to);
	else
		put_header6(&p, &r->to);
	put_message(&p, r, r->to.family == 4 ? 8 : 128, nth, len);
	return p;
}

/* Is it one, from there? */
static bool
answers(struct hop_answer *a, const struct hop_request *r, unsigned n,
    const struct ip *from, struct icmp_packet *p)
{
	p->from = *from;
	return hop_answers(a, r, n, p);
}

static void
knows_its_answers(void **state)
{
	const struct ip *targets[] = { &far4, &far6 };
	const struct ip *routers[] = { &router4, &router6 };
	struct hop_answer a;
	struct hop_request r;
	struct icmp_packet p;

	(void)state;
	for (int i = 0; i < 2; i++) {
		const bool six = i == 1;

		assert_int_equal(hop_request_make(&r, targets[i], 0), 0);
		p = reply(&r, 3);
		assert_true(answers(&a, &r, 4, targets[i], &p));
		assert_int_equal(a.kind, HOP_REPLY);
		assert_int_equal(a.nth, 3);
		assert_int_equal(a.hops, six ? 0 : 60);
		/* Another's reply, and one to what was not sent yet. */
		assert_false(answers(&a, &r, 4, routers[i], &p));
		assert_false(answers(&a, &r, 3, targets[i], &p));
		/* A router need not quote more than eight bytes. */
		p = error(&r, six ? 3 : 11, 0, 7, 8);
		assert_true(answers(&a, &r, 8, routers[i], &p));
		assert_int_equal(a.kind, HOP_EXPIRED);
		assert_int_equal(a.nth, 7);
		p = error(&r, six ? 1 : 3, 13, 0, HOP_LEN);
		assert_true(answers(&a, &r, 8, routers[i], &p));
		assert_int_equal(a.kind, HOP_UNREACHABLE);
		assert_int_equal(a.code, 13);
		/* A reassembly that took too long is none of a hop. */
		p = error(&r, six ? 3 : 11, 1, 7, 8);
		assert_false(answers(&a, &r, 8, routers[i], &p));
	}
}

static void
knows_no_other(void **state)
{
	const struct ip *targets[] = { &far4, &far6 };
	const struct ip *routers[] = { &router4, &router6 };
	struct hop_request r, other;
	struct hop_answer a;
	struct icmp_packet p;
	size_t whole;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(hop_request_make(&r, targets[i], 0), 0);
		assert_int_equal(hop_request_make(&other, targets[i], 0), 0);
		other.id = (uint16_t)(r.id + 1);
		p = reply(&other, 0);
		assert_false(answers(&a, &r, 64, targets[i], &p));
		p = error(&other, i == 1 ? 3 : 11, 0, 0, 8);
		assert_false(answers(&a, &r, 64, routers[i], &p));
		/* Data out of the dark: who did not get it cannot reply. */
		p = reply(&r, 0);
		p.byte[p.len - 1] ^= 1;
		assert_false(answers(&a, &r, 64, targets[i], &p));
		/* Cut anywhere. */
		p = error(&r, i == 1 ? 3 : 11, 0, 0, 8);
		whole = p.len;
		for (p.len = 0; p.len < whole; p.len++)
			assert_false(answers(&a, &r, 64, routers[i], &p));
		/* To another target, or in another family. */
		p.byte[p.len - 9] ^= 1;
		assert_false(answers(&a, &r, 64, routers[i], &p));
		p.byte[p.len - 9] ^= 1;
		assert_false(answers(&a, &r, 64, routers[1 - i], &p));
	}
}

/* A reply over a link: from there, and each bit of it. */
static void
knows_a_link_s_reply(void **state)
{
	const struct ip far = { 6, { 0xfe, 0x80, 2, 0x63, [15] = 2 } };
	struct hop_request r, next;
	struct hop_answer a;
	struct icmp_packet p;

	(void)state;
	assert_int_equal(hop_request_make(&r, &far, 7), 0);
	p = reply(&r, 0);
	p.index = 7;
	assert_true(answers(&a, &r, 1, &far, &p));
	p.index = 8;
	assert_false(answers(&a, &r, 1, &far, &p));
	p.index = 7;
	for (unsigned bit = 0; bit < 8 * HOP_LEN; bit++) {
		if (bit / 8 == 2 || bit / 8 == 3)
			continue; /* the checksum is the kernel's to look at */
		p.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(answers(&a, &r, 1, &far, &p));
		p.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	p.len++;
	assert_false(answers(&a, &r, 1, &far, &p));
	/* Nobody guesses the next one. */
	assert_int_equal(hop_request_make(&next, &far, 7), 0);
	assert_memory_not_equal(r.data, next.data, HOP_DATA_LEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_its_answers),
		cmocka_unit_test(knows_no_other),
		cmocka_unit_test(knows_a_link_s_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
