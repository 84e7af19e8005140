#ifndef AGENT_SURVEY_H
#define AGENT_SURVEY_H

#include "agent/converge.h"
#include "agent/prober.h"
#include "agent/wire.h"

/*
 * WIRE_SURVEY: how the links of the plan are, or all its tunnels, and what BIRD
 * says of its protocols. What has not answered in SURVEY_US is left out.
 */
struct survey;

#define SURVEY_US 1500000

struct survey_args {
	struct event_base *base;
	struct converge *converge;
	struct prober *prober;
	bool all; /* tunnels of peerings too; the first PROBES_MAX are probed */
	void (*surveyed)(
	    void *arg, uint32_t token, const struct wire_survey *survey);
	void *arg;
};

/* 0 or a negative errno. */
int survey_open(struct survey **out, const struct survey_args *args);
void survey_close(struct survey *s);

/*
 * Begins one, or joins the one that is under way: `surveyed` is called once
 * with the token, perhaps before this returns.
 */
void survey_ask(struct survey *s, uint32_t token);

#endif
