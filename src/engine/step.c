#include "engine/step.h"

#include <stdio.h>
#include <string.h>

#define REF_NEW	    "refs/meetme/new"
#define REF_CURRENT "refs/meetme/current"
#define EMPTY_TREE  "4b825dc642cb6eb9a060e54bf8d69288fbee4904" /* git's own */

/* What begins with '@' stands for a value of the pull. */
static const struct {
	const char *args[STEP_ARGS_MAX];
	enum step_tree tree;
} steps[] = {
	[STEP_INIT] = { { "init", "--quiet", "--bare", "--template=" } },
	[STEP_REPAIR] = { { "read-tree", "--reset", "-u", "@current" },
	    STEP_CURRENT_TREE },
	[STEP_FETCH] = { { "fetch", "--quiet", "--no-tags",
	    "--no-write-fetch-head", "--no-recurse-submodules",
	    "--refmap=", "@depth", "--", "@url", "@refspec" } },
	[STEP_NAME] = { { "rev-parse", "--verify", REF_NEW "^{commit}" } },
	[STEP_ANCESTOR] = { { "merge-base", "--is-ancestor", "@current",
	    "@found" } },
	[STEP_MARKERS] = { { "diff-tree", "-r", "--check", "--no-ext-diff",
	    "--no-textconv", "--no-renames", "@base", "@found", "--",
	    "data" } },
	[STEP_CLEAN] = { { "clean", "-ffdxq" }, STEP_SPARE_TREE },
	[STEP_CHECKOUT] = { { "read-tree", "--reset", "-u", "@found" },
	    STEP_SPARE_TREE },
	[STEP_KEEP] = { { "update-ref", REF_CURRENT, "@current" } },
	[STEP_TIDY] = { { "gc", "--auto", "--quiet" } },
	[STEP_FORGET] = { { "update-ref", "-d", REF_NEW } },
	[STEP_EMPTY] = { { "read-tree", "--reset", "-u", EMPTY_TREE },
	    STEP_SPARE_TREE },
	[STEP_SWEEP] = { { "clean", "-ffdxq" }, STEP_SPARE_TREE },
	[STEP_SHRINK] = { { "gc", "--prune=now", "--quiet" } },
};

static const char *
argument(
    const struct step_command *c, const char *arg, const struct step_values *v)
{
	const struct {
		const char *name, *value;
	} values[] = {
		{ "@current", v->current },
		{ "@base", v->current[0] != '\0' ? v->current : EMPTY_TREE },
		{ "@found", v->found },
		{ "@url", v->url },
		{ "@refspec", c->refspec },
		/* Its past is no matter; later the states since ours are. */
		{ "@depth", v->current[0] != '\0' ? "--no-auto-maintenance"
						  : "--depth=1" },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(arg, values[i].name) == 0)
			return values[i].value;
	return arg;
}

void
step_command(
    struct step_command *out, enum step step, const struct step_values *values)
{
	size_t n = 0;

	snprintf(out->refspec, sizeof(out->refspec), "+%s%s:" REF_NEW,
	    values->branch[0] != '\0' ? "refs/heads/" : "HEAD", values->branch);
	for (; steps[step].args[n] != NULL; n++)
		out->args[n] = argument(out, steps[step].args[n], values);
	out->args[n] = NULL;
}

enum step_tree
step_tree(enum step step)
{
	return steps[step].tree;
}
