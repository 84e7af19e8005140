#include "render/roa.h"

#include <string.h>

#include "base/log.h"
#include "cli/cli.h"

struct format {
	const char *name;
	int (*render)(FILE *f, const struct roa_set *set);
};

static const struct format formats[] = {
	{ "bird2", render_roa_bird2 },
	{ "bird1", render_roa_bird1 },
	{ "json", render_roa_json },
};
static const size_t n_formats = sizeof(formats) / sizeof(formats[0]);

struct options {
	const char *dir;
	unsigned families;
	const struct format *format;
};

static void
warn(void *arg, const char *where, const char *why)
{
	(void)arg;
	log_warn("%s: %s", where, why);
}

static int
print_roas(const struct options *o)
{
	const struct report report = { .tell = warn };
	struct roa_set set;
	struct fault f;
	int rc = roa_load(&set, o->dir, o->families, &report, &f);

	if (rc != 0) {
		log_error("%s", f.text);
		return 1;
	}
	if (set.skipped > 0)
		log_warn("%zu ROAs; objects and lines that gave none: %zu",
		    set.n, set.skipped);
	rc = o->format->render(stdout, &set);
	if (rc != 0)
		log_error("cannot write: %s", strerror(-rc));
	roa_set_free(&set);
	return rc == 0 ? 0 : 1;
}

static const struct format *
find_format(const char *name)
{
	for (size_t i = 0; i < n_formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static int
parse_options(
    const struct subcommand *self, struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "registry", required_argument, NULL, 'r' },
		{ "family", required_argument, NULL, 'f' },
		{ "format", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = next_option(self, argc, argv, ":", longs)) != -1) {
		switch (c) {
		case 'r':
			o->dir = optarg;
			break;
		case 'f':
			if (strcmp(optarg, "4") != 0 &&
			    strcmp(optarg, "6") != 0)
				return usage_error(self, "--family is 4 or 6");
			o->families = *optarg == '4' ? ROA_IPV4 : ROA_IPV6;
			break;
		case 'o':
			o->format = find_format(optarg);
			if (o->format == NULL)
				return usage_error(self,
				    "--format is one of bird2, bird1, json");
			break;
		default:
			return EX_USAGE;
		}
	}
	if (optind != argc)
		return usage_error(self, "what is '%s'?", argv[optind]);
	return 0;
}

static int
run_roa(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	struct options o = { .dir = paths->registry,
		.families = ROA_IPV4 | ROA_IPV6,
		.format = &formats[0] };
	int rc = parse_options(self, &o, argc, argv);

	return rc != 0 ? rc : print_roas(&o);
}

const struct subcommand subcommand_roa = {
	.name = "roa",
	.synopsis = "roa [--registry DIR] [--family 4|6] "
		    "[--format bird2|bird1|json]",
	.brief = "print the registry's ROA set",
	.text =
	    "Prints which AS may announce which prefixes, by the route and "
	    "route6 objects and the\nfilter files of the registry. bird2 and "
	    "bird1: lines to include in BIRD's ROA tables,\nof which each "
	    "takes one family. json: for RTR servers. Both families, as "
	    "bird2, unless\nnamed. What gives no ROA is told on standard "
	    "error, with the reason.\nWithout --registry the folder is "
	    "var/lib/meetme/registry below the root.\n",
	.run = run_roa,
};
