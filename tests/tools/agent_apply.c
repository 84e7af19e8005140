/*
 * agent_apply: converges a plan of made-up peerings through the agent's own
 * code, once or more, and prints what came of it and how long it took. For
 * the kernel test and the benchmark; it needs CAP_NET_ADMIN.
 */
#include <bsd/string.h>
#include <err.h>
#include <event2/event.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/converge.h"
#include "base/clock.h"
#include "base/num.h"

#define ASN_FIRST    4242430000U
#define PEERINGS_MAX 4000
#define REPEAT_MAX   1000

static const char usage[] =
    "usage: agent_apply [--root DIR] [--self SEED] [--peer SEED]\n"
    "                   [--listen PORT] [--host ADDRESS] [--port PORT]\n"
    "                   [--loopback ADDRESS] [--mtu N:MTU] [--swap]\n"
    "                   [--no-bird] [--repeat N] [--grow] [--verbose]\n"
    "                   PEERINGS\n"
    "Peering I of PEERINGS has AS 424243000I; SEED, SEED + I make keys.\n"
    "With --grow each repetition has one peering more.\n";

struct options {
	const char *root, *host, *loopback;
	uint32_t self, peer; /* seeds of keys */
	uint32_t listen, port; /* of peering 0 */
	uint32_t n, repeat;
	uint32_t odd, odd_mtu; /* the peering that has another MTU */
	bool swap, no_bird, grow, verbose;
};

struct apply {
	const struct options *o;
	struct event_base *base;
	struct converge *converge;
	int64_t begun;
	double ms; /* of the last converge */
	bool done;
};

static uint32_t
number(const char *text, size_t len, uint32_t max)
{
	uint32_t n;

	if (num_parse(&n, text, len, 0, max) != 0)
		errx(64, "%s: a number up to %u is wanted", text, max);
	return n;
}

static struct wgkey
key_of(uint32_t seed)
{
	struct wgkey key = { { [0] = 8, [31] = 64 } };

	memcpy(key.byte + 8, &seed, sizeof(seed));
	return key;
}

static void
make_tunnel(struct plan_tunnel *t, const struct options *o, uint32_t i)
{
	static const char *const allowed[] = { "172.16.0.0/12", "10.0.0.0/8",
		"fd00::/8", "fe80::/10" };
	struct wgkey key = key_of(o->peer + i);
	struct ip ours = { 6, { 0xfe, 0x80, 2, 0x63, [13] = 1 } };
	struct ip theirs = { 6, { 0xfe, 0x80, 2, 0x63, [13] = 2 } };

	ours.byte[14] = theirs.byte[14] = (uint8_t)((i + 1) >> 8);
	ours.byte[15] = theirs.byte[15] = (uint8_t)(i + 1);
	t->asn = ASN_FIRST + i;
	snprintf(t->ifname, sizeof(t->ifname), "wg-as%u", t->asn);
	t->listen_port = (uint16_t)(o->listen + i);
	t->mtu = (uint16_t)(i == o->odd && o->odd_mtu ? o->odd_mtu : 1420);
	wgkey_public(&t->key, &key);
	strlcpy(t->host, o->host, sizeof(t->host));
	t->port = (uint16_t)(o->host[0] != '\0' ? o->port + i : 0);
	t->keepalive = o->host[0] != '\0' ? 30 : 0;
	t->n_allowed = 4;
	for (size_t k = 0; k < 4; k++)
		prefix_parse(&t->allowed[k], allowed[k], strlen(allowed[k]));
	t->local = o->swap ? theirs : ours;
	t->remote = o->swap ? ours : theirs;
}

static struct plan *
make_plan(const struct options *o)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	if (plan == NULL)
		err(1, NULL);
	plan->asn = 4242420263;
	strlcpy(plan->name, "pop", sizeof(plan->name));
	plan->router_id = (struct ip){ 4, { 172, 22, 144, 161 } };
	plan->endpoint.ipv4 = plan->endpoint.ipv6 = true;
	strlcpy(plan->endpoint.allow[0], "documentation", 16);
	plan->endpoint.n_allow = 1;
	ip_parse(&plan->loopback6, o->loopback, strlen(o->loopback));
	plan->n_tunnels = o->n;
	plan->n_sessions = o->no_bird ? 0 : o->n;
	plan->tunnels = calloc(o->n + 1, sizeof(*plan->tunnels));
	plan->sessions = calloc(o->n + 1, sizeof(*plan->sessions));
	if (plan->tunnels == NULL || plan->sessions == NULL)
		err(1, NULL);
	for (uint32_t i = 0; i < o->n; i++) {
		struct plan_tunnel *t = &plan->tunnels[i];
		struct plan_session *s = &plan->sessions[i];

		make_tunnel(t, o, i);
		s->asn = t->asn;
		snprintf(s->name, sizeof(s->name), "ebgp_as%u_v6", s->asn);
		strlcpy(s->ifname, t->ifname, sizeof(s->ifname));
		s->neighbor = t->remote;
		s->source = t->local;
		s->import_limit = 9000;
	}
	return plan;
}

static void
on_states(void *arg, uint32_t serial, const struct wire_state *states, size_t n)
{
	static const char *const words[] = { "applied", "waiting", "refused" };
	struct apply *a = arg;
	size_t count[3] = { 0 };

	(void)serial;
	a->ms = (double)(clock_mono_us() - a->begun) / 1000;
	for (size_t i = 0; i < n; i++) {
		count[states[i].progress]++;
		if (a->o->verbose)
			printf("%s %s %s\n", states[i].part,
			    words[states[i].progress], states[i].reason);
	}
	printf("applied %zu waiting %zu refused %zu changes %u ms %.2f\n",
	    count[0], count[1], count[2],
	    tunnels_changes(converge_tunnels(a->converge)) +
		(a->o->no_bird ? 0 : bird_changes(converge_bird(a->converge))),
	    a->ms);
	a->done = true;
}

static void
ignore(void *arg)
{
	(void)arg;
}

static void
ignore_name(void *arg, const struct name *name)
{
	(void)arg;
	(void)name;
}

static void
parse_mtu(struct options *o, const char *text)
{
	const char *colon = strchr(text, ':');

	if (colon == NULL)
		errx(64, "%s", usage);
	o->odd = number(text, (size_t)(colon - text), PEERINGS_MAX);
	o->odd_mtu = number(colon + 1, strlen(colon + 1), 1500);
}

static void
parse(struct options *o, int argc, char **argv)
{
	static const struct option known[] = { { "root", 1, NULL, 'r' },
		{ "self", 1, NULL, 's' }, { "peer", 1, NULL, 'p' },
		{ "listen", 1, NULL, 'l' }, { "host", 1, NULL, 'h' },
		{ "port", 1, NULL, 'P' }, { "loopback", 1, NULL, 'L' },
		{ "mtu", 1, NULL, 'm' }, { "swap", 0, NULL, 'S' },
		{ "no-bird", 0, NULL, 'B' }, { "repeat", 1, NULL, 'R' },
		{ "grow", 0, NULL, 'G' }, { "verbose", 0, NULL, 'v' }, { 0 } };
	uint32_t value = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (strchr("splPR", c) != NULL)
			value = number(optarg, strlen(optarg), 65535);
		switch (c) {
		case 'r':
			o->root = optarg;
			break;
		case 's':
			o->self = value;
			break;
		case 'p':
			o->peer = value;
			break;
		case 'l':
			o->listen = value;
			break;
		case 'h':
			o->host = optarg;
			break;
		case 'P':
			o->port = value;
			break;
		case 'L':
			o->loopback = optarg;
			break;
		case 'm':
			parse_mtu(o, optarg);
			break;
		case 'S':
			o->swap = true;
			break;
		case 'B':
			o->no_bird = true;
			break;
		case 'G':
			o->grow = true;
			break;
		case 'R':
			o->repeat = value;
			break;
		case 'v':
			o->verbose = true;
			break;
		default:
			errx(64, "%s", usage);
		}
	}
	if (optind + 1 != argc)
		errx(64, "%s", usage);
	o->n = number(argv[optind], strlen(argv[optind]), PEERINGS_MAX);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	struct options o = { .root = "",
		.host = "",
		.loopback = "",
		.self = 1,
		.peer = 1000,
		.listen = 20000,
		.port = 30000 };
	struct converge_args args = {
		.states = on_states, .resolved = ignore_name, .gone = ignore
	};
	struct apply a = { .o = &o };
	static double ms[REPEAT_MAX];
	struct wgkey self;
	struct paths paths;
	int pair[2];

	parse(&o, argc, argv);
	if (paths_init(&paths, o.root) != 0 || o.repeat > REPEAT_MAX)
		errx(64, "%s", usage);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		err(1, "socketpair");
	self = key_of(o.self);
	a.base = args.base = event_base_new();
	args.paths = &paths;
	args.private_key = &self;
	args.resolver_fd = pair[0]; /* nobody answers: no names here */
	args.arg = &a;
	if (converge_open(&a.converge, &args) != 0)
		errx(1, "the agent's parts cannot be opened");
	for (uint32_t i = 0; i <= o.repeat; i++) {
		o.n += i > 0 && o.grow;
		a.done = false;
		a.begun = clock_mono_us();
		if (i == 0 || o.grow)
			converge_plan(a.converge, i + 1, make_plan(&o));
		else
			converge_again(a.converge);
		while (!a.done)
			event_base_loop(a.base, EVLOOP_ONCE);
		if (i > 0)
			ms[i - 1] = a.ms;
	}
	qsort(ms, o.repeat, sizeof(*ms), by_value);
	if (o.repeat > 0)
		printf("median ms %.2f\n", ms[o.repeat / 2]);
	converge_close(a.converge);
	event_base_free(a.base);
	return 0;
}
