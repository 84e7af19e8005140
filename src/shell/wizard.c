/* peer_create and peer_edit by questions. */
#include <bsd/string.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/field.h"
#include "base/num.h"
#include "base/text.h"
#include "peering/peering.h"
#include "shell/ask.h"
#include "shell/change.h"
#include "shell/run.h"
#include "shell/table.h"

#define NONE "none" /* what clears a value */

enum {
	Q_ASN,
	Q_KEY,
	Q_ENDPOINT,
	Q_PORT,
	Q_LINK_LOCAL,
	Q_PSK,
	Q_MTU,
	Q_N,
};

/* The answers, as text; "": none. */
struct draft {
	char value[Q_N][HOST_TEXT_MAX];
	const json_t *peerings; /* those there are; NULL: an edit */
};

static const struct question {
	const char *field; /* in the API */
	enum option_type type; /* OPTION_FLAG: yes or no */
	const char *prompt;
	const char *none; /* what stands for "", NULL: a value is needed */
	const char *explain;
} questions[Q_N] = {
	[Q_ASN] = { "asn", OPTION_ASN, "AS number", NULL,
	    "The AS number that you peer with us." },
	[Q_KEY] = { "key", OPTION_KEY, "Wireguard public key", NULL,
	    "The public key of your end of the tunnel, as `wg pubkey` prints "
	    "it." },
	[Q_ENDPOINT] = { "endpoint", OPTION_HOST, "Endpoint address",
	    "none: behind NAT",
	    "The address or the name at which your WireGuard can be reached. "
	    "None: you are behind NAT, and your side opens the tunnel." },
	[Q_PORT] = { "port", OPTION_PORT, "Endpoint port", NULL,
	    "The UDP port that your WireGuard listens on." },
	[Q_LINK_LOCAL] = { "link_local", OPTION_LINK_LOCAL,
	    "Link-local address", "none: we give you one",
	    "Your own link-local address, if you want to bring one." },
	[Q_PSK] = { "psk", OPTION_FLAG, "Preshared key", NULL,
	    "A preshared key is a second secret, which we make and "
	    "peer_config prints." },
	[Q_MTU] = { "mtu", OPTION_MTU, "MTU", NULL, "The MTU of the tunnel." },
};

static const char *
shown(int q, const struct draft *d)
{
	if (d->value[q][0] != '\0' || questions[q].none == NULL)
		return d->value[q];
	return questions[q].none;
}

/* Is `text` an answer to the question? Normalises yes and no. */
static int
check(const struct question *q, char *text, size_t size, struct fault *f)
{
	if (q->type != OPTION_FLAG)
		return option_check(q->type, q->field, text, f);
	if (strcasecmp(text, "y") == 0 || strcasecmp(text, "yes") == 0)
		strlcpy(text, "yes", size);
	else if (strcasecmp(text, "n") == 0 || strcasecmp(text, "no") == 0)
		strlcpy(text, "no", size);
	else
		return fault_set(
		    f, FAULT_INVALID, q->field, "neither yes nor no");
	return 0;
}

static bool
has_peering(const json_t *peerings, uint32_t asn)
{
	json_t *p;
	size_t i;

	json_array_foreach(peerings, i, p)
	{
		if (field_number(p, "asn") == asn)
			return true;
	}
	return false;
}

/* May this AS number get a peering? Asked first, before all other answers. */
static int
check_asn(const struct shell *sh, const struct draft *d, const char *text,
    struct fault *f)
{
	bool own = sh->operator;
	uint32_t asn = 0;

	asn_parse(&asn, text, strlen(text));
	for (size_t i = 0; i < sh->n_asns; i++)
		own = own || sh->asns[i] == asn;
	if (!own)
		return fault_set(
		    f, FAULT_DENIED, "asn", "none of your AS numbers");
	if (has_peering(d->peerings, asn))
		return fault_set(f, FAULT_TAKEN, "asn",
		    "an AS number that has a peering here: peer_edit changes "
		    "it");
	return 0;
}

/* Asks until the answer is well-formed. False: they gave up. */
static bool
ask_question(struct shell *sh, int i, struct draft *d)
{
	const struct question *q = &questions[i];
	char prompt[64], text[HOST_TEXT_MAX];
	const char *now = shown(i, d);
	struct fault f;

	/* A long default would leave no room to type in a narrow window. */
	if (strlen(now) > 40)
		out_print(&sh->out, "Now: %s\n", now);
	snprintf(prompt, sizeof(prompt),
	    *now == '\0' ? "%s%s:" : "%s [%s]:", q->prompt,
	    strlen(now) > 40 ? "as it is" : now);
	for (;;) {
		bool ok = i == Q_ASN
			      ? ask_asn_text(sh, prompt, text, sizeof(text))
			      : ask_text(sh, prompt, text, sizeof(text));
		if (!ok)
			return false;
		if (text[0] == '\0' && *now != '\0' && i != Q_ASN)
			return true;
		if (text[0] == '\0')
			strlcpy(text, now, sizeof(text));
		if (strcasecmp(text, NONE) == 0 && q->none != NULL) {
			d->value[i][0] = '\0';
			return true;
		}
		if (check(q, text, sizeof(text), &f) == 0 &&
		    (i != Q_ASN || check_asn(sh, d, text, &f) == 0))
			break;
		out_styled(&sh->err, OUT_BAD, "That is %s.\n", f.text);
	}
	strlcpy(d->value[i], text, sizeof(d->value[i]));
	return true;
}

static bool
is_asked(int q, const struct draft *d)
{
	return q != Q_PORT || d->value[Q_ENDPOINT][0] != '\0';
}

static bool
ask_explained(struct shell *sh, int i, struct draft *d)
{
	out_print(&sh->out, "\n");
	out_folded(&sh->out, questions[i].explain, 0);
	return ask_question(sh, i, d);
}

static bool
ask_all(struct shell *sh, int first, struct draft *d)
{
	for (int i = first; i < Q_N; i++) {
		if (!is_asked(i, d)) {
			d->value[i][0] = '\0';
			continue;
		}
		if (!ask_explained(sh, i, d))
			return false;
	}
	return true;
}

static void
print_summary(struct shell *sh, const struct draft *d)
{
	struct table *t = table_new(NULL);
	char heading[32];

	snprintf(heading, sizeof(heading), "AS%.20s", d->value[Q_ASN]);
	table_column(t, "Your side", TABLE_KEEP);
	table_column(t, heading, TABLE_FOLD);
	for (int i = Q_KEY; i < Q_N; i++) {
		if (!is_asked(i, d))
			continue;
		table_cell(t, "%s", questions[i].prompt);
		table_cell(t, "%s", shown(i, d));
	}
	out_print(&sh->out, "\n");
	table_print(t, &sh->out);
	table_free(t);
}

/* The members in which `d` differs from `was`; all of them if it is NULL. */
static json_t *
to_json(const struct draft *d, const struct draft *was)
{
	json_t *o = json_object();

	for (int i = 0; o != NULL && i < Q_N; i++) {
		const char *v = d->value[i];
		json_t *member;

		if (i != Q_ASN && was != NULL && strcmp(v, was->value[i]) == 0)
			continue;
		if (questions[i].type == OPTION_FLAG)
			member = json_boolean(strcmp(v, "yes") == 0);
		else if (*v == '\0' && was == NULL)
			continue;
		else if (*v == '\0')
			member = json_null();
		else
			member = change_value(questions[i].type, v);
		json_object_set_new(o, questions[i].field, member);
	}
	return o;
}

/* The question that a fault is about, -1 if it is about none of them. */
static int
question_of(const struct fault *f, int first)
{
	for (int i = first; i < Q_N; i++)
		if (strcmp(f->field, questions[i].field) == 0)
			return i;
	return -1;
}

static int
cancelled(struct shell *sh)
{
	if (!sh->ended)
		out_print(&sh->out, "Given up; nothing was changed.\n");
	return SHELL_REFUSED;
}

/*
 * Sends the draft until it is taken, asking again what the engine refuses.
 */
static int
submit(struct shell *sh, const char *op, int first, struct draft *d,
    const struct draft *was, json_t **answer)
{
	struct fault f;
	bool yes;

	for (;;) {
		int q;

		print_summary(sh, d);
		if (!ask_yes(sh, was != NULL ? "Change it?" : "Create it?",
			true, &yes) ||
		    !yes)
			return cancelled(sh);
		out_flush(&sh->out);
		if (api_call(sh->api, op, to_json(d, was), answer, &f) == 0)
			return SHELL_OK;
		q = question_of(&f, first);
		if (q < 0 || api_client_ended(sh->api))
			return shell_fault(sh, NULL, &f);
		out_styled(
		    &sh->err, OUT_BAD, "%s: %s\n", questions[q].prompt, f.text);
		if (!ask_explained(sh, q, d))
			return cancelled(sh);
		if (!is_asked(Q_PORT, d))
			d->value[Q_PORT][0] = '\0';
		else if (d->value[Q_PORT][0] == '\0' &&
			 !ask_explained(sh, Q_PORT, d))
			return cancelled(sh);
	}
}

static int
finish(struct shell *sh, json_t *answer)
{
	change_done(sh, "Applied", answer);
	out_print(
	    &sh->out, "peer_config prints the configuration for your side.\n");
	json_decref(answer);
	return SHELL_OK;
}

/* The AS number that is offered: the one named, or the first that is free. */
static void
offer_asn(const struct shell *sh, const char *named, struct draft *d)
{
	char *offer = d->value[Q_ASN];

	if (named != NULL)
		strlcpy(offer, named, sizeof(d->value[Q_ASN]));
	for (size_t i = 0; i < sh->n_asns && *offer == '\0'; i++)
		if (!has_peering(d->peerings, sh->asns[i]))
			snprintf(offer, sizeof(d->value[Q_ASN]), "%u",
			    (unsigned)sh->asns[i]);
}

static int
create(struct shell *sh, const struct args *a, const json_t *peerings)
{
	struct draft d = { .peerings = peerings };
	json_t *answer = NULL;
	int status;

	offer_asn(sh, args_get(a, "asn"), &d);
	if (d.value[Q_ASN][0] == '\0' && sh->n_asns > 0) {
		out_print(&sh->out, "All your AS numbers have a peering here: "
				    "peer_edit changes one.\n");
		return SHELL_REFUSED;
	}
	strlcpy(d.value[Q_PSK], "no", sizeof(d.value[Q_PSK]));
	snprintf(
	    d.value[Q_MTU], sizeof(d.value[Q_MTU]), "%d", PEERING_MTU_DEFAULT);
	out_print(&sh->out, "Enter takes the value in brackets; Ctrl-C gives "
			    "up.\n");
	if (!ask_all(sh, Q_ASN, &d))
		return cancelled(sh);
	status = submit(sh, "peer_create", Q_ASN, &d, NULL, &answer);
	return status != 0 ? status : finish(sh, answer);
}

int
wizard_create(struct shell *sh, const struct args *a)
{
	json_t *list = NULL;
	int status;

	status = shell_hello(sh);
	if (status == 0)
		status = shell_call(sh, a, "peer_list", NULL, &list);
	if (status == 0)
		status = create(sh, a, json_object_get(list, "peerings"));
	json_decref(list);
	return status;
}

static void
from_peering(struct draft *d, const json_t *p)
{
	for (int i = 0; i < Q_N; i++) {
		const char *field = questions[i].field;
		size_t size = sizeof(d->value[i]);

		if (i == Q_PSK)
			strlcpy(d->value[i],
			    field_flag(p, field) ? "yes" : "no", size);
		else if (i == Q_LINK_LOCAL && !field_flag(p, "own_link_local"))
			d->value[i][0] = '\0';
		else if (json_is_integer(json_object_get(p, field)))
			snprintf(d->value[i], size, "%lld",
			    (long long)field_number(p, field));
		else
			strlcpy(d->value[i], field_text(p, field), size);
	}
}

int
wizard_edit(struct shell *sh, const json_t *peering)
{
	struct draft was = { 0 }, d;
	json_t *answer = NULL;
	int status;

	from_peering(&was, peering);
	d = was;
	out_print(&sh->out, "Enter keeps the value in brackets, \"" NONE
			    "\" clears one that may be empty; Ctrl-C\ngives "
			    "up.\n");
	if (!ask_all(sh, Q_KEY, &d))
		return cancelled(sh);
	if (memcmp(was.value, d.value, sizeof(d.value)) == 0) {
		out_print(&sh->out, "Nothing was changed.\n");
		return SHELL_OK;
	}
	status = submit(sh, "peer_edit", Q_KEY, &d, &was, &answer);
	return status != 0 ? status : finish(sh, answer);
}
