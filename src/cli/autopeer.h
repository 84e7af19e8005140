#ifndef CLI_AUTOPEER_H
#define CLI_AUTOPEER_H

#include <jansson.h>

#include "base/fault.h"

/*
 * The database of dn42-sshd-autopeer: SQLite, table `peering_links` (id,
 * as_num, wg_pub_key, wg_endpoint_addr, wg_endpoint_port and, in newer
 * versions, user_link_local). Nothing is written to it, and that service may
 * have it open.
 *
 * 0: *out is the caller's reference to an array of rows by id, each
 *	{"args": {of peer_import}, "fault": {as the API has it} or null}
 * with a fault where a value is none of its column's, and left out. Else *f
 * says why the file cannot be read.
 */
int autopeer_read(json_t **out, const char *path, struct fault *f);

#endif
