#ifndef CLI_WHOIS_H
#define CLI_WHOIS_H

#include <stddef.h>
#include <stdio.h>

/*
 * Prints the registry's objects of that name, of whatever class: an AS
 * number, a prefix or an address (the object itself, or the smallest that
 * covers it), a maintainer, a person, a set. Escape sequences and what else
 * is no printable ASCII become '?'. Nothing outside the folder is read. The
 * number of objects, or a negative errno when the folder cannot be opened.
 */
int whois(FILE *out, const char *registry, const char *name);

#endif
