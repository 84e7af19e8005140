#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shell/command.h"
#include "shell/complete.h"
#include "shell/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
parse(const struct line *line, bool operator)
{
	const struct command *c = command_find(line->word[0], operator);
	struct args args;
	struct fault f;

	if (c == NULL ||
	    command_parse(&args, c, (const char *const *)line->word + 1,
		line->n - 1, &f) != 0)
		return;
	command_require(&args, &f);
	for (int i = 0; c->options[i].type != OPTION_END; i++)
		if (args.value[i] != NULL &&
		    strlen(args.value[i]) > LINE_BYTES_MAX)
			abort();
}

/* A typed line: completed at its end, split, and parsed for both sides. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t asns[] = { 4242421344, 4242423588 };
	const struct completion_source src = { false, asns, 2 };
	const char *text = (const char *)data;
	struct completion c;
	struct line line;
	struct fault f;

	complete(&c, &src, text, size);
	if (c.typed > size || (c.n > 0 && completion_common(&c) < c.typed))
		abort();
	if (line_split(&line, text, size, &f) == 0 && line.n > 0) {
		parse(&line, false);
		parse(&line, true);
	}
	return 0;
}
