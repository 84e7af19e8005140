#ifndef API_FIELD_H
#define API_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * Members of an object that may be absent, null or of another type: then the
 * value that stands for nothing. `o` may be NULL.
 */
const char *field_text(const json_t *o, const char *key); /* "" */
int64_t field_number(const json_t *o, const char *key); /* 0 */
bool field_flag(const json_t *o, const char *key); /* false */
bool field_is_set(const json_t *o, const char *key); /* present, and not null */

/* The text; null for "". */
json_t *field_of_text(const char *text);

/* {"code": ..., "field": ..., "text": ...}; NULL: no memory. */
json_t *fault_to_json(const struct fault *f);

/* The reverse, for an object of any shape. Returns the code. */
int fault_from_json(const json_t *o, struct fault *f);

#endif
