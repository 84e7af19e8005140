#ifndef ENGINE_BIRDSTATUS_H
#define ENGINE_BIRDSTATUS_H

#include <jansson.h>
#include <stddef.h>

/*
 * All pass over what is not understood, and make strings printable ASCII: a
 * peer may have written them. They read BIRD's answers (2.x, and 1.6 where that
 * is said) with or without the codes of its control socket.
 */

/*
 * To "show protocols all NAME" (1.6 too): the `session` object of api/api.h.
 * NULL: there is no session of that name in it, or no memory.
 */
json_t *birdstatus_json(const char *text, size_t len, const char *name);

/*
 * To "show protocols" (1.6 too): a list of objects with name, proto, state,
 * since, info. NULL: no memory.
 */
json_t *birdstatus_protocols(const char *text, size_t len);

/*
 * To "show route ... count" and then, in the same text, the same without
 * "count": count, prefixes [..], each once. What a line has but its prefix, and
 * a last line without its end, is passed over. NULL: it says no count, or no
 * memory.
 */
json_t *birdstatus_refused(const char *text, size_t len);

#endif
