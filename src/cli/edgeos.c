#include "render/edgeos.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "cli/policy.h"

#define STATE_MAX (16U << 20) /* bytes */

struct options {
	const char *file; /* NULL: the machine's own */
	const char *from; /* NULL: the state as a whole */
	const char *registry; /* NULL: dn42's usual networks */
	const char *pop;
};

static int
read_stdin(char **out, size_t *len)
{
	char *text = malloc(STATE_MAX + 1);

	if (text == NULL)
		return -ENOMEM;
	*len = fread(text, 1, STATE_MAX + 1, stdin);
	if (ferror(stdin) || *len > STATE_MAX) {
		free(text);
		return ferror(stdin) ? -EIO : -EFBIG;
	}
	text[*len] = '\0';
	*out = text;
	return 0;
}

/*
 * The state that the router has; "-": on standard input. The caller's. The
 * first line tells it from the router's own configuration, of which all that
 * is not ours would be deleted; and from nothing, as a pipe may bring.
 */
static char *
read_state(const char *path)
{
	static const char mark[] = RENDER_MARK ": ";
	char *text = NULL;
	size_t len = 0;
	int rc;

	if (strcmp(path, "-") != 0)
		rc = file_read(path, STATE_MAX, &text, &len);
	else
		rc = read_stdin(&text, &len);
	if (rc == 0 && strncmp(text, mark, sizeof(mark) - 1) == 0 &&
	    strlen(text) == len)
		return text;
	if (rc == 0)
		log_error("%s: is no output of `meetme edgeos`: it does not "
			  "begin with \"%s\"",
		    path, mark);
	else
		log_error("%s: %s", path,
		    rc == -EINVAL ? "is no regular file" : strerror(-rc));
	free(text);
	return NULL;
}

/* The POP's state as it should be; the caller's. NULL: what failed was said. */
static char *
render_state(const struct network *net, const struct network_pop *pop,
    const struct policy *policy)
{
	static struct peering_rules rules;
	struct plan *plan = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *f = NULL;
	int rc = -ENOMEM;

	peering_rules_init(&rules, net, pop);
	if (plan_derive(&plan, &rules, NULL, 0) != 0)
		goto out;
	f = open_memstream(&text, &len);
	if (f == NULL)
		goto out;
	rc = render_edgeos(f, plan, policy);
	if (fclose(f) != 0 && rc == 0)
		rc = -ENOMEM;
out:
	plan_free(plan);
	if (rc == 0)
		return text;
	log_error("%s: %s", pop->name, strerror(-rc));
	free(text);
	return NULL;
}

static int
print_state(const struct options *o, const struct network *net,
    const struct network_pop *pop)
{
	struct policy *policy = NULL;
	char *from = NULL, *to = NULL;
	struct fault f;
	int rc = 1;

	if (o->registry != NULL) {
		policy = load_policy(o->registry);
		if (policy == NULL)
			goto out;
	}
	to = render_state(net, pop, policy);
	if (to == NULL)
		goto out;
	if (o->from == NULL) {
		rc = fputs(to, stdout) == EOF || fflush(stdout) != 0;
		goto out;
	}
	from = read_state(o->from);
	if (from == NULL)
		goto out;
	rc = render_edgeos_changes(stdout, from, to, &f);
	if (rc != 0)
		log_error("%s: %s", o->from, f.text);
	rc = rc != 0;
out:
	free(from);
	free(to);
	unload_policy(policy);
	return rc;
}

static int
print_pop(const struct options *o, const char *path)
{
	const struct network_pop *pop;
	struct network *net;
	int rc = load_network(&net, path);

	if (rc != 0)
		return rc;
	rc = 1;
	pop = network_pop(net, o->pop);
	if (pop == NULL)
		log_error("%s: there is no POP '%s'", path, o->pop);
	else if (pop->platform != PLATFORM_EDGEOS)
		log_error("%s: %s is no EdgeOS POP: its platform is debian",
		    path, o->pop);
	else
		rc = print_state(o, net, pop);
	network_free(net);
	return rc;
}

static int
run_edgeos(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "from", required_argument, NULL, 'F' },
		{ "registry", required_argument, NULL, 'R' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { 0 };
	int c;

	while ((c = next_option(self, argc, argv, ":f:", longs)) != -1) {
		switch (c) {
		case 'f':
			o.file = optarg;
			break;
		case 'F':
			o.from = optarg;
			break;
		case 'R':
			o.registry = optarg;
			break;
		default:
			return EX_USAGE;
		}
	}
	if (optind + 1 != argc)
		return usage_error(self, "which POP? One name is needed");
	o.pop = argv[optind];
	return print_pop(&o, o.file != NULL ? o.file : paths->network);
}

const struct subcommand subcommand_edgeos = {
	.name = "edgeos",
	.synopsis = "edgeos [-f FILE] [--registry DIR] [--from STATE] POP",
	.brief = "print the commands for an EdgeRouter",
	.text =
	    "Prints what meetme wants of a POP with 'platform: edgeos', as "
	    "commands of that\nrouter's CLI; `meetme render` writes the same "
	    "to servers/POP/edgeos/commands.\n--from STATE prints what turns "
	    "such a state, that the router has, into that of\nthe network "
	    "file: deletes, sets, commit and save; nothing if they are the "
	    "same.\nSTATE is a file, or - for standard input:\n\n"
	    "  git show HEAD:servers/home/edgeos/commands |\n"
	    "      meetme edgeos -f network.yaml --from - home\n\n"
	    "--registry DIR takes the networks that peers may announce from "
	    "that registry's\ndata/filter.txt and filter6.txt; without it they "
	    "are those that dn42's wiki names.\n",
	.run = run_edgeos,
};
