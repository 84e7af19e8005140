#ifndef SHELL_LINKWORD_H
#define SHELL_LINKWORD_H

#include <jansson.h>
#include <stdint.h>

#include "shell/table.h"

/* How a link of `status` or `links` is, in a word. */
struct word {
	const char *text;
	enum out_style style;
};

struct word link_word(const json_t *link, int64_t now);

/* Cells that both have: latest handshake, round trip, received and sent. */
void link_cells(struct table *t, const json_t *link, int64_t now);

#endif
