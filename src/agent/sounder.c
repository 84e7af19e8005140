#include "agent/sounder.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define GAP_US 2000 /* in each of a group's packets */
/* No wait is shorter; a longer one is twice what the echo before it took. */
#define WAIT_US_MIN 200000

struct sounder {
	struct prober *prober;
	struct event *timer; /* of the next echo */
	bool busy;
	struct probe *list;
	size_t n, at; /* where the group begins */
	void (*done)(void *arg);
	void *arg;
	struct probe group[SOUNDER_GROUP]; /* who is silent has no index */
	struct probing asked; /* of the group */
	unsigned echo; /* from 0 */
	int64_t sent; /* monotonic microseconds */
};

static int
send_echo(struct sounder *s)
{
	s->sent = clock_mono_us();
	return prober_ask(s->prober, &s->asked);
}

/* The first group from there on that can be asked; there may be none left. */
static void
begin_group(struct sounder *s, size_t at)
{
	for (; at < s->n; at += SOUNDER_GROUP) {
		size_t n = s->n - at;

		if (n > SOUNDER_GROUP)
			n = SOUNDER_GROUP;
		memcpy(s->group, s->list + at, n * sizeof(s->group[0]));
		s->at = at;
		s->echo = 0;
		s->asked.n = n;
		s->asked.wait = PINGS_US_MAX;
		if (send_echo(s) == 0)
			return;
	}
	s->busy = false;
	s->done(s->arg);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct sounder *s = arg;

	(void)fd;
	(void)what;
	if (send_echo(s) != 0)
		begin_group(s, s->at + s->asked.n);
}

/* The greatest of an echo's times, each of which is kept if it is the least. */
static uint32_t
take_times(struct sounder *s)
{
	uint32_t greatest = 0;

	for (size_t i = 0; i < s->asked.n; i++) {
		uint32_t *least = &s->list[s->at + i].rtt;
		struct probe *p = &s->group[i];

		if (p->rtt == PINGS_NONE) {
			if (s->echo == 0)
				p->index = 0;
			continue;
		}
		if (*least == PINGS_NONE || p->rtt < *least)
			*least = p->rtt;
		if (p->rtt > greatest)
			greatest = p->rtt;
	}
	return greatest;
}

static uint32_t
wait_after(uint32_t greatest)
{
	if (greatest < WAIT_US_MIN / 2)
		return WAIT_US_MIN;
	return greatest < PINGS_US_MAX / 2 ? 2 * greatest : PINGS_US_MAX;
}

static void
on_probed(void *arg)
{
	struct sounder *s = arg;
	uint32_t greatest = take_times(s);
	int64_t left = s->sent + SOUNDER_SPACE_US - clock_mono_us();
	struct timeval tv = { 0 };

	/* An echo that all have lost says nothing but to wait as before. */
	if (greatest > 0)
		s->asked.wait = wait_after(greatest);
	else if (s->echo == 0)
		s->echo = SOUNDER_ECHOES - 1;
	if (++s->echo == SOUNDER_ECHOES) {
		begin_group(s, s->at + s->asked.n);
		return;
	}
	if (left > 0)
		tv.tv_usec = left;
	event_add(s->timer, &tv);
}

void
sounder_ask(struct sounder *s, struct probe *list, size_t n,
    void (*done)(void *arg), void *arg)
{
	for (size_t i = 0; i < n; i++)
		list[i].rtt = PINGS_NONE;
	s->list = list;
	s->n = n;
	s->done = done;
	s->arg = arg;
	s->busy = true;
	begin_group(s, 0);
}

bool
sounder_is_busy(const struct sounder *s)
{
	return s->busy;
}

int
sounder_open(
    struct sounder **out, struct event_base *base, struct prober *prober)
{
	struct sounder *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->prober = prober;
	s->asked = (struct probing){
		.list = s->group, .gap = GAP_US, .done = on_probed, .arg = s
	};
	s->timer = evtimer_new(base, on_timer, s);
	if (s->timer == NULL) {
		sounder_close(s);
		return -ENOMEM;
	}
	*out = s;
	return 0;
}

void
sounder_close(struct sounder *s)
{
	if (s == NULL)
		return;
	prober_forget(&s->asked);
	if (s->timer != NULL)
		event_free(s->timer);
	free(s);
}
