#include "engine/birdstatus.h"

#include <bsd/string.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/bird_reply.h"
#include "base/ip.h"
#include "base/text.h"

#define LINE_MAX_BYTES 512

/* A line of the answer, cleaned, without its code and its indent. */
struct bird_line {
	char text[LINE_MAX_BYTES];
};

static bool
next_line(const char **at, const char *end, struct bird_line *out)
{
	const char *start = *at, *stop;

	if (start >= end)
		return false;
	stop = memchr(start, '\n', (size_t)(end - start));
	if (stop == NULL)
		stop = end;
	*at = stop + 1;
	/* "1006-", "1006 ", or " " before a line that continues. */
	if (stop - start >= 5 && isdigit((unsigned char)start[0]) &&
	    isdigit((unsigned char)start[3]) &&
	    (start[4] == '-' || start[4] == ' '))
		start += 5;
	while (start < stop && *start == ' ')
		start++;
	while (stop > start && stop[-1] == ' ')
		stop--;
	text_clean(out->text, sizeof(out->text), start, (size_t)(stop - start));
	return true;
}

/* The value if the line is "NAME: value", else NULL. */
static const char *
value_of(const struct bird_line *line, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(line->text, name, len) != 0 || line->text[len] != ':')
		return NULL;
	return line->text + len + 1 + strspn(line->text + len + 1, " ");
}

/* "NAME BGP --- up 2025-05-28 Established": a line of the table. */
struct bird_head {
	char name[64], proto[16], state[16], since[32];
	char info[LINE_MAX_BYTES]; /* with single blanks */
};

/* BIRD fills words up to columns of its own. */
static void
squeeze(char *dst, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != ' ' || text[1] != ' ')
			*dst++ = *text;
	*dst = '\0';
}

static bool
parse_head(struct bird_head *h, const struct bird_line *line)
{
	char table[64];
	int n = 0;

	if (sscanf(line->text, "%63s %15s %63s %15s %31s %n", h->name, h->proto,
		table, h->state, h->since, &n) < 5 ||
	    n == 0)
		return false;
	/* A clock time has two words with some time formats. */
	if (isdigit(line->text[n]) && strchr(line->text + n, ':') != NULL) {
		char clock[16];
		int more = 0;

		if (sscanf(line->text + n, "%15s %n", clock, &more) == 1 &&
		    more > 0) {
			strlcat(h->since, " ", sizeof(h->since));
			strlcat(h->since, clock, sizeof(h->since));
			n += more;
		}
	}
	squeeze(h->info, line->text + n);
	return true;
}

static json_t *
new_session(const struct bird_line *line, const char *name)
{
	struct bird_head h;

	if (!parse_head(&h, line) || strcmp(h.name, name) != 0)
		return NULL;
	return json_pack("{s:s,s:s,s:s,s:s,s:[]}", "name", name, "state",
	    h.state, "since", h.since, "info", h.info, "channels");
}

static void
set_text(json_t *o, const char *key, const char *value)
{
	json_object_set_new(o, key, json_string(value));
}

/* "747 imported, 2 filtered, 610 exported, 144 preferred" */
static void
parse_routes(json_t *channel, const char *value)
{
	static const char *const known[] = { "imported", "filtered", "exported",
		"preferred" };
	char what[16];
	unsigned count;
	int n = 0;

	while (sscanf(value, "%9u %15[a-z]%n", &count, what, &n) == 2) {
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (strcmp(what, known[i]) == 0)
				json_object_set_new(
				    channel, what, json_integer(count));
		value += n;
		value += strspn(value, ", ");
	}
}

static void
parse_channel_line(json_t *channel, const struct bird_line *line)
{
	const char *v;

	if ((v = value_of(line, "State")) != NULL)
		set_text(channel, "state", v);
	else if ((v = value_of(line, "Routes")) != NULL)
		parse_routes(channel, v);
	else if ((v = value_of(line, "Import limit")) != NULL)
		json_object_set_new(
		    channel, "limit", json_integer(strtol(v, NULL, 10)));
}

static void
parse_session_line(json_t *session, const struct bird_line *line)
{
	const char *v;

	if ((v = value_of(line, "Neighbor address")) != NULL)
		set_text(session, "neighbor", v);
	else if ((v = value_of(line, "Neighbor AS")) != NULL)
		json_object_set_new(session, "neighbor_asn",
		    json_integer((json_int_t)strtoul(v, NULL, 10)));
	else if ((v = value_of(line, "Neighbor ID")) != NULL)
		set_text(session, "neighbor_id", v);
	else if ((v = value_of(line, "BGP state")) != NULL)
		set_text(session, "bgp_state", v);
	else if ((v = value_of(line, "Source address")) != NULL)
		set_text(session, "source", v);
	else if ((v = value_of(line, "Hold timer")) != NULL)
		set_text(session, "hold_timer", v);
	else if ((v = value_of(line, "Last error")) != NULL)
		set_text(session, "error", v);
}

static json_t *
new_channel(json_t *session, const char *family)
{
	json_t *channel = json_pack("{s:s,s:s,s:i,s:i,s:i,s:i}", "family",
	    family, "state", "DOWN", "imported", 0, "filtered", 0, "exported",
	    0, "preferred", 0);

	json_array_append_new(json_object_get(session, "channels"), channel);
	return channel;
}

/* BIRD 1.6 has one family, and tells of it among what the session has. */
static bool
parse_only_channel(json_t *session, const struct bird_line *line)
{
	json_t *channels = json_object_get(session, "channels");
	json_t *only = json_array_get(channels, 0);
	const char *v = value_of(line, "Routes");

	if (only == NULL && value_of(line, "Preference") != NULL) {
		new_channel(session, "ipv4");
		return true;
	}
	if (only == NULL || v == NULL)
		return false;
	set_text(only, "state", "UP"); /* else it has no such line */
	parse_routes(only, v);
	return true;
}

json_t *
birdstatus_json(const char *text, size_t len, const char *name)
{
	const char *end = text + len;
	json_t *session = NULL, *channel = NULL;
	struct bird_line line;

	while (next_line(&text, end, &line)) {
		if (session == NULL) {
			session = new_session(&line, name);
			continue;
		}
		if (strncmp(line.text, "Channel ", 8) == 0)
			channel = new_channel(session, line.text + 8);
		else if (channel != NULL)
			parse_channel_line(channel, &line);
		else if (!parse_only_channel(session, &line))
			parse_session_line(session, &line);
	}
	return session;
}

json_t *
birdstatus_protocols(const char *text, size_t len)
{
	const char *end = text + len;
	json_t *list = json_array();
	struct bird_line line;
	struct bird_head h;

	while (next_line(&text, end, &line)) {
		/* The heading is no protocol, though it looks like one. */
		if (!parse_head(&h, &line) ||
		    (strcmp(h.name, "Name") == 0 &&
			strcmp(h.proto, "Proto") == 0))
			continue;
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", h.name,
			      "proto", h.proto, "state", h.state, "since",
			      h.since, "info", h.info));
	}
	return list;
}

/* "172.20.0.0/24  unicast [ebgp_as...": what is behind it anyone may say. */
static bool
parse_route(const struct bird_line *line, struct prefix *out)
{
	size_t len = strcspn(line->text, " ");

	return memchr(line->text, '/', len) != NULL &&
	       prefix_parse(out, line->text, len) == 0;
}

json_t *
birdstatus_refused(const char *text, size_t len)
{
	const char *last = memrchr(text, '\n', len);
	const char *end = last != NULL ? last + 1 : text;
	json_t *list = json_array();
	struct prefix p, before = { 0 };
	char buf[PREFIX_TEXT_MAX];
	struct bird_line line;
	json_int_t count = 0;
	bool counted = false;
	unsigned n;

	while (next_line(&text, end, &line)) {
		if (bird_reply_counts(line.text, &n)) {
			counted = true;
			count += n;
			continue;
		}
		if (!parse_route(&line, &p) || prefix_cmp(&p, &before) == 0)
			continue;
		json_array_append_new(list, json_string(prefix_text(&p, buf)));
		before = p;
	}
	if (!counted) {
		json_decref(list);
		return NULL;
	}
	return json_pack("{s:I,s:o}", "count", count, "prefixes", list);
}
