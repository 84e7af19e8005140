#ifndef ENGINE_BIRDSTATUS_H
#define ENGINE_BIRDSTATUS_H

#include <jansson.h>
#include <stddef.h>

/*
 * Reads BIRD's answer to "show protocols all NAME" (2.x), with or without
 * the codes of its control socket, into the `session` object of api/api.h.
 * NULL: there is no session of that name in it, or no memory. Anything that
 * is not understood is passed over; strings are made printable ASCII.
 */
json_t *birdstatus_json(const char *text, size_t len, const char *name);

#endif
