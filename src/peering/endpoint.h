#ifndef PEERING_ENDPOINT_H
#define PEERING_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/ip.h"
#include "base/text.h"
#include "network/network.h"

/* `reserved`, our prefixes, and the POPs' endpoints. */
#define ENDPOINT_PREFIXES_MAX (2 * NETWORK_LIST_MAX + NETWORK_POPS_MAX)
#define ENDPOINT_ALLOW_MAX    16
#define ENDPOINT_RANGE_MAX    16

/*
 * Where a visitor's tunnel may lead. Engine and agent apply the same rules:
 * the one to what was typed, the other to what a name resolves to.
 */
struct endpoint_rules {
	bool ipv4, ipv6; /* families that are taken */
	struct prefix refused[ENDPOINT_PREFIXES_MAX];
	size_t n_refused;
	char allow[ENDPOINT_ALLOW_MAX][ENDPOINT_RANGE_MAX]; /* ip_special() */
	size_t n_allow;
};

/* 0, or FAULT_INVALID with field "endpoint" and what the address is. */
int endpoint_check_ip(
    const struct endpoint_rules *rules, const struct ip *ip, struct fault *f);

/* 0 for an address that passes, or a well-formed name; else FAULT_INVALID. */
int endpoint_check_host(
    const struct endpoint_rules *rules, const char *host, struct fault *f);

/* "[2001:db8::1]:51820", "host.example:51820" into buf; "" for no host. */
#define ENDPOINT_TEXT_MAX (HOST_TEXT_MAX + 8)
char *
endpoint_text(char buf[ENDPOINT_TEXT_MAX], const char *host, unsigned port);

#endif
