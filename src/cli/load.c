#include "cli/load.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/log.h"

static void
print_problems(const char *path, const struct network_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct network_problem *p = &problems->list[i];

		fprintf(stderr, "%s:", path);
		if (p->line > 0)
			fprintf(stderr, "%u:", p->line);
		if (p->field[0] != '\0')
			fprintf(stderr, " %s:", p->field);
		fprintf(stderr, " %s\n", p->text);
	}
	fprintf(stderr, "%zu problem%s%s\n", problems->n,
	    problems->n == 1 ? "" : "s",
	    problems->n == NETWORK_PROBLEMS_MAX ? " or more" : "");
}

int
load_network(struct network **out, const char *path)
{
	static struct network_problems problems;
	int rc = network_load(out, path, &problems);

	if (rc == 0)
		return 0;
	if (rc == FAULT_INVALID) {
		print_problems(path, &problems);
		return EX_CONFIG;
	}
	log_error("no memory");
	return 1;
}
