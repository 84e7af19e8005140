#ifndef SHELL_REFUSED_H
#define SHELL_REFUSED_H

#include <jansson.h>

#include "shell/out.h"

/* The table of the routes that are refused (`refused` of peer_status), if any.
 */
void refused_print(struct out *o, const json_t *list);

#endif
