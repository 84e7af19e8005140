#ifndef SHELL_REFUSED_H
#define SHELL_REFUSED_H

#include <jansson.h>

#include "shell/out.h"

/* The table of the routes that are refused, as peer_status has them, if any. */
void refused_print(struct out *o, const json_t *status);

#endif
