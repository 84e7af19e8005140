#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/ip.h"

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

/* The decimal digits in buf, which is returned. */
#define TEXT_NUMBER_MAX 11
char *text_number(char buf[TEXT_NUMBER_MAX], unsigned n);

/* The end of a renderer: 0, or -EIO if any write failed. */
int text_end(FILE *f);

/*
 * Text on its way to a stream, which has it at text_flush(): for what there is
 * a million times, as printf() takes ten times as long.
 */
struct text {
	FILE *f;
	size_t len;
	char buf[2048];
};
void text_begin(struct text *t, FILE *f);
void text_add_number(struct text *t, unsigned n);
void text_add_ip(struct text *t, const struct ip *ip);
void text_add_prefix(struct text *t, const struct prefix *p);
void text_flush(struct text *t);

/* Inline, so that the length of what is constant need not be counted. */
void text_add_full(struct text *t, const char *s, size_t n);
static inline void
text_add(struct text *t, const char *s)
{
	size_t n = strlen(s);

	if (n > sizeof(t->buf) - t->len) {
		text_add_full(t, s, n);
		return;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
}

#endif
