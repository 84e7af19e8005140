#ifndef AGENT_UAPI_H
#define AGENT_UAPI_H

#include <stddef.h>
#include <stdio.h>

#include "agent/wg.h"

/*
 * The text that userspace WireGuard speaks on its socket (wireguard.com,
 * "Cross-platform Interface"): lines of key=value, ended by an empty line.
 */
#define UAPI_GET	"get=1\n\n"
#define UAPI_ANSWER_MAX (64U << 10)

/* True if text[0..len) is a whole answer. */
bool uapi_complete(const char *text, size_t len);

/*
 * Reads a whole answer to UAPI_GET, or to a "set" (out may be NULL then).
 * 0; the negative errno that the device answered; -EBADMSG for what is no
 * answer. *out is untouched on failure.
 */
int uapi_parse(struct wg_device *out, const char *text, size_t len);

/* Writes the "set" that makes the change. */
void uapi_print(FILE *f, const struct wg_change *c);

#endif
