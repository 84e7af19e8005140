#ifndef REGISTRY_FILTER_H
#define REGISTRY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/ip.h"
#include "registry/report.h"

#define FILTER_FILE_MAX	 (256U << 10) /* bytes; dn42's have 2 KB */
#define FILTER_RULES_MAX 1024

/*
 * A line of the registry's data/filter.txt (IPv4) or data/filter6.txt (IPv6):
 *
 *	Nr  permit|deny  PREFIX  MIN  MAX  # comment
 *
 * PREFIX has no host bits, and MIN <= MAX <= 32 or 128.
 */
struct filter_rule {
	struct prefix prefix;
	uint8_t min, max; /* lengths of the prefixes that may be announced */
	bool permit;
	uint32_t nr;
	uint32_t line; /* in the file, from 1 */
};

struct filter {
	struct filter_rule *rules; /* by nr, then line */
	size_t n;
	size_t skipped; /* lines that are no rule, comment or blank */
};

/* The file's name below data/, of family 4 or 6. */
const char *filter_name(unsigned family);

/*
 * A line that breaks a rule is reported and passed over. 0: *out is the
 * caller's to free, and has a rule at least. FAULT_INVALID: there is none;
 * FAULT_LIMIT: too many; FAULT_SYSTEM.
 */
int filter_parse(struct filter *out, unsigned family, const char *text,
    size_t len, const struct report *report, struct fault *f);

/* As filter_parse, of the file in dir/data; FAULT_NOT_FOUND without one. */
int filter_load(struct filter *out, unsigned family, const char *dir,
    const struct report *report, struct fault *f);
void filter_free(struct filter *filter);

/* The rule that decides: the first that contains the whole of p, or NULL. */
const struct filter_rule *
filter_find(const struct filter *filter, const struct prefix *p);

#endif
