#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * What all formats share. Every value was checked before; the renderers look
 * again, because what they write is read by programs with rights.
 */

/* The words that each format may be given: of some characters, not empty. */
bool text_is_symbol(const char *text); /* BIRD */
bool text_is_ifname(const char *text);
bool text_is_pop(const char *text); /* a POP's name */
bool text_is_host(const char *text); /* a name or an address */
bool text_is_path(const char *text); /* a whole one */

/*
 * Writes texts, one behind the other: for what there is a million times, as
 * printf() takes ten times as long.
 */
#define text_add(f, ...) text_put(f, (const char *const[]){ __VA_ARGS__, NULL })
void text_put(FILE *f, const char *const *texts);

/* The decimal digits in buf, which is returned. */
#define TEXT_NUMBER_MAX 11
char *text_number(char buf[TEXT_NUMBER_MAX], unsigned n);

/* The end of a renderer: 0, or -EIO if any write failed. */
int text_end(FILE *f);

#endif
