#include "daemon/options.h"

#include <bsd/string.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/num.h"

#define USERS_DEFAULT "meetme-agent:meetme:meetme-ssh"

static const char usage[] =
    "usage: meetmed [--root DIR] [-f FILE] [--registry DIR] [--pop NAME]\n"
    "               [--users AGENT:ENGINE:SSH]\n";

static _Noreturn void
die_usage(const char *what, const char *value)
{
	fprintf(stderr, "meetmed: %s%s%s\n%s", what, value != NULL ? ": " : "",
	    value != NULL ? value : "", usage);
	exit(EX_USAGE);
}

/* A name of the machine's users, or a number: then the group is the same. */
static void
parse_user(struct user *out, const char *text)
{
	const struct passwd *pw = getpwnam(text);
	uint32_t id;

	if (pw != NULL) {
		*out = (struct user){ pw->pw_uid, pw->pw_gid };
		return;
	}
	if (num_parse(&id, text, strlen(text), 1, INT32_MAX) != 0)
		die_usage(
		    "no such user (packaging/meetme.sysusers makes it)", text);
	*out = (struct user){ id, id };
}

static void
parse_users(struct options *o, const char *text)
{
	char buf[128], *rest = buf;
	struct user *const users[] = { &o->agent, &o->engine, &o->listener };

	if (strlcpy(buf, text, sizeof(buf)) >= sizeof(buf))
		die_usage("--users is too long", NULL);
	for (size_t i = 0; i < 3; i++) {
		const char *one = strsep(&rest, ":");

		if (one == NULL || one[0] == '\0')
			die_usage("--users takes three names", text);
		parse_user(users[i], one);
	}
	if (rest != NULL)
		die_usage("--users takes three names", text);
}

static void
override(char dst[PATHS_MAX], const char *path)
{
	if (path != NULL && strlcpy(dst, path, PATHS_MAX) >= PATHS_MAX)
		die_usage("the path is too long", path);
}

static void
set_paths(struct options *o, const char *network, const char *registry)
{
	/* git and others run in another folder. */
	if (o->root[0] != '\0' && o->root[0] != '/')
		die_usage("the root is an absolute path", o->root);
	if (paths_init(&o->paths, o->root) != 0)
		die_usage("the path is too long", o->root);
	override(o->paths.network, network);
	override(o->paths.registry, registry);
}

void
options_parse(struct options *out, int argc, char **argv)
{
	enum { ROOT = 256, REGISTRY, POP, USERS, ROLE, TERMINAL, COMMAND, VER };
	static const struct option longs[] = {
		{ "root", required_argument, NULL, ROOT },
		{ "file", required_argument, NULL, 'f' },
		{ "registry", required_argument, NULL, REGISTRY },
		{ "pop", required_argument, NULL, POP },
		{ "users", required_argument, NULL, USERS },
		{ "role", required_argument, NULL, ROLE },
		{ "terminal", required_argument, NULL, TERMINAL },
		{ "command", required_argument, NULL, COMMAND },
		{ "version", no_argument, NULL, VER },
		{ NULL, 0, NULL, 0 },
	};
	const char *network = NULL, *registry = NULL, *users = USERS_DEFAULT;
	struct options o = { .root = "" };
	int c;

	while ((c = getopt_long(argc, argv, "f:", longs, NULL)) != -1) {
		switch (c) {
		case ROOT:
			o.root = optarg;
			break;
		case 'f':
			network = optarg;
			break;
		case REGISTRY:
			registry = optarg;
			break;
		case POP:
			o.pop = optarg;
			break;
		case USERS:
			users = optarg;
			break;
		case ROLE:
			o.role = optarg;
			break;
		case TERMINAL:
			o.terminal = optarg;
			break;
		case COMMAND:
			o.command = optarg;
			break;
		case VER:
			printf("meetmed %s\n", VERSION);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(EX_USAGE);
		}
	}
	if (optind != argc)
		die_usage("what is this", argv[optind]);
	set_paths(&o, network, registry);
	if (o.role == NULL)
		parse_users(&o, users);
	*out = o;
}
