#include "agent/look.h"

#include <stdlib.h>
#include <string.h>

#include "agent/bird_show.h"
#include "agent/tunnel_look.h"

/* What BIRD said, in whole lines. */
struct words {
	char *text;
	size_t len;
};

struct look {
	struct look_args args;
	uint32_t token;
	struct wire_observation o;
	char session[PLAN_SESSION_MAX];
	struct words bird, refused[REFUSAL_N];
	unsigned why; /* enum refusal that is being asked about */
	uint64_t left; /* routes to be found for it or one that is less */
};

static const char *
text_of(const struct words *w)
{
	return w->text != NULL ? w->text : "";
}

static void
finish(struct look *l)
{
	l->o.bird = text_of(&l->bird);
	l->o.bird_len = l->bird.len;
	for (size_t i = 0; i < REFUSAL_N; i++) {
		l->o.refused[i].bird = text_of(&l->refused[i]);
		l->o.refused[i].bird_len = l->refused[i].len;
	}
	l->args.observed(l->args.arg, l->token, &l->o);
	for (size_t i = 0; i < REFUSAL_N; i++)
		free(l->refused[i].text);
	free(l->bird.text);
	free(l);
}

/* Adds as many whole lines as fit. False if it is no answer. */
static bool
add(struct words *w, const struct bird_answer *a, size_t max)
{
	size_t len = a->len;
	const char *end;
	char *more;

	if (a->code < 0 || a->code >= BIRD_RUNTIME_ERRORS)
		return false;
	if (len > max - w->len) {
		end = memrchr(a->text, '\n', max - w->len);
		len = end != NULL ? (size_t)(end - a->text) + 1 : 0;
	}
	more = realloc(w->text, w->len + len + 1);
	if (more == NULL)
		return false;
	memcpy(more + w->len, a->text, len);
	w->text = more;
	w->len += len;
	return true;
}

static void on_counted(void *arg, const struct bird_answer *answer);

/* The reasons that many routes are refused for are the last ones. */
static void
count_next(struct look *l)
{
	if (l->why == 0 || l->left == 0 ||
	    bird_show_refused(bird_ctl(converge_bird(l->args.converge)),
		l->session, (enum refusal)-- l->why, true, on_counted, l) != 0)
		finish(l);
}

static void
on_listed(void *arg, const struct bird_answer *answer)
{
	struct look *l = arg;

	add(&l->refused[l->why], answer, WIRE_REFUSED_MAX);
	count_next(l);
}

/* Without a base that notes reasons BIRD understands none of the questions. */
static void
on_counted(void *arg, const struct bird_answer *answer)
{
	struct look *l = arg;
	uint64_t n;

	if (!add(&l->refused[l->why], answer, WIRE_REFUSED_MAX)) {
		finish(l);
		return;
	}
	n = bird_reply_sum(answer->text, answer->len);
	l->left -= n < l->left ? n : l->left;
	if (n == 0)
		count_next(l);
	else if (bird_show_refused(bird_ctl(converge_bird(l->args.converge)),
		     l->session, (enum refusal)l->why, false, on_listed,
		     l) != 0)
		finish(l);
}

static void
on_shown(void *arg, const struct bird_answer *answer)
{
	struct look *l = arg;

	if (add(&l->bird, answer, WIRE_BIRD_MAX))
		count_next(l);
	else
		finish(l);
}

static void
look_at_tunnel(struct look *l, const struct plan_tunnel *t)
{
	struct tunnel_look look = { .ifname = t->ifname };
	const struct wg_device *device = &look.device;
	struct wire_observation *o = &l->o;
	const struct wg_peer *p;
	int rc;

	rc = tunnels_look(converge_tunnels(l->args.converge), &look, 1);
	if (rc == 0)
		rc = look.rc;
	if (rc != 0) {
		fault_set(&o->fault, FAULT_AWAY, t->ifname,
		    "the interface cannot be read: %s", strerror(-rc));
		return;
	}
	memcpy(o->ifname, t->ifname, sizeof(o->ifname));
	if (!wgkey_is_zero(&device->private_key))
		wgkey_public(&o->our_key, &device->private_key);
	o->listen_port = device->listen_port;
	p = wg_peer(device, &t->key);
	if (p != NULL) {
		o->their_key = p->key;
		o->endpoint = p->endpoint;
		o->endpoint_port = p->port;
		o->handshake = p->handshake;
		o->rx = p->rx;
		o->tx = p->tx;
		o->keepalive = p->keepalive;
	}
	wg_device_wipe(&look.device);
}

static const struct plan_session *
session_of(const struct plan *plan, uint32_t asn)
{
	for (size_t i = 0; i < plan->n_sessions; i++)
		if (plan->sessions[i].asn == asn)
			return &plan->sessions[i];
	return NULL;
}

int
look_begin(const struct look_args *args, uint32_t token, uint32_t asn,
    uint32_t refused)
{
	const struct plan *plan = converge_has(args->converge);
	const struct plan_session *session = NULL;
	const struct plan_tunnel *tunnel = NULL;
	struct look *l = calloc(1, sizeof(*l));
	char ifname[PLAN_IFNAME_MAX];

	if (l == NULL)
		return FAULT_SYSTEM;
	l->args = *args;
	l->token = token;
	l->why = REFUSAL_N;
	l->left = refused;
	if (plan != NULL)
		tunnel =
		    plan_tunnel_find(plan, plan_peering_ifname(ifname, asn));
	if (tunnel != NULL) {
		look_at_tunnel(l, tunnel);
		session = session_of(plan, asn);
	} else {
		fault_set(&l->o.fault, FAULT_NOT_FOUND, "asn",
		    "the plan has no tunnel to AS%u", (unsigned)asn);
	}
	if (session != NULL)
		memcpy(l->session, session->name, sizeof(l->session));
	if (session == NULL ||
	    bird_show(bird_ctl(converge_bird(args->converge)), l->session,
		on_shown, l) != 0)
		finish(l);
	return 0;
}
