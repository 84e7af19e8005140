#include "agent/target.h"

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>

int
target_check(const struct endpoint_rules *rules, const struct link_table *links,
    const struct ip *ip, struct fault *f)
{
	char text[IP_TEXT_MAX];

	if (endpoint_check_ip(rules, ip, f) != 0)
		return FAULT_INVALID;
	if (link_is_own_ip(links, ip))
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "%s is our own address; give the other side's",
		    ip_text(ip, text));
	return 0;
}

void
target_mark(char alias[LINK_ALIAS_MAX], const struct plan_tunnel *t)
{
	if (t->pop != 0)
		snprintf(
		    alias, LINK_ALIAS_MAX, LINK_MARK "POP%u", (unsigned)t->pop);
	else
		snprintf(
		    alias, LINK_ALIAS_MAX, LINK_MARK "AS%u", (unsigned)t->asn);
}

/* The alias of a tunnel that leads to `ip`. */
static void
print_alias(char alias[LINK_ALIAS_MAX], const struct plan_tunnel *t,
    const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	size_t len;

	target_mark(alias, t);
	len = strlen(alias);
	if (ip->family != 0)
		snprintf(alias + len, LINK_ALIAS_MAX - len,
		    ip->family == 4 ? " %s:%u" : " [%s]:%u", ip_text(ip, text),
		    (unsigned)t->port);
}

int
target_pick(struct ip *out, const struct name *name,
    const struct endpoint_rules *rules, const struct link_table *links,
    struct fault *f)
{
	struct fault first = { 0 };

	if (name->n == 0)
		return fault_set(f, FAULT_INVALID, "endpoint",
		    "%s does not resolve: %s", name->host, name->error);
	for (size_t i = 0; i < name->n; i++) {
		if (target_check(rules, links, &name->ips[i],
			i == 0 ? &first : NULL) == 0) {
			*out = name->ips[i];
			return 0;
		}
	}
	return fault_set(
	    f, FAULT_INVALID, "endpoint", "%s: %s", name->host, first.text);
}

/* The good address that the alias says was set before; else the first. */
static void
pick_for(struct target *out, const struct plan_tunnel *t,
    const struct name *name, const struct endpoint_rules *rules,
    const struct link_table *links, const char *alias)
{
	char before[LINK_ALIAS_MAX];

	for (size_t i = 0; i < name->n; i++) {
		print_alias(before, t, &name->ips[i]);
		if (strcmp(before, alias) == 0 &&
		    target_check(rules, links, &name->ips[i], NULL) == 0) {
			out->ip = name->ips[i];
			return;
		}
	}
	target_pick(&out->ip, name, rules, links, &out->fault);
}

static void
find_name(struct target *out, const struct plan_tunnel *t,
    const struct endpoint_rules *rules, const struct link_table *links,
    struct names *names, const char *alias, bool again, bool silent)
{
	const struct name *name = names_get(names, t->host);

	out->waits = true; /* it can come to lead elsewhere */
	if (name != NULL)
		pick_for(out, t, name, rules, links, alias);
	else
		fault_set(&out->fault, FAULT_AWAY, "endpoint",
		    "%s is being resolved", t->host);
	if (name != NULL && !(again && (silent || out->ip.family == 0)))
		return;
	if (names_ask(names, t->host) != 0)
		fault_set(&out->fault, FAULT_LIMIT, "endpoint",
		    "too many names are being resolved");
}

void
target_find(struct target *out, const struct plan_tunnel *t,
    const struct endpoint_rules *rules, const struct link_table *links,
    struct names *names, const char *alias, bool again, bool silent)
{
	struct target r = { .port = t->port };
	struct ip ip;

	if (t->host[0] == '\0')
		; /* it calls us */
	else if (ip_parse(&ip, t->host, strlen(t->host)) != 0)
		find_name(&r, t, rules, links, names, alias, again, silent);
	else if (target_check(rules, links, &ip, &r.fault) == 0)
		r.ip = ip;
	/* Not known now: what was set before stays, and is remembered. */
	if (r.fault.code != 0 && alias[0] != '\0')
		strlcpy(r.alias, alias, sizeof(r.alias));
	else
		print_alias(r.alias, t, &r.ip);
	*out = r;
}
