#include "render/render.h"

#include <errno.h>
#include <string.h>

#include "api/api.h"
#include "api/field.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/commit.h"
#include "cli/load.h"
#include "cli/policy.h"
#include "cli/tree.h"
#include "cli/workers.h"
#include "render/edgeos.h"
#include "render/policy.h"

struct options {
	const char *file; /* NULL: the machine's own */
	const char *pop; /* NULL: all of them */
	const char *dir;
	const char *registry; /* NULL: what it says is not written */
	bool commit, running, frr;
};

/* What all POPs are rendered with. */
struct job {
	const struct network *net;
	const struct policy *policy; /* or NULL */
	bool frr; /* of EdgeOS POPs */
};

static int
put_plan(struct tree_pop *p, const struct plan *plan, const struct job *job)
{
	if (plan->platform == PLATFORM_EDGEOS)
		return render_router(plan, job->frr, job->policy, tree_put, p);
	return render_plan(plan, tree_put, p);
}

/* All that one POP has, without its peerings. */
static int
render_pop(struct tree *t, const struct job *job, const struct network_pop *pop)
{
	static struct peering_rules rules;
	struct tree_pop *p = NULL;
	struct plan *plan = NULL;
	int rc;

	peering_rules_init(&rules, job->net, pop);
	rc = plan_derive(&plan, &rules, NULL, 0);
	if (rc != 0) {
		log_error("%s: no memory", pop->name);
		return rc;
	}
	rc = tree_begin(&p, t, pop->name);
	if (rc == 0)
		rc = tree_end(p, put_plan(p, plan, job));
	plan_free(plan);
	return rc;
}

static int
render_nth(struct tree *t, size_t i, const void *arg)
{
	const struct job *job = arg;

	return render_pop(t, job, &job->net->pops[i]);
}

/* What the registry says of routes, once: it is the same for all POPs. */
static int
render_registry(struct tree *t, const struct policy *policy)
{
	struct tree_pop *p = NULL;
	int rc = tree_begin(&p, t, NULL);

	if (rc == 0)
		rc = tree_end(p, render_policy_all(policy, tree_put, p));
	return rc;
}

static int
render_pops(struct tree *t, const struct job *job, const char *pop)
{
	const struct network *net = job->net;
	int rc;

	if (job->policy != NULL && render_registry(t, job->policy) != 0)
		return -EINVAL;
	if (pop != NULL)
		return render_pop(t, job, network_pop(net, pop));
	rc = workers_run(t, net->n_pops, render_nth, job);
	return rc == 0 ? tree_prune(t, net) : rc;
}

static int
render_network(
    struct tree *t, const struct network *net, const struct options *o)
{
	struct policy *policy = NULL;
	struct job job = { .net = net, .frr = o->frr };
	int rc;

	if (o->registry != NULL) {
		policy = load_policy(o->registry);
		if (policy == NULL)
			return -EINVAL;
	}
	job.policy = policy;
	rc = render_pops(t, &job, o->pop);
	unload_policy(policy);
	return rc;
}

/* The files of an answer to `plan`. */
static int
put_answer(struct tree *t, const json_t *answer)
{
	const json_t *changes = json_object_get(answer, "changes"), *c;
	struct tree_pop *p;
	size_t i;
	int rc;

	if (json_array_size(changes) == 0) {
		log_error("meetmed has no files: nothing is written");
		return -EINVAL;
	}
	rc = tree_begin(&p, t, field_text(answer, "pop"));
	if (rc != 0)
		return rc;
	json_array_foreach(changes, i, c)
	{
		const json_t *text = json_object_get(c, "new");

		rc = tree_put(p, field_text(c, "path"), field_text(c, "new"),
		    json_string_length(text));
		if (rc != 0)
			break;
	}
	return tree_end(p, rc);
}

/* What the running meetmed has; an exit status. */
static int
ask_running(json_t **answer, const struct paths *paths)
{
	struct api_client *api;
	struct fault f;
	int rc;

	if (api_client_connect(&api, paths->control, &f) != 0) {
		log_error("%s", f.text);
		return EX_UNAVAILABLE;
	}
	rc = api_call(api, "plan", json_pack("{s:b}", "all", 1), answer, &f);
	api_client_free(api);
	if (rc == 0)
		return 0;
	log_error("%s", f.text);
	return rc == FAULT_AWAY ? EX_UNAVAILABLE : 1;
}

static void
print_counts(const struct tree *t)
{
	printf("%s: %zu file%s written, %zu unchanged, "
	       "%zu removed.\n",
	    t->dir, t->n.written, t->n.written == 1 ? "" : "s", t->n.unchanged,
	    t->n.removed);
	fflush(stdout);
}

/* Of the network, or else of the answer. */
static int
write_tree(
    const struct options *o, const struct network *net, const json_t *answer)
{
	struct commit *commit = NULL;
	char message[128];
	struct tree t;
	int rc = 1;

	snprintf(message, sizeof(message), "meetme render: %s%s",
	    answer != NULL   ? field_text(answer, "pop")
	    : o->pop != NULL ? o->pop
			     : net->name,
	    answer != NULL ? ", with its peerings" : "");

	if (tree_open(&t, o->dir) != 0)
		return 1;
	t.keeps_peerings = !o->running;
	if (o->commit && commit_begin(&commit, o->dir, &t.list) != 0)
		goto out;
	if ((net != NULL ? render_network(&t, net, o)
			 : put_answer(&t, answer)) != 0)
		goto out;
	print_counts(&t);
	if (t.n.foreign > 0)
		goto out;
	rc = 0;
	if (o->commit && commit_end(commit, TREE_FOLDER, message) != 0)
		rc = 1;
out:
	commit_free(commit);
	tree_close(&t);
	return rc;
}

static int
render_file(const struct options *o, const char *path)
{
	struct network *net;
	int rc = load_network(&net, path);

	if (rc != 0)
		return rc;
	rc = 1;
	if (o->pop != NULL && network_pop(net, o->pop) == NULL)
		log_error("%s: there is no POP '%s'", path, o->pop);
	else
		rc = write_tree(o, net, NULL);
	network_free(net);
	return rc;
}

static int
render_running(const struct options *o, const struct paths *paths)
{
	json_t *answer = NULL;
	int rc = ask_running(&answer, paths);

	if (rc != 0)
		return rc;
	rc = write_tree(o, NULL, answer);
	json_decref(answer);
	return rc;
}

static int
parse_options(
    const struct subcommand *self, struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "pop", required_argument, NULL, 'p' },
		{ "commit", no_argument, NULL, 'c' },
		{ "running", no_argument, NULL, 'r' },
		{ "registry", required_argument, NULL, 'R' },
		{ "frr", no_argument, NULL, 'q' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = next_option(self, argc, argv, ":f:o:", longs)) != -1) {
		switch (c) {
		case 'f':
			o->file = optarg;
			break;
		case 'o':
			o->dir = optarg;
			break;
		case 'p':
			o->pop = optarg;
			break;
		case 'c':
			o->commit = true;
			break;
		case 'r':
			o->running = true;
			break;
		case 'R':
			o->registry = optarg;
			break;
		case 'q':
			o->frr = true;
			break;
		default:
			return EX_USAGE;
		}
	}
	if (optind != argc)
		return usage_error(self, "what is '%s'?", argv[optind]);
	if (o->dir == NULL || o->dir[0] == '\0')
		return usage_error(self, "-o DIR says where the files go");
	if (o->running && (o->file != NULL || o->pop != NULL ||
			      o->registry != NULL || o->frr))
		return usage_error(self,
		    "--running is of this POP as it is: it goes with neither "
		    "-f nor --pop nor --registry nor --frr");
	return 0;
}

static int
run_render(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	struct options o = { 0 };
	int rc = parse_options(self, &o, argc, argv);

	if (rc != 0)
		return rc;
	if (o.running)
		return render_running(&o, paths);
	return render_file(&o, o.file != NULL ? o.file : paths->network);
}

const struct subcommand subcommand_render = {
	.name = "render",
	.synopsis = "render [-f FILE] [--pop NAME] [--registry DIR] [--frr]\n"
		    "                     [--commit] -o DIR\n"
		    "render --running [--commit] -o DIR",
	.brief = "write all POPs' configuration files into a tree",
	.text =
	    "Writes each POP's files for wg-quick, BIRD and sysctl into "
	    "DIR/servers/POP, or\nonly those of one POP. --running writes "
	    "those of this POP as the running meetmed\nhas it, with its "
	    "peerings; the network file knows of none, and their files\n"
	    "stay. A file is rewritten only where it differs; files that "
	    "meetme wrote there\nand that are no longer wanted go; others "
	    "stay. No private key is in them.\n"
	    "Of an EdgeOS POP it writes the router's commands, "
	    "edgeos/commands; "
	    "with --frr what\na Linux machine with FRR needs in that router's "
	    "place.\n"
	    "--registry DIR adds what that registry says, for each POP's "
	    "BIRD: without it no\nroute of others is accepted.\n"
	    "--commit commits them to the git repository that DIR is in, and "
	    "nothing else.\nWithout -f the network file is "
	    "etc/meetme/network.yaml below the root.\n",
	.run = run_render,
};
