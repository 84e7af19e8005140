#include "engine/rib.h"

#include <bsd/string.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value if the line is "NAME: value", else NULL. */
static const char *
value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + strspn(line + len + 1, " ");
}

static void
take_word(char *dst, size_t size, const char *text)
{
	size_t len = strcspn(text, " ");

	if (len < size) {
		memcpy(dst, text, len);
		dst[len] = '\0';
	}
}

static void
take_address(struct ip *out, const char *text)
{
	ip_parse(out, text, strcspn(text, " ]%"));
}

/* "[ebgp_as4242421344_v6 2026-11-22 from fe80::1]" */
static const char *
take_bracket(struct rib_route *r, const char *text)
{
	const char *end = strchr(text, ']'), *from = strstr(text, " from ");
	char words[160];
	size_t len;

	if (*text != '[' || end == NULL)
		return NULL;
	len = (size_t)(end - text) - 1;
	if (from != NULL && from < end) {
		take_address(&r->from, from + strlen(" from "));
		len = (size_t)(from - text) - 1;
	}
	if (len >= sizeof(words))
		return NULL;
	memcpy(words, text + 1, len);
	words[len] = '\0';
	take_word(r->proto, sizeof(r->proto), words);
	len = strcspn(words, " ");
	if (words[len] == ' ')
		strlcpy(r->since, words + len + 1, sizeof(r->since));
	return end + 1;
}

/* "via 172.20.229.116 on wg-as4242421080 weight 1" */
static void
take_via(struct rib_route *r, const char *text)
{
	const char *on;

	if (r->via.family != 0 || r->ifname[0] != '\0')
		return; /* the first of several */
	if (strncmp(text, "via ", 4) == 0)
		take_address(&r->via, text + 4);
	on = strncmp(text, "dev ", 4) == 0 ? text : strstr(text, " on ");
	if (on != NULL)
		take_word(r->ifname, sizeof(r->ifname), on + 4);
}

/* "unicast [proto since] * (100/20) [AS4242421344i]" */
static bool
parse_route(struct rib_route *r, const char *text)
{
	const char *at = strchr(text, '[');
	unsigned preference, metric;
	int n;

	if (at == NULL)
		return false;
	take_word(r->type, sizeof(r->type), text);
	if (strncmp(text, "via ", 4) == 0 || strncmp(text, "dev ", 4) == 0) {
		take_via(r, text); /* 1.6 has it here, and no type */
		strlcpy(r->type, "unicast", sizeof(r->type));
	}
	at = take_bracket(r, at);
	if (at == NULL)
		return false;
	at += strspn(at, " ");
	if (*at == '*' || *at == '!') {
		r->best = true;
		at += 1 + strspn(at + 1, " ");
	}
	n = sscanf(at, "(%9u/%9u)", &preference, &metric);
	if (n < 1)
		return false;
	r->external = strncmp(r->proto, "ibgp_", 5) != 0;
	r->preference = preference;
	r->has_metric = n == 2;
	r->metric = n == 2 ? metric : 0;
	return true;
}

/* AS numbers, and sets of them in braces or parentheses. */
static void
take_path(struct rib_route *r, const char *text)
{
	bool in_set = false;

	strlcpy(r->path, text, sizeof(r->path));
	r->first_asn = (uint32_t)strtoul(text, NULL, 10);
	r->path_len = 0;
	for (; *text != '\0'; text++) {
		bool begins = text[0] != ' ' && text[0] != '}' &&
			      (r->path_len == 0 || text[-1] == ' ');

		if (begins && !in_set)
			r->path_len++;
		if (*text == '{')
			in_set = true;
		else if (*text == '}')
			in_set = false;
	}
}

static void
take_number(uint32_t *out, bool *has, const char *text)
{
	*out = (uint32_t)strtoul(text, NULL, 10);
	*has = true;
}

static void
take_attribute(struct rib_route *r, const char *line)
{
	const char *v;

	if (strncmp(line, "via ", 4) == 0 || strncmp(line, "dev ", 4) == 0)
		take_via(r, line);
	else if ((v = value_of(line, "Type")) != NULL)
		take_word(r->source, sizeof(r->source), v);
	else if ((v = value_of(line, "BGP.origin")) != NULL)
		take_word(r->origin, sizeof(r->origin), v);
	else if ((v = value_of(line, "BGP.as_path")) != NULL)
		take_path(r, v);
	else if ((v = value_of(line, "BGP.local_pref")) != NULL)
		take_number(&r->local_pref, &r->has_local_pref, v);
	else if ((v = value_of(line, "BGP.med")) != NULL)
		take_number(&r->med, &r->has_med, v);
}

void
rib_end(struct rib *rib)
{
	if (rib->open && rib->net.all > 0)
		rib->take(rib->arg, &rib->net);
	rib->open = false;
}

/* "172.20.0.53/32  unicast [...". False: no network. */
static bool
begin_network(struct rib *rib, const char *text)
{
	size_t len = strcspn(text, " ");
	struct prefix prefix;

	rib_end(rib);
	if (prefix_parse(&prefix, text, len) != 0)
		return false;
	rib->net.prefix = prefix;
	rib->net.n = rib->net.all = 0;
	rib->open = true;
	return true;
}

static void
begin_route(struct rib *rib, const char *text)
{
	struct rib_network *net = &rib->net;
	struct rib_route r = { 0 };

	if (!parse_route(&r, text))
		return;
	net->all++;
	if (net->n < RIB_ROUTES_MAX)
		net->routes[net->n++] = r;
}

void
rib_line(void *arg, const struct birdline *line)
{
	struct rib *rib = arg;
	struct rib_network *net = &rib->net;
	const char *text = line->text;

	if (line->indent == BIRDLINES_TAB) {
		/* Of one that is not kept, too: it would be another's. */
		if (rib->open && net->n > 0 && net->all == net->n)
			take_attribute(&net->routes[net->n - 1], text);
	} else if (line->indent == BIRDLINES_BLANK) {
		if (rib->open)
			begin_route(rib, text);
	} else if (begin_network(rib, text)) {
		text += strcspn(text, " ");
		begin_route(rib, text + strspn(text, " "));
	}
}
