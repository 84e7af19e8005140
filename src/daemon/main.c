#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "agent/resolver.h"
#include "base/spawn.h"
#include "daemon/options.h"
#include "daemon/start.h"
#include "engine/engine.h"
#include "shell/shell.h"
#include "ssh/listener.h"
#include "ssh/session.h"

enum { FD_0 = SPAWN_FD_0, FD_1, FD_2, FD_3, FD_4, FD_5, FD_6 };

static int
run_engine(const struct options *o)
{
	const struct engine_args args = { .agent_fd = FD_0,
		.listener_fd = FD_1,
		.paths = &o->paths,
		.pop = o->pop };

	return engine_main(&args);
}

static int
run_listener(const struct options *o)
{
	const struct listener_args args = {
		.engine_fd = FD_0, .paths = &o->paths, .root = o->root
	};

	return listener_main(&args);
}

static int
run_resolver(const struct options *o)
{
	const struct resolver_fds fds = { .names = FD_0,
		.pings = FD_1,
		.echo = { FD_2, FD_3 },
		.traces = FD_4,
		.hop = { FD_5, FD_6 } };

	(void)o;
	return resolver_main(&fds);
}

static int
run_session(const struct options *o)
{
	return session_main(FD_0, FD_1, FD_2, &o->paths);
}

static int
run_shell(const struct options *o)
{
	return shell_main(FD_0, o->terminal != NULL, o->terminal, o->command);
}

static const struct {
	const char *name;
	int (*run)(const struct options *o);
} roles[] = {
	{ "engine", run_engine },
	{ "listener", run_listener },
	{ "resolver", run_resolver },
	{ "session", run_session },
	{ "shell", run_shell },
};

int
main(int argc, char **argv)
{
	struct options o;

	options_parse(&o, argc, argv);
	if (o.role == NULL)
		return start_all(&o);
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, o.role) == 0)
			return roles[i].run(&o);
	fprintf(stderr, "meetmed: there is no role %s\n", o.role);
	return EX_USAGE;
}
