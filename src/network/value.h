#ifndef NETWORK_VALUE_H
#define NETWORK_VALUE_H

#include <stddef.h>

#include "base/fault.h"

/*
 * Readers of single values, as struct field wants them. Each takes the whole
 * text, and a failing one leaves *dst as it was. `dst` is what stands behind
 * the name; where a value concerns several fields, their struct.
 */
#define READER(name) \
	int name(void *dst, const char *text, size_t len, struct fault *f)

READER(value_name); /* char[NETWORK_NAME_MAX] */
READER(value_asn); /* uint32_t */
READER(value_network_prefix); /* struct network_prefixes, appends */
READER(value_region); /* uint16_t */
READER(value_topology); /* enum network_topology */
READER(value_igp); /* enum network_igp */
READER(value_hub); /* struct network_strings, appends */
READER(value_mtu); /* uint16_t */
READER(value_port_base); /* uint16_t */
READER(value_listen); /* struct network_peering */
READER(value_file_name); /* char[NETWORK_NAME_MAX] */
READER(value_ports); /* struct network_peering */
READER(value_link_local); /* struct ip */
READER(value_own_link_local); /* struct ip */
READER(value_family); /* struct network_peering */
READER(value_prefix); /* struct network_prefixes, appends */
READER(value_range); /* struct network_strings, appends */
READER(value_import_limit); /* uint32_t */
READER(value_ssh_key); /* struct network_strings, appends */
READER(value_url); /* char[NETWORK_URL_MAX] */
READER(value_branch); /* char[NETWORK_BRANCH_MAX] */
READER(value_interval); /* uint32_t, seconds */
READER(value_pop_name); /* char[NETWORK_POP_MAX] */
READER(value_id); /* uint16_t */
READER(value_endpoint); /* char[HOST_TEXT_MAX] */
READER(value_public_key); /* struct wgkey */
READER(value_ipv4); /* struct prefix, an address in its subnet */
READER(value_ipv6); /* the same */
READER(value_country); /* char[3], in capitals */
READER(value_bandwidth); /* uint32_t, kbit/s */
READER(value_bool); /* bool */
READER(value_platform); /* enum network_platform */
READER(value_bird); /* enum network_bird */
READER(value_path); /* char[NETWORK_PATH_MAX] */
READER(value_ruleset); /* char[NETWORK_RULESET_MAX] */
READER(value_rule); /* uint16_t */
READER(value_description); /* char[NETWORK_NAME_MAX] */
READER(value_ifname); /* char[NETWORK_IFNAME_MAX] */
READER(value_port); /* uint16_t */
READER(value_host_port); /* struct network_upstream */
READER(value_link4); /* struct prefix, of a subnet that has two addresses */
READER(value_tunnel4); /* the same, or /32 */
READER(value_tunnel6); /* struct prefix, up to /128 */
READER(value_peer4); /* struct ip */
READER(value_peer6); /* the same */
READER(value_blocked_asn); /* struct network_policy, appends */
READER(value_latency_interval); /* uint32_t, seconds */

/* The start of a value as it may be shown in a message. */
#define SHOWN_MAX 44
char *value_shown(char buf[SHOWN_MAX], const char *text, size_t len);

/* 0 and *index, or FAULT_INVALID that names the choices, ended by NULL. */
int value_choose(unsigned *index, const char *const *choices, const char *text,
    size_t len, struct fault *f);

#endif
