#ifndef SHELL_CHANGE_H
#define SHELL_CHANGE_H

#include <jansson.h>

#include "shell/command.h"

struct shell;

/* A value as the API takes it: a number or a text. NULL: no memory. */
json_t *change_value(enum option_type type, const char *value);

/* Prints what a change came to, and what to do next. */
void change_done(struct shell *sh, const char *done, const json_t *answer);

/* peer_create and peer_edit by questions. Each returns an exit status. */
int wizard_create(struct shell *sh, const struct args *a);
int wizard_edit(struct shell *sh, const json_t *peering);

#endif
