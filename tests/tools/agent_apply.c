/*
 * agent_apply: converges a plan of made-up peerings and links through the
 * agent's own code, once or more, and prints what came of it and how long it
 * took. For the kernel test and the benchmark; it needs CAP_NET_ADMIN.
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
#include "base/file.h"
#include "base/num.h"
#include "plan/mesh.h"
#include "render/render.h"

#define ASN_FIRST    4242430000U
#define POP_SEED     100000U /* and a POP's id make its key */
#define PEERINGS_MAX 4000
#define LINKS_MAX    (NETWORK_POPS_MAX - 1)
#define REPEAT_MAX   1000
#define SETS_MAX     8

static const char usage[] =
    "usage: agent_apply [--root DIR] [--self SEED] [--peer SEED]\n"
    "                   [--listen PORT] [--host ADDRESS] [--port PORT]\n"
    "                   [--loopback ADDRESS] [--swap] [--no-bird]\n"
    "                   [--links N] [--set IFNAME:FIELD:VALUE]...\n"
    "                   [--repeat N] [--grow] [--verbose]\n"
    "                   [--wg-quick DIR] PEERINGS\n"
    "Peering I of PEERINGS has AS 424243000I; SEED, SEED + I make keys. With\n"
    "--links this is POP 1 of N + 1, each linked to all. --set gives one\n"
    "tunnel another key (a seed), mtu or host. With --grow each repetition\n"
    "has one link more, or without --links one peering. --wg-quick applies\n"
    "nothing, but writes the plan's tunnels as wg-quick's files.\n";

struct options {
	const char *root, *host, *loopback, *wg_quick;
	uint32_t self, peer; /* seeds of keys */
	uint32_t listen, port; /* of peering 0 */
	uint32_t n, links, repeat;
	int swap, no_bird, grow, verbose;
	char *sets[SETS_MAX];
	size_t n_sets;
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
number(const char *text, uint32_t max)
{
	uint32_t n;

	if (num_parse(&n, text, strlen(text), 0, max) != 0)
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

static struct wgkey
public_of(uint32_t seed)
{
	struct wgkey key = key_of(seed), public_key;

	wgkey_public(&public_key, &key);
	return public_key;
}

static void
make_tunnel(struct plan_tunnel *t, const struct options *o, uint32_t i)
{
	struct ip ours = { 6, { 0xfe, 0x80, 2, 0x63, [13] = 1 } };
	struct ip theirs = { 6, { 0xfe, 0x80, 2, 0x63, [13] = 2 } };

	ours.byte[14] = theirs.byte[14] = (uint8_t)((i + 1) >> 8);
	ours.byte[15] = theirs.byte[15] = (uint8_t)(i + 1);
	t->asn = ASN_FIRST + i;
	plan_peering_ifname(t->ifname, t->asn);
	t->listen_port = (uint16_t)(o->listen + i);
	t->mtu = 1420;
	t->key = public_of(o->peer + i);
	strlcpy(t->host, o->host, sizeof(t->host));
	t->port = (uint16_t)(o->host[0] != '\0' ? o->port + i : 0);
	t->keepalive = o->host[0] != '\0' ? PLAN_KEEPALIVE : 0;
	tunnel_allow_common(t);
	t->local = o->swap ? theirs : ours;
	t->remote = o->swap ? ours : theirs;
}

static void
make_peerings(struct plan *plan, const struct options *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		struct plan_tunnel *t = &plan->tunnels[plan->n_tunnels++];
		struct plan_session *s = &plan->sessions[i];

		make_tunnel(t, o, i);
		s->asn = t->asn;
		snprintf(s->name, sizeof(s->name), "ebgp_as%u_v6", s->asn);
		strlcpy(s->ifname, t->ifname, sizeof(s->ifname));
		s->neighbor = t->remote;
		s->source = t->local;
		s->import_limit = 9000;
	}
	plan->n_sessions = o->no_bird ? 0 : o->n;
}

/* POPs 1 to N + 1, of which we are the first. */
static void
make_links(struct plan *plan, const struct options *o)
{
	struct network net = { .asn = plan->asn,
		.mesh = { .igp = IGP_BABEL, .port_base = 51800, .mtu = 1420 },
		.peering = { .link_local = { 6, { 0xfe, 0x80, 2, 0x63 } } } };

	net.n_pops = o->links + 1;
	net.pops = calloc(net.n_pops, sizeof(*net.pops));
	if (net.pops == NULL)
		err(1, NULL);
	for (uint32_t i = 0; i < net.n_pops; i++) {
		struct network_pop *p = &net.pops[i];

		p->id = (uint16_t)(i + 1);
		snprintf(p->name, sizeof(p->name), "pop%u", (unsigned)p->id);
		strlcpy(p->endpoint, o->host, sizeof(p->endpoint));
		p->public_key = public_of(POP_SEED + p->id);
		p->ipv6.ip = (struct ip){ 6,
			{ 0xfd, 0x28, 0x75, 0x15, 0x7d, 0x51,
			    (uint8_t)(p->id >> 8), (uint8_t)p->id, [15] = 1 } };
	}
	plan->loopback6 = net.pops[0].ipv6.ip;
	derive_mesh(plan, &net, &net.pops[0]);
	free(net.pops);
}

/* IFNAME:FIELD:VALUE */
static void
set_field(struct plan *plan, const char *text)
{
	char ifname[PLAN_IFNAME_MAX], field[8];
	struct plan_tunnel *t = NULL;
	const char *value;
	int used = 0;

	if (sscanf(text, "%15[^:]:%7[^:]:%n", ifname, field, &used) != 2 ||
	    used == 0)
		errx(64, "%s", usage);
	value = text + used;
	for (size_t i = 0; i < plan->n_tunnels; i++)
		if (strcmp(plan->tunnels[i].ifname, ifname) == 0)
			t = &plan->tunnels[i];
	if (t == NULL)
		errx(64, "there is no tunnel %s", ifname);
	if (strcmp(field, "mtu") == 0)
		t->mtu = (uint16_t)number(value, 1500);
	else if (strcmp(field, "key") == 0)
		t->key = public_of(number(value, UINT32_MAX));
	else if (strcmp(field, "host") == 0)
		strlcpy(t->host, value, sizeof(t->host));
	else
		errx(64, "%s", usage);
}

static int
by_ifname(const void *a, const void *b)
{
	const struct plan_tunnel *x = a, *y = b;

	return strcmp(x->ifname, y->ifname);
}

static struct plan *
make_plan(const struct options *o)
{
	static const char *const prefixes[] = { "172.22.144.160/27",
		"fd28:7515:7d51::/48" };
	struct plan *plan = calloc(1, sizeof(*plan));

	if (plan == NULL)
		err(1, NULL);
	plan->asn = 4242420263;
	strlcpy(plan->name, "Network", sizeof(plan->name));
	strlcpy(plan->pop_name, "pop1", sizeof(plan->pop_name));
	plan->router_id = (struct ip){ 4, { 172, 22, 144, 161 } };
	for (size_t i = 0; i < 2; i++)
		prefix_parse(&plan->prefixes[plan->n_prefixes++], prefixes[i],
		    strlen(prefixes[i]));
	plan->endpoint.ipv4 = plan->endpoint.ipv6 = true;
	strlcpy(plan->endpoint.allow[0], "documentation", 16);
	plan->endpoint.n_allow = 1;
	plan_link_rules(plan);
	ip_parse(&plan->loopback6, o->loopback, strlen(o->loopback));
	plan->tunnels = calloc(o->n + o->links + 1, sizeof(*plan->tunnels));
	plan->sessions = calloc(o->n + 1, sizeof(*plan->sessions));
	plan->ibgp = calloc(o->links + 1, sizeof(*plan->ibgp));
	if (plan->tunnels == NULL || plan->sessions == NULL ||
	    plan->ibgp == NULL)
		err(1, NULL);
	make_peerings(plan, o);
	if (o->links > 0)
		make_links(plan, o);
	qsort(
	    plan->tunnels, plan->n_tunnels, sizeof(*plan->tunnels), by_ifname);
	for (size_t i = 0; i < o->n_sets; i++)
		set_field(plan, o->sets[i]);
	return plan;
}

/* The counts are of tunnels; the other parts are told by --verbose. */
static void
on_states(void *arg, uint32_t serial, const struct wire_state *states, size_t n)
{
	static const char *const words[] = { "applied", "waiting", "refused" };
	struct apply *a = arg;
	size_t count[3] = { 0 };

	(void)serial;
	a->ms = (double)(clock_mono_us() - a->begun) / 1000;
	for (size_t i = 0; i < n; i++) {
		count[states[i].progress] +=
		    strncmp(states[i].part, "wg-", 3) == 0;
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
take_option(struct options *o, int c)
{
	switch (c) {
	case 'r':
		o->root = optarg;
		break;
	case 'h':
		o->host = optarg;
		break;
	case 'L':
		o->loopback = optarg;
		break;
	case 'w':
		o->wg_quick = optarg;
		break;
	case 's':
		o->self = number(optarg, UINT32_MAX);
		break;
	case 'p':
		o->peer = number(optarg, UINT32_MAX);
		break;
	case 'l':
		o->listen = number(optarg, 65535);
		break;
	case 'P':
		o->port = number(optarg, 65535);
		break;
	case 'n':
		o->links = number(optarg, LINKS_MAX);
		break;
	case 'R':
		o->repeat = number(optarg, REPEAT_MAX);
		break;
	case 'S':
		if (o->n_sets < SETS_MAX)
			o->sets[o->n_sets++] = optarg;
		break;
	default:
		errx(64, "%s", usage);
	}
}

static void
parse(struct options *o, int argc, char **argv)
{
	const struct option known[] = { { "root", 1, NULL, 'r' },
		{ "self", 1, NULL, 's' }, { "peer", 1, NULL, 'p' },
		{ "listen", 1, NULL, 'l' }, { "host", 1, NULL, 'h' },
		{ "port", 1, NULL, 'P' }, { "loopback", 1, NULL, 'L' },
		{ "links", 1, NULL, 'n' }, { "set", 1, NULL, 'S' },
		{ "wg-quick", 1, NULL, 'w' }, { "repeat", 1, NULL, 'R' },
		{ "swap", 0, &o->swap, 1 }, { "no-bird", 0, &o->no_bird, 1 },
		{ "grow", 0, &o->grow, 1 }, { "verbose", 0, &o->verbose, 1 },
		{ 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (c != 0)
			take_option(o, c);
	if (optind + 1 != argc)
		errx(64, "%s", usage);
	o->n = number(argv[optind], PEERINGS_MAX);
}

static void
write_wg_quick(const struct options *o)
{
	struct plan *plan = make_plan(o);

	for (size_t i = 0; i < plan->n_tunnels; i++) {
		char name[PLAN_IFNAME_MAX + 8], path[PATHS_MAX];
		FILE *f;

		snprintf(
		    name, sizeof(name), "%s.conf", plan->tunnels[i].ifname);
		if (path_join(path, sizeof(path), o->wg_quick, name) != 0 ||
		    (f = fopen(path, "w")) == NULL)
			err(1, "%s", name);
		if (render_wg_quick(f, plan, &plan->tunnels[i]) != 0 ||
		    fclose(f) != 0)
			err(1, "%s", path);
	}
	plan_free(plan);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One converge after the other; the times of all but the first into ms. */
static void
converge_all(struct apply *a, struct options *o, double *ms)
{
	for (uint32_t i = 0; i <= o->repeat; i++) {
		struct plan *plan;

		a->done = false;
		if (i > 0 && o->grow)
			*(o->links > 0 ? &o->links : &o->n) += 1;
		plan = i == 0 || o->grow ? make_plan(o) : NULL;
		a->begun = clock_mono_us();
		if (plan != NULL)
			converge_plan(a->converge, i + 1, plan, false);
		else
			converge_again(a->converge);
		while (!a->done)
			event_base_loop(a->base, EVLOOP_ONCE);
		if (i > 0)
			ms[i - 1] = a->ms;
	}
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
	if (o.wg_quick != NULL) {
		write_wg_quick(&o);
		return 0;
	}
	if (paths_init(&paths, o.root) != 0)
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
	converge_all(&a, &o, ms);
	qsort(ms, o.repeat, sizeof(*ms), by_value);
	if (o.repeat > 0)
		printf("median ms %.2f\n", ms[o.repeat / 2]);
	converge_close(a.converge);
	event_base_free(a.base);
	return 0;
}
