#ifndef PROVISION_YAML_H
#define PROVISION_YAML_H

#include <stdio.h>

/*
 * Writes one YAML document, by libyaml, which quotes. What goes wrong is kept
 * and told by yaml_end().
 */
struct yaml;

struct yaml *yaml_begin(FILE *f); /* NULL: no memory */
/* Frees. 0, or -EIO. */
int yaml_end(struct yaml *y);

void yaml_map(struct yaml *y);
void yaml_map_end(struct yaml *y);
void yaml_list(struct yaml *y);
void yaml_list_end(struct yaml *y);

/* A key or a value that is known to need no quotes: apt, true. */
void yaml_word(struct yaml *y, const char *word);

/* Text, always quoted; of several lines as a block. */
void yaml_text(struct yaml *y, const char *text);

/* The same, which Ansible takes for no template. */
void yaml_unsafe(struct yaml *y, const char *text);

#endif
