#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

#define ROOM_MIN 256

void
pack_init(struct pack *p, size_t max)
{
	*p = (struct pack){ .max = max };
}

void
pack_free(struct pack *p)
{
	if (p->data != NULL)
		explicit_bzero(p->data, p->room);
	free(p->data);
	*p = (struct pack){ 0 };
}

/* Moves by hand: realloc would leave keys behind in freed memory. */
static bool
pack_grow(struct pack *p, size_t need)
{
	size_t room = p->room > 0 ? p->room : ROOM_MIN;
	uint8_t *data;

	if (need > p->max)
		return false;
	while (room < need)
		room *= 2;
	data = malloc(room);
	if (data == NULL)
		return false;
	if (p->data != NULL) {
		memcpy(data, p->data, p->len);
		explicit_bzero(p->data, p->room);
		free(p->data);
	}
	p->data = data;
	p->room = room;
	return true;
}

void
pack_bytes(struct pack *p, const void *data, size_t len)
{
	if (p->failed || len == 0)
		return;
	if (len > p->max - p->len ||
	    (p->len + len > p->room && !pack_grow(p, p->len + len))) {
		p->failed = true;
		return;
	}
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

static void
pack_number(struct pack *p, uint64_t v, size_t len)
{
	uint8_t b[8];

	for (size_t i = 0; i < len; i++)
		b[i] = (uint8_t)(v >> 8 * (len - 1 - i));
	pack_bytes(p, b, len);
}

void
pack_u8(struct pack *p, uint8_t v)
{
	pack_number(p, v, 1);
}

void
pack_u16(struct pack *p, uint16_t v)
{
	pack_number(p, v, 2);
}

void
pack_u32(struct pack *p, uint32_t v)
{
	pack_number(p, v, 4);
}

void
pack_u64(struct pack *p, uint64_t v)
{
	pack_number(p, v, 8);
}

void
pack_blob(struct pack *p, const void *data, size_t len)
{
	if (len > UINT32_MAX) {
		p->failed = true;
		return;
	}
	pack_u32(p, (uint32_t)len);
	pack_bytes(p, data, len);
}

void
pack_text(struct pack *p, const char *text)
{
	pack_blob(p, text, strlen(text));
}

void
pack_ip(struct pack *p, const struct ip *ip)
{
	pack_u8(p, ip->family);
	pack_bytes(p, ip->byte, sizeof(ip->byte));
}

void
pack_prefix(struct pack *p, const struct prefix *prefix)
{
	pack_ip(p, &prefix->ip);
	pack_u8(p, prefix->len);
}

void
unpack_init(struct unpack *u, const void *data, size_t len)
{
	*u = (struct unpack){ .data = data, .left = len };
}

static const uint8_t *
unpack_take(struct unpack *u, size_t len)
{
	const uint8_t *at = u->data;

	if (u->failed || len > u->left) {
		u->failed = true;
		return NULL;
	}
	u->data += len;
	u->left -= len;
	return at;
}

static uint64_t
unpack_number(struct unpack *u, size_t len)
{
	const uint8_t *b = unpack_take(u, len);
	uint64_t v = 0;

	for (size_t i = 0; b != NULL && i < len; i++)
		v = v << 8 | b[i];
	return v;
}

uint8_t
unpack_u8(struct unpack *u)
{
	return (uint8_t)unpack_number(u, 1);
}

uint16_t
unpack_u16(struct unpack *u)
{
	return (uint16_t)unpack_number(u, 2);
}

uint32_t
unpack_u32(struct unpack *u)
{
	return (uint32_t)unpack_number(u, 4);
}

uint64_t
unpack_u64(struct unpack *u)
{
	return unpack_number(u, 8);
}

bool
unpack_bool(struct unpack *u)
{
	uint8_t v = unpack_u8(u);

	if (v > 1)
		u->failed = true;
	return v == 1;
}

void
unpack_bytes(struct unpack *u, void *dst, size_t len)
{
	const uint8_t *b = unpack_take(u, len);

	if (b != NULL)
		memcpy(dst, b, len);
	else
		memset(dst, 0, len);
}

const uint8_t *
unpack_blob(struct unpack *u, size_t *len)
{
	const uint8_t *b;

	*len = unpack_u32(u);
	b = unpack_take(u, *len);
	if (b == NULL)
		*len = 0;
	return b;
}

void
unpack_text(struct unpack *u, char *dst, size_t size)
{
	size_t len;
	const uint8_t *b = unpack_blob(u, &len);

	dst[0] = '\0';
	if (b == NULL)
		return;
	if (len >= size || !text_is_plain((const char *)b, len)) {
		u->failed = true;
		return;
	}
	memcpy(dst, b, len);
	dst[len] = '\0';
}

void
unpack_ip(struct unpack *u, struct ip *ip)
{
	static const struct ip zero;
	size_t len;

	ip->family = unpack_u8(u);
	unpack_bytes(u, ip->byte, sizeof(ip->byte));
	len = ip->family == 0 ? 0 : ip_bits(ip) / 8;
	/* Equal addresses have equal bytes: nothing behind the address. */
	if ((ip->family != 0 && ip->family != 4 && ip->family != 6) ||
	    memcmp(ip->byte + len, zero.byte, sizeof(ip->byte) - len) != 0) {
		u->failed = true;
		*ip = zero;
	}
}

void
unpack_prefix(struct unpack *u, struct prefix *prefix)
{
	unpack_ip(u, &prefix->ip);
	prefix->len = unpack_u8(u);
	if (prefix->ip.family == 0 || prefix->len > ip_bits(&prefix->ip) ||
	    prefix_has_host_bits(prefix))
		u->failed = true;
}

size_t
unpack_count(struct unpack *u, size_t each, size_t max)
{
	size_t n = unpack_u32(u);

	if (n > max || n * each > u->left) {
		u->failed = true;
		return 0;
	}
	return n;
}

int
unpack_end(const struct unpack *u)
{
	return u->failed || u->left != 0 ? FAULT_INVALID : 0;
}
