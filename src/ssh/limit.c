#include "ssh/limit.h"

#include <string.h>

static struct ip
source_of(const struct ip *from)
{
	struct ip source = *from;

	/* Whoever has an IPv6 address usually has its whole /64. */
	if (source.family == 6)
		memset(source.byte + 8, 0, 8);
	return source;
}

void
limit_add(struct limit *l, const struct ip *from, int64_t now, void *owner)
{
	l->list[l->n++] = (struct limit_entry){ source_of(from), now, owner };
}

void
limit_remove(struct limit *l, const void *owner)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i].owner != owner)
			continue;
		l->n--;
		memmove(&l->list[i], &l->list[i + 1],
		    (l->n - i) * sizeof(l->list[0]));
		return;
	}
}

/* How many are from the source of entry i; 0 if an older one is, too. */
static size_t
count_of(const struct limit *l, size_t i)
{
	size_t n = 0;

	for (size_t j = 0; j < l->n; j++) {
		if (ip_cmp(&l->list[i].source, &l->list[j].source) != 0)
			continue;
		if (j < i)
			return 0;
		n++;
	}
	return n;
}

void *
limit_victim(const struct limit *l, int64_t now)
{
	size_t most = 0, most_at = 0;

	if (l->n == 0)
		return NULL;
	if (now - l->list[0].since >= LIMIT_GRACE)
		return l->list[0].owner;
	if (l->n <= LIMIT_SOURCE)
		return NULL;
	for (size_t i = 0; i < l->n; i++) {
		size_t n = count_of(l, i);

		if (n > LIMIT_SOURCE && now - l->list[i].since >= LIMIT_CROWDED)
			return l->list[i].owner;
		if (n > most) {
			most = n;
			most_at = i;
		}
	}
	return l->n > LIMIT_TOTAL ? l->list[most_at].owner : NULL;
}
