#ifndef SHELL_ASK_H
#define SHELL_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shell/command.h"

struct shell;

/*
 * Questions to the person at the terminal (sh->editor is not NULL). False:
 * they gave up (Ctrl-C, Ctrl-D), or are gone.
 */

/* One of the visitor's AS numbers, or any other. */
bool ask_asn(struct shell *sh, uint32_t *asn);

/* Enter alone means `yes_is_default`. */
bool
ask_yes(struct shell *sh, const char *question, bool yes_is_default, bool *yes);

/* A line, without blanks around it; asked again if it is too long. */
bool ask_text(struct shell *sh, const char *prompt, char *buf, size_t size);

/* The same, where Tab completes the visitor's AS numbers. */
bool ask_asn_text(struct shell *sh, const char *prompt, char *buf, size_t size);

#endif
