#include "provision/yaml.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml {
	yaml_emitter_t emitter;
	FILE *f;
	bool failed;
};

/* Takes the event over; `made`: it could be made at all. */
static void
emit(struct yaml *y, yaml_event_t *e, int made)
{
	if (!made || !yaml_emitter_emit(&y->emitter, e))
		y->failed = true;
}

struct yaml *
yaml_begin(FILE *f)
{
	struct yaml *y = calloc(1, sizeof(*y));
	yaml_event_t e;

	if (y == NULL || !yaml_emitter_initialize(&y->emitter)) {
		free(y);
		return NULL;
	}
	y->f = f;
	yaml_emitter_set_output_file(&y->emitter, f);
	yaml_emitter_set_unicode(&y->emitter, 1);
	yaml_emitter_set_width(&y->emitter, -1);
	emit(y, &e, yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING));
	emit(y, &e,
	    yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1));
	return y;
}

int
yaml_end(struct yaml *y)
{
	yaml_event_t e;
	bool failed;

	emit(y, &e, yaml_document_end_event_initialize(&e, 1));
	emit(y, &e, yaml_stream_end_event_initialize(&e));
	failed = y->failed || !yaml_emitter_flush(&y->emitter) ||
		 fflush(y->f) != 0 || ferror(y->f);
	yaml_emitter_delete(&y->emitter);
	free(y);
	return failed ? -EIO : 0;
}

void
yaml_map(struct yaml *y)
{
	yaml_event_t e;

	emit(y, &e,
	    yaml_mapping_start_event_initialize(
		&e, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

void
yaml_map_end(struct yaml *y)
{
	yaml_event_t e;

	emit(y, &e, yaml_mapping_end_event_initialize(&e));
}

void
yaml_list(struct yaml *y)
{
	yaml_event_t e;

	emit(y, &e,
	    yaml_sequence_start_event_initialize(
		&e, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
}

void
yaml_list_end(struct yaml *y)
{
	yaml_event_t e;

	emit(y, &e, yaml_sequence_end_event_initialize(&e));
}

static void
scalar(struct yaml *y, const char *tag, const char *text, bool plain)
{
	yaml_scalar_style_t style = strchr(text, '\n') != NULL
					? YAML_LITERAL_SCALAR_STYLE
				    : plain ? YAML_PLAIN_SCALAR_STYLE
					    : YAML_SINGLE_QUOTED_SCALAR_STYLE;
	yaml_event_t e;

	emit(y, &e,
	    yaml_scalar_event_initialize(&e, NULL, (const yaml_char_t *)tag,
		(const yaml_char_t *)text, (int)strlen(text), plain,
		tag == NULL, style));
}

void
yaml_word(struct yaml *y, const char *word)
{
	scalar(y, NULL, word, true);
}

void
yaml_text(struct yaml *y, const char *text)
{
	scalar(y, NULL, text, false);
}

void
yaml_unsafe(struct yaml *y, const char *text)
{
	scalar(y, "!unsafe", text, false);
}
