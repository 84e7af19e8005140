#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include <jansson.h>

struct shell;

/* A BGP session as birdc has it: the `session` of api/api.h, or null. */
void session_print(struct shell *sh, const json_t *session);

#endif
