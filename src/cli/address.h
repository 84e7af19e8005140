#ifndef CLI_ADDRESS_H
#define CLI_ADDRESS_H

#include "base/ip.h"

/*
 * The address of a network's first POP, with the length of the subnet that it
 * takes of `network`: a /29 of IPv4 and a /64 of IPv6, of what is no larger
 * than that a quarter. 172.22.144.160/27 gives 172.22.144.161/29, fd00:1::/48
 * gives fd00:1:0:1::1/64.
 */
struct prefix first_address(const struct prefix *network);

#endif
