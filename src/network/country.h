#ifndef NETWORK_COUNTRY_H
#define NETWORK_COUNTRY_H

#include <stdint.h>

/*
 * The number of a country by its two capital letters (ISO 3166-1: "NL" is
 * 528); 0: there is none of that name.
 */
uint16_t country_number(const char *letters);

#endif
