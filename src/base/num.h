#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The whole of text[0..len) as a decimal number in [min, max]: digits only,
 * no sign, no space. 0 or FAULT_INVALID; *out is untouched on failure.
 */
int num_parse(
    uint32_t *out, const char *text, size_t len, uint32_t min, uint32_t max);

/*
 * True for what is nobody's AS number: 0 (RFC 7607), 23456 (RFC 6793), 65535
 * and 4294967295 (RFC 7300).
 */
bool asn_is_reserved(uint32_t asn);

/*
 * An AS number that is not reserved, asplain (RFC 5396), with or without "AS"
 * before it in any case.
 */
int asn_parse(uint32_t *out, const char *text, size_t len);

/* A UDP or TCP port: 1..65535. */
int port_parse(uint16_t *out, const char *text, size_t len);

#endif
