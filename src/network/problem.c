#include "network/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void
problem_add(struct network_problems *p, unsigned line, const char *field,
    const char *fmt, ...)
{
	struct network_problem *new;
	char text[sizeof(new->text)];
	va_list ap;

	if (p->n == NETWORK_PROBLEMS_MAX)
		return;
	new = &p->list[p->n++];
	new->line = line;
	text_clean(new->field, sizeof(new->field), field, strlen(field));
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_clean(new->text, sizeof(new->text), text, strlen(text));
}

/* Insertion: the list is short and nearly sorted, and stable is wanted. */
void
problem_sort(struct network_problems *p)
{
	for (size_t i = 1; i < p->n; i++) {
		struct network_problem moving = p->list[i];
		size_t at = i;

		for (; at > 0 && p->list[at - 1].line > moving.line; at--)
			p->list[at] = p->list[at - 1];
		p->list[at] = moving;
	}
}
