#include "registry/filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "registry/list.h"

#define WORDS 5

/* A piece of the file's text. */
struct word {
	const char *at;
	size_t len;
};

const char *
filter_name(unsigned family)
{
	return family == 4 ? "filter.txt" : "filter6.txt";
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The words before the comment: how many, WORDS + 1 for more than WORDS. */
static size_t
line_split(struct word words[WORDS], const char *line, const char *end)
{
	const char *comment = memchr(line, '#', (size_t)(end - line));
	size_t n = 0;

	if (comment != NULL)
		end = comment;
	for (;;) {
		const char *from;

		while (line < end && is_space(*line))
			line++;
		if (line == end || n > WORDS)
			return n;
		from = line;
		while (line < end && !is_space(*line))
			line++;
		if (n < WORDS) {
			words[n].at = from;
			words[n].len = (size_t)(line - from);
		}
		n++;
	}
}

static bool
word_is(const struct word *w, const char *text)
{
	return w->len == strlen(text) && memcmp(w->at, text, w->len) == 0;
}

static int
word_number(uint32_t *out, const struct word *w, uint32_t min, uint32_t max)
{
	return num_parse(out, w->at, w->len, min, max);
}

/* NULL, or what is wrong with it. */
static const char *
rule_parse(struct filter_rule *out, unsigned family, const struct word *w)
{
	struct filter_rule rule = { 0 };
	uint32_t bits = family == 4 ? 32 : 128, min, max;

	if (word_number(&rule.nr, &w[0], 0, UINT32_MAX) != 0)
		return "the first column is no number";
	rule.permit = word_is(&w[1], "permit");
	if (!rule.permit && !word_is(&w[1], "deny"))
		return "the second column is neither permit nor deny";
	if (prefix_parse(&rule.prefix, w[2].at, w[2].len) != 0 ||
	    rule.prefix.ip.family != family)
		return "the third column is no prefix of the file's family";
	if (prefix_has_host_bits(&rule.prefix))
		return "the prefix has host bits";
	if (word_number(&min, &w[3], 0, bits) != 0 ||
	    word_number(&max, &w[4], min, bits) != 0)
		return "the lengths are not 0 <= MIN <= MAX <= the family's";
	rule.min = (uint8_t)min;
	rule.max = (uint8_t)max;
	*out = rule;
	return NULL;
}

static int
rule_cmp(const void *a, const void *b)
{
	const struct filter_rule *x = a, *y = b;

	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int
add_rule(struct list *rules, const struct filter_rule *rule)
{
	struct filter_rule *slot;

	if (rules->n == FILTER_RULES_MAX)
		return FAULT_LIMIT;
	slot = list_add(rules, sizeof(*slot));
	if (slot == NULL)
		return FAULT_SYSTEM;
	*slot = *rule;
	return 0;
}

static int
add_lines(struct list *rules, size_t *skipped, unsigned family,
    const char *text, size_t len, const struct report *report)
{
	const char *at = text, *end = text + len;
	int rc = 0;

	for (uint32_t line = 1; at < end && rc == 0; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *why;
		struct filter_rule rule = { 0 };
		struct word words[WORDS];
		size_t n = line_split(words, at, stop != NULL ? stop : end);

		at = stop != NULL ? stop + 1 : end;
		if (n == 0)
			continue;
		why = n == WORDS ? rule_parse(&rule, family, words)
				 : "a rule has five columns";
		if (why != NULL) {
			report_line(report, filter_name(family), line, why);
			++*skipped;
			continue;
		}
		rule.line = line;
		rc = add_rule(rules, &rule);
	}
	return rc;
}

int
filter_parse(struct filter *out, unsigned family, const char *text, size_t len,
    const struct report *report, struct fault *f)
{
	const char *name = filter_name(family);
	struct list rules = { 0 };
	size_t skipped = 0;
	int rc = add_lines(&rules, &skipped, family, text, len, report);

	if (rc == FAULT_LIMIT)
		fault_set(f, rc, "registry", "%s has more than %d rules", name,
		    FILTER_RULES_MAX);
	else if (rc != 0)
		fault_set(f, rc, "registry", "no memory");
	else if (rules.n == 0)
		rc = fault_set(f, FAULT_INVALID, "registry",
		    "%s has no rule: is the registry complete?", name);
	if (rc != 0)
		goto out;
	qsort(rules.items, rules.n, sizeof(struct filter_rule), rule_cmp);
	out->rules = rules.items;
	out->n = rules.n;
	out->skipped = skipped;
	rules.items = NULL;
out:
	free(rules.items);
	return rc;
}

int
filter_load(struct filter *out, unsigned family, const char *dir,
    const struct report *report, struct fault *f)
{
	char path[32], *text;
	size_t len;
	int rc;

	snprintf(path, sizeof(path), "data/%s", filter_name(family));
	rc = file_read_below(dir, path, FILTER_FILE_MAX, &text, &len);
	if (rc != 0)
		return fault_set(f,
		    rc == -ENOENT || rc == -ENOTDIR ? FAULT_NOT_FOUND
						    : FAULT_SYSTEM,
		    "registry",
		    "cannot read %s/%s: %s; give the folder that holds the "
		    "registry's data/",
		    dir, path, strerror(-rc));
	rc = filter_parse(out, family, text, len, report, f);
	free(text);
	return rc;
}

void
filter_free(struct filter *filter)
{
	free(filter->rules);
}

const struct filter_rule *
filter_find(const struct filter *filter, const struct prefix *p)
{
	for (size_t i = 0; i < filter->n; i++)
		if (prefix_covers(&filter->rules[i].prefix, p))
			return &filter->rules[i];
	return NULL;
}
