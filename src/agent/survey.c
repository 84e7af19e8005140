#include "agent/survey.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_show.h"
#include "agent/tunnel_look.h"

#define ECHO_US	   1000000 /* a link that takes longer is as good as dead */
#define TOKENS_MAX 64 /* who waits for a survey; more are answered nothing */

struct survey {
	struct survey_args args;
	struct event *late;
	uint32_t tokens[TOKENS_MAX];
	size_t n_tokens; /* 0: none is under way */
	struct wire_survey found;
	struct probe *probes; /* of found.links */
	struct probing question;
	char *bird; /* found.bird, as ours to free */
	bool probing;
	bool showing; /* BIRD was asked, perhaps by the survey before */
};

static void
forget(struct survey *s)
{
	prober_forget(&s->question);
	event_del(s->late);
	free(s->found.links);
	free(s->probes);
	free(s->bird);
	s->found = (struct wire_survey){ .bird = "" };
	s->probes = NULL;
	s->bird = NULL;
	s->probing = false;
	s->n_tokens = 0;
}

static void
take_device(struct wire_link *l, const struct wg_device *device,
    const struct plan_tunnel *t)
{
	const struct wg_peer *p = wg_peer(device, &t->key);

	if (p == NULL)
		return;
	l->endpoint = p->endpoint;
	l->endpoint_port = p->port;
	l->handshake = p->handshake;
	l->rx = p->rx;
	l->tx = p->tx;
}

/* Last, as a probe itself may have brought about the handshake. */
static void
read_tunnels(struct survey *s)
{
	const struct plan *plan = converge_has(s->args.converge);
	size_t n = s->found.n_links;
	struct tunnel_look *looks;

	if (n == 0)
		return;
	looks = calloc(n, sizeof(*looks));
	if (looks == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		looks[i].ifname = s->found.links[i].ifname;
	if (tunnels_look(converge_tunnels(s->args.converge), looks, n) != 0)
		goto out;
	for (size_t i = 0; i < n; i++) {
		const struct plan_tunnel *t =
		    plan_tunnel_find(plan, looks[i].ifname);

		if (looks[i].rc == 0 && t != NULL)
			take_device(&s->found.links[i], &looks[i].device, t);
	}
out:
	explicit_bzero(looks, n * sizeof(*looks));
	free(looks);
}

static void
finish(struct survey *s)
{
	for (size_t i = 0; i < s->found.n_links; i++)
		s->found.links[i].rtt = s->probes[i].rtt;
	read_tunnels(s);
	for (size_t i = 0; i < s->n_tokens; i++)
		s->args.surveyed(s->args.arg, s->tokens[i], &s->found);
	forget(s);
}

static void
finish_if_done(struct survey *s)
{
	if (s->n_tokens > 0 && !s->probing && !s->showing)
		finish(s);
}

static void
on_probed(void *arg)
{
	struct survey *s = arg;

	s->probing = false;
	finish_if_done(s);
}

/* It may come late, when the survey that asked has ended without it. */
static void
on_shown(void *arg, const struct bird_answer *answer)
{
	struct survey *s = arg;

	s->showing = false;
	if (s->n_tokens > 0 && answer->len <= WIRE_SURVEY_BIRD_MAX &&
	    answer->code >= 0 && answer->code < BIRD_RUNTIME_ERRORS) {
		s->bird = malloc(answer->len + 1);
		if (s->bird != NULL) {
			memcpy(s->bird, answer->text, answer->len);
			s->found.bird = s->bird;
			s->found.bird_len = answer->len;
		}
	}
	finish_if_done(s);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	finish(arg);
}

/* Links by name, and where to send a probe; 0 or -ENOMEM. */
static int
list_links(struct survey *s, const struct plan *plan)
{
	struct link_table table = { 0 };
	size_t n = 0;

	s->found.links = calloc(plan->n_tunnels + 1, sizeof(*s->found.links));
	s->probes = calloc(plan->n_tunnels + 1, sizeof(*s->probes));
	if (s->found.links == NULL || s->probes == NULL)
		return -ENOMEM;
	/* Without it no link has an index, and none is probed. */
	tunnels_links(converge_tunnels(s->args.converge), &table);
	for (size_t i = 0; i < plan->n_tunnels; i++) {
		const struct plan_tunnel *t = &plan->tunnels[i];
		const struct link *l = link_by_name(&table, t->ifname);

		if (t->pop == 0 && !s->args.all)
			continue;
		memcpy(s->found.links[n].ifname, t->ifname, sizeof(t->ifname));
		s->probes[n].ip =
		    t->remote.family != 0 ? t->remote : t->remote4;
		s->probes[n].rtt = PINGS_NONE;
		if (l != NULL && link_is_marked(l))
			s->probes[n].index = l->index;
		n++;
	}
	s->found.n_links = n;
	link_table_release(&table);
	return 0;
}

static void
begin(struct survey *s)
{
	const struct timeval late = { .tv_sec = SURVEY_US / 1000000,
		.tv_usec = SURVEY_US % 1000000 };
	const struct plan *plan = converge_has(s->args.converge);

	if (plan != NULL && list_links(s, plan) == 0 && s->found.n_links > 0) {
		s->question = (struct probing){ .list = s->probes,
			.n = s->found.n_links < PROBES_MAX ? s->found.n_links
							   : PROBES_MAX,
			.wait = ECHO_US,
			.done = on_probed,
			.arg = s };
		s->probing = prober_ask(s->args.prober, &s->question) == 0;
	}
	if (!s->showing)
		s->showing =
		    bird_show(bird_ctl(converge_bird(s->args.converge)), NULL,
			on_shown, s) == 0;
	event_add(s->late, &late);
	finish_if_done(s);
}

void
survey_ask(struct survey *s, uint32_t token)
{
	const struct wire_survey nothing = { .bird = "" };

	if (s->n_tokens == TOKENS_MAX) {
		s->args.surveyed(s->args.arg, token, &nothing);
		return;
	}
	s->tokens[s->n_tokens++] = token;
	if (s->n_tokens == 1)
		begin(s);
}

int
survey_open(struct survey **out, const struct survey_args *args)
{
	struct survey *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->args = *args;
	s->found.bird = "";
	s->late = evtimer_new(args->base, on_late, s);
	if (s->late == NULL) {
		survey_close(s);
		return -ENOMEM;
	}
	*out = s;
	return 0;
}

void
survey_close(struct survey *s)
{
	if (s == NULL)
		return;
	if (s->late != NULL) {
		forget(s);
		event_free(s->late);
	}
	free(s);
}
