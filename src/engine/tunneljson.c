#include "engine/tunneljson.h"

#include <string.h>

#include "engine/agentlink.h"
#include "engine/request.h"

static const struct wire_link *
find_link(const struct wire_survey *survey, const char *ifname)
{
	for (size_t i = 0; i < survey->n_links; i++)
		if (strcmp(survey->links[i].ifname, ifname) == 0)
			return &survey->links[i];
	return NULL;
}

static json_t *
endpoint_json(const struct ip *ip, uint16_t port)
{
	char text[ENDPOINT_TEXT_MAX], address[IP_TEXT_MAX];

	if (ip->family == 0)
		return json_null();
	endpoint_text(text, ip_text(ip, address), port);
	return json_string(text);
}

static json_t *
number_or_null(uint64_t n, bool known)
{
	return known ? json_integer((json_int_t)n) : json_null();
}

json_t *
tunnel_json(const struct engine *e, const struct plan_tunnel *t,
    const struct wire_survey *survey)
{
	static const struct wire_link unknown = { .rtt = WIRE_RTT_UNKNOWN };
	const struct wire_state *s = agentlink_state(e->agent, t->ifname);
	const struct wire_link *l = find_link(survey, t->ifname);
	bool known = l != NULL && l->endpoint.family != 0;

	if (l == NULL)
		l = &unknown;
	return json_pack("{s:s,s:s,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "pop",
	    t->pop_name, "ifname", t->ifname, "state",
	    s != NULL ? json_string(request_progress_name(s->progress))
		      : json_null(),
	    "reason", s != NULL ? s->reason : "", "endpoint",
	    endpoint_json(&l->endpoint, l->endpoint_port), "handshake",
	    number_or_null((uint64_t)l->handshake, l->handshake > 0), "rtt",
	    number_or_null(l->rtt, l->rtt != WIRE_RTT_UNKNOWN), "rx",
	    number_or_null(l->rx, known), "tx", number_or_null(l->tx, known));
}
