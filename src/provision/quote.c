#include "provision/quote.h"

#include <stdbool.h>
#include <string.h>

void
quote_shell(FILE *f, const char *text)
{
	fputc('\'', f);
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fputs("'\\''", f);
		else
			fputc(*text, f);
	fputc('\'', f);
}

static bool
has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *p = text; p != NULL && *p != '\0';) {
		if (strncmp(p, line, len) == 0 &&
		    (p[len] == '\n' || p[len] == '\0'))
			return true;
		p = strchr(p, '\n');
		if (p != NULL)
			p++;
	}
	return false;
}

void
quote_here(FILE *f, const char *text)
{
	char end[24] = "END";

	for (unsigned n = 1; has_line(text, end); n++)
		snprintf(end, sizeof(end), "END_%u", n);
	fprintf(f, " <<'%s'\n%s%s\n", end, text, end);
}

void
quote_lines(FILE *f, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		fprintf(f, "    %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}
