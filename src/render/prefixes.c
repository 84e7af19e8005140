#include "render/prefixes.h"

/* dn42 wiki, howto/Bird2: dn42, its anycast, ChaosVPN, NeoNetwork, others. */
static const struct prefix_rule usual[] = {
	{ true, { { 4, { 172, 20 } }, 24 }, 28, 32 },
	{ true, { { 4, { 172, 21 } }, 24 }, 28, 32 },
	{ true, { { 4, { 172, 22 } }, 24 }, 28, 32 },
	{ true, { { 4, { 172, 23 } }, 24 }, 28, 32 },
	{ true, { { 4, { 172, 20 } }, 14 }, 21, 29 },
	{ true, { { 4, { 172, 31 } }, 16 }, 0, 32 },
	{ true, { { 4, { 10, 100 } }, 14 }, 0, 32 },
	{ true, { { 4, { 10, 127 } }, 16 }, 0, 32 },
	{ true, { { 4, { 10 } }, 8 }, 15, 24 },
	{ true, { { 6, { 0xfd } }, 8 }, 44, 64 },
};

struct list {
	void (*put)(void *arg, const struct prefix_rule *rule);
	void *arg;
};

/* All that lies in it. */
static void
deny_within(const struct list *to, const struct prefix *p)
{
	struct prefix_rule rule = { .prefix = *p,
		.le = (uint8_t)ip_bits(&p->ip) };

	if (p->len == rule.le)
		rule.le = 0;
	to->put(to->arg, &rule);
}

static void
put_own(const struct list *to, enum prefixes what, uint8_t family,
    const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		const struct prefix *p = &plan->prefixes[i];
		const struct prefix_rule whole = { .permit = true,
			.prefix = *p };

		if (p->ip.family != family)
			continue;
		if (what == PREFIXES_EXPORT)
			to->put(to->arg, &whole);
	}
	for (size_t i = 0; i < plan->n_prefixes; i++)
		if (plan->prefixes[i].ip.family == family)
			deny_within(to, &plan->prefixes[i]);
}

/*
 * In the registry's file the first rule that contains a network decides, even
 * if its length is none of the rule's: hence a second one, which denies.
 */
static void
put_filter_rule(const struct list *to, const struct filter_rule *r)
{
	uint8_t bits = (uint8_t)ip_bits(&r->prefix.ip), len = r->prefix.len;
	struct prefix_rule rule = { .permit = true, .prefix = r->prefix };

	if (!r->permit || r->max < len) {
		deny_within(to, &r->prefix);
		return;
	}
	rule.ge = r->min > len ? r->min : 0;
	rule.le = r->max > len ? r->max : 0;
	to->put(to->arg, &rule);
	if (r->min > len || r->max < bits)
		deny_within(to, &r->prefix);
}

void
prefixes_each(enum prefixes what, uint8_t family, const struct plan *plan,
    const struct filter *filter,
    void (*put)(void *arg, const struct prefix_rule *rule), void *arg)
{
	const struct list to = { put, arg };

	put_own(&to, what, family, plan);
	if (filter == NULL) {
		for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
			if (usual[i].prefix.ip.family == family)
				put(arg, &usual[i]);
		return;
	}
	for (size_t i = 0; i < filter->n; i++)
		put_filter_rule(&to, &filter->rules[i]);
}
