#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/*
 * A message between our own processes: numbers in network order, strings and
 * blobs with their length before them. A writer grows up to `max` bytes. Both
 * sides remember the first failure, so that only the end has to be checked.
 */
struct pack {
	uint8_t *data;
	size_t len;
	size_t room;
	size_t max;
	bool failed; /* no memory, or beyond max */
};

/* An empty writer; pack_free wipes and releases what it holds. */
void pack_init(struct pack *p, size_t max);
void pack_free(struct pack *p);

void pack_u8(struct pack *p, uint8_t v);
void pack_u16(struct pack *p, uint16_t v);
void pack_u32(struct pack *p, uint32_t v);
void pack_u64(struct pack *p, uint64_t v);
void pack_bytes(struct pack *p, const void *data, size_t len); /* bare */
void pack_blob(struct pack *p, const void *data, size_t len); /* u32 + data */
void pack_text(struct pack *p, const char *text); /* a blob */
void pack_ip(struct pack *p, const struct ip *ip); /* 17 bytes */
void pack_prefix(struct pack *p, const struct prefix *prefix); /* 18 bytes */

struct unpack {
	const uint8_t *data;
	size_t left;
	bool failed; /* too short, or a value out of its range */
};

void unpack_init(struct unpack *u, const void *data, size_t len);

/* After a failure these give 0 and leave buffers zeroed. */
uint8_t unpack_u8(struct unpack *u);
uint16_t unpack_u16(struct unpack *u);
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);
bool unpack_bool(struct unpack *u); /* a byte, 0 or 1 */
void unpack_bytes(struct unpack *u, void *dst, size_t len);

/*
 * A text into dst[0..size), ended; one that does not fit, or holds anything
 * but printable ASCII, is a failure.
 */
void unpack_text(struct unpack *u, char *dst, size_t size);

/* An address or none; bytes set behind a shorter one are a failure. */
#define PACK_IP_LEN 17
void unpack_ip(struct unpack *u, struct ip *ip);

/* A prefix, never none; host bits are a failure. */
#define PACK_PREFIX_LEN (PACK_IP_LEN + 1)
void unpack_prefix(struct unpack *u, struct prefix *prefix);

/* A blob of any bytes, in place; valid as long as the message is. */
const uint8_t *unpack_blob(struct unpack *u, size_t *len);

/* A count of elements that take at least `each` bytes; else a failure. */
size_t unpack_count(struct unpack *u, size_t each, size_t max);

/* 0 if nothing failed and no byte is left over, else FAULT_INVALID. */
int unpack_end(const struct unpack *u);

#endif
