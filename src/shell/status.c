/* peer_status: what the POP has of a peering, in the words of wg and birdc. */
#include <string.h>
#include <time.h>

#include "api/field.h"
#include "shell/mask.h"
#include "shell/refused.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/tree.h"
#include "shell/units.h"

static void
print_comment(struct shell *sh, const char *text)
{
	out_print(&sh->out, "\n");
	out_styled(&sh->out, OUT_HEADING, " $ # %s\n", text);
}

static void
print_when(struct shell *sh, const char *what, int64_t then, int64_t now)
{
	char when[UNITS_MAX], ago[UNITS_MAX];

	out_print(&sh->out, " %s: %s (%s)\n", what, units_time(when, then),
	    units_ago(ago, then, now));
}

static void
print_latency(struct shell *sh, const json_t *p)
{
	char ms[UNITS_MAX] = "no answer";

	out_print(&sh->out, " latency: ");
	if (!field_is_set(p, "latency")) {
		out_print(&sh->out, "not measured yet\n");
		return;
	}
	if (field_is_set(p, "rtt_us"))
		units_ms(ms, (uint32_t)field_number(p, "rtt_us"));
	out_print(&sh->out, "%s (class %lld)\n", ms,
	    (long long)field_number(p, "latency"));
}

static void
print_state(struct shell *sh, const json_t *p, int64_t now)
{
	const char *state = field_text(p, "state");
	bool good = strcmp(state, "applied") == 0;

	print_comment(sh, "Configuration");
	out_print(&sh->out,
	    " peering: AS%lld\n state:   ", (long long)field_number(p, "asn"));
	out_styled(&sh->out, good ? OUT_GOOD : OUT_WARN, "%s", state);
	if (field_text(p, "reason")[0] != '\0')
		out_print(&sh->out, " (%s)", field_text(p, "reason"));
	out_print(&sh->out, "\n");
	if (field_text(p, "paused")[0] != '\0')
		out_print(&sh->out,
		    " session: kept down until the registry has it again\n");
	print_when(sh, "changed", field_number(p, "changed"), now);
	if (field_is_set(p, "applied"))
		print_when(sh, "applied", field_number(p, "applied"), now);
	print_latency(sh, p);
}

static void
print_allowed(struct shell *sh, const json_t *list)
{
	json_t *v;
	size_t i;

	out_print(&sh->out, "   allowed ips: ");
	json_array_foreach(list, i, v) out_print(
	    &sh->out, "%s%s", i > 0 ? ", " : "", json_string_value(v));
	out_print(&sh->out, "%s\n", json_array_size(list) > 0 ? "" : "(none)");
}

static void
print_peer(struct shell *sh, const json_t *t, bool psk, int64_t now)
{
	char text[MASK_MAX], sent[UNITS_MAX];
	int64_t handshake = field_number(t, "handshake");
	int64_t rx = field_number(t, "rx"), tx = field_number(t, "tx");

	out_styled(&sh->out, OUT_WARN, " peer");
	out_print(&sh->out, ": %s\n", mask_key(text, field_text(t, "peer")));
	if (psk)
		out_print(&sh->out, "   preshared key: (hidden)\n");
	if (field_text(t, "endpoint")[0] != '\0')
		out_print(&sh->out, "   endpoint: %s\n",
		    mask_endpoint(text, field_text(t, "endpoint")));
	print_allowed(sh, json_object_get(t, "allowed"));
	if (handshake > 0)
		out_print(&sh->out, "   latest handshake: %s\n",
		    units_ago(text, handshake, now));
	if (rx > 0 || tx > 0)
		out_print(&sh->out, "   transfer: %s received, %s sent\n",
		    units_bytes(text, (uint64_t)rx),
		    units_bytes(sent, (uint64_t)tx));
	if (field_number(t, "keepalive") > 0)
		out_print(&sh->out,
		    "   persistent keepalive: every %lld seconds\n",
		    (long long)field_number(t, "keepalive"));
}

static void
print_tunnel(struct shell *sh, const json_t *t, bool psk, int64_t now)
{
	print_comment(sh, "Wireguard interface");
	if (!json_is_object(t)) {
		out_styled(&sh->out, OUT_WARN, " There is none.\n");
		return;
	}
	out_print(&sh->out, " $ wg show %s\n", field_text(t, "ifname"));
	out_styled(&sh->out, OUT_GOOD, " interface");
	out_print(&sh->out,
	    ": %s\n   public key: %s\n   private key: (hidden)\n"
	    "   listening port: %lld\n\n",
	    field_text(t, "ifname"), field_text(t, "key"),
	    (long long)field_number(t, "listen_port"));
	print_peer(sh, t, psk, now);
}

static void
print_channel(struct shell *sh, const json_t *c)
{
	out_print(&sh->out,
	    "   Channel %s\n     State:          ", field_text(c, "family"));
	out_styled(&sh->out,
	    strcmp(field_text(c, "state"), "UP") == 0 ? OUT_GOOD : OUT_WARN,
	    "%s\n", field_text(c, "state"));
	if (field_is_set(c, "limit"))
		out_print(&sh->out, "     Import limit:   %lld\n",
		    (long long)field_number(c, "limit"));
	if (!field_is_set(c, "imported"))
		return;
	out_print(&sh->out, "     Routes:         %lld imported, ",
	    (long long)field_number(c, "imported"));
	if (field_is_set(c, "filtered"))
		out_print(&sh->out, "%lld filtered, ",
		    (long long)field_number(c, "filtered"));
	out_print(&sh->out, "%lld exported, %lld preferred\n",
	    (long long)field_number(c, "exported"),
	    (long long)field_number(c, "preferred"));
}

/* A line of BIRD's, if there is a value for it. */
static void
print_member(struct shell *sh, const char *label, const json_t *s,
    const char *key, const char *suffix)
{
	const json_t *v = json_object_get(s, key);

	if (json_is_integer(v))
		out_print(&sh->out, "%s%lld%s\n", label,
		    (long long)json_integer_value(v), suffix);
	else if (json_is_string(v) && json_string_length(v) > 0)
		out_print(
		    &sh->out, "%s%s%s\n", label, json_string_value(v), suffix);
}

/* BIRD's own text where it is one; a time otherwise. */
static const char *
since_text(const json_t *s, char buf[UNITS_MAX])
{
	if (json_is_number(json_object_get(s, "since")))
		return units_time(buf, field_number(s, "since"));
	return field_text(s, "since");
}

void
session_print(struct shell *sh, const json_t *s)
{
	const char *name = field_text(s, "name");
	bool up = strcmp(field_text(s, "state"), "up") == 0;
	int room = strlen(name) > 10 ? (int)strlen(name) : 10; /* as birdc */
	char since[UNITS_MAX];
	json_t *c;
	size_t i;

	print_comment(sh, "Bird BGP session");
	if (!json_is_object(s)) {
		out_styled(&sh->out, OUT_WARN, " There is none.\n");
		return;
	}
	out_print(&sh->out,
	    " $ birdc show protocols all %s\n"
	    " %-*s Proto      Table      State  Since         Info\n"
	    " %-*s BGP        ---        ",
	    name, room, "Name", room, name);
	out_styled(
	    &sh->out, up ? OUT_GOOD : OUT_WARN, "%-6s", field_text(s, "state"));
	out_print(&sh->out, " %-13s %s\n", since_text(s, since),
	    field_text(s, "info"));
	print_member(sh, "      Neighbor address: ", s, "neighbor", "");
	print_member(sh, "      Neighbor AS:      ", s, "neighbor_asn", "");
	print_member(sh, "      Neighbor ID:      ", s, "neighbor_id", "");
	print_member(sh, "      Last error:       ", s, "error", "");
	json_array_foreach(json_object_get(s, "channels"), i, c)
	    print_channel(sh, c);
}

static int
show(struct shell *sh, const struct args *a, uint32_t asn)
{
	json_t *answer = NULL;
	int64_t now = (int64_t)time(NULL);
	const json_t *p;
	int status;

	status = shell_call(sh, a, "peer_status",
	    json_pack("{s:I}", "asn", (json_int_t)asn), &answer);
	if (status != 0)
		return status;
	if (!shell_json(sh, a, answer)) {
		p = json_object_get(answer, "peering");
		print_state(sh, p, now);
		print_tunnel(sh, json_object_get(answer, "tunnel"),
		    field_flag(p, "psk"), now);
		session_print(sh, json_object_get(answer, "session"));
		refused_print(&sh->out, answer);
	}
	json_decref(answer);
	return SHELL_OK;
}

/* All of them, where none was named and there is more than one. */
static int
show_all(struct shell *sh, const struct args *a)
{
	json_t *answer = NULL, *list, *p;
	int status, worst = SHELL_OK;
	size_t i;

	status = shell_call(sh, a, "peer_list", NULL, &answer);
	if (status != 0)
		return status;
	list = json_object_get(answer, "peerings");
	if (json_array_size(list) == 0)
		out_print(&sh->out, "There is no peering session yet; "
				    "peer_create makes one.\n");
	json_array_foreach(list, i, p)
	{
		if (sh->ended)
			break;
		status = show(sh, a, (uint32_t)field_number(p, "asn"));
		if (status != SHELL_OK)
			worst = status;
	}
	json_decref(answer);
	return worst;
}

int
run_status(struct shell *sh, const struct args *a)
{
	uint32_t asn;
	int status;

	if (args_get(a, "asn") == NULL && args_get(a, "json") == NULL)
		return show_all(sh, a);
	status = shell_pick(sh, a, &asn);
	return status != 0 ? status : show(sh, a, asn);
}
