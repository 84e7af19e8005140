#ifndef SHELL_WHOSE_H
#define SHELL_WHOSE_H

#include <jansson.h>

#define WHOSE_MAX 256

/*
 * Whose an address is, of an object with pop, asn, mntner and network:
 * "nl-ams1", "AS4242421080 HIGHDEF-MNT (HIGHDEF-V4)", "". Returns buf.
 */
char *whose_text(char buf[WHOSE_MAX], const json_t *o);

#endif
