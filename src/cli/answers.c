#include "cli/answers.h"

#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>

static char *
place_asn(struct answers *a, size_t *size)
{
	*size = sizeof(a->asn);
	return a->asn;
}

static char *
place_name(struct answers *a, size_t *size)
{
	*size = sizeof(a->name);
	return a->name;
}

static char *
place_endpoint(struct answers *a, size_t *size)
{
	*size = sizeof(a->endpoint);
	return a->endpoint;
}

static char *
place_pop(struct answers *a, size_t *size)
{
	*size = sizeof(a->pop);
	return a->pop;
}

/* A host's first label is its POP's name as a rule: nl-ams1.example.net. */
static void
guess_pop(const struct answers *a, char *buf, size_t size)
{
	size_t len = strcspn(a->endpoint, ".");
	struct fault f;

	snprintf(buf, size, "%.*s", (int)len, a->endpoint);
	if (network_check_value("pops.name", buf, &f) != 0 ||
	    a->endpoint[len] == '\0' || strchr("0123456789", buf[0]) != NULL)
		strlcpy(buf, "pop1", size);
}

const struct question questions[] = {
	{ "asn", "network.asn", "Your AS number", false, place_asn, NULL },
	{ "name", "network.name", "Your network's name", false, place_name,
	    NULL },
	{ "prefix", "network.prefixes",
	    "Its prefixes, with spaces between them", true, NULL, NULL },
	{ "endpoint", "pops.endpoint",
	    "This machine's name or address on the Internet", false,
	    place_endpoint, NULL },
	{ "pop", "pops.name", "This POP's name", false, place_pop, guess_pop },
	{ NULL, NULL, NULL, false, NULL, NULL },
};

static int
take_prefix(struct answers *a, const char *text, struct fault *f)
{
	int rc = network_check_value("network.prefixes", text, f);

	if (rc != 0)
		return rc;
	if (a->n_prefixes == NETWORK_LIST_MAX)
		return fault_set(f, FAULT_INVALID, NULL,
		    "there can be %d prefixes", NETWORK_LIST_MAX);
	strlcpy(a->prefixes[a->n_prefixes++], text, PREFIX_TEXT_MAX);
	return 0;
}

/* All or none of the words in `text`. */
static int
take_prefixes(struct answers *a, const char *text, struct fault *f)
{
	size_t before = a->n_prefixes;
	char *copy = strdup(text), *rest = copy, *word;
	int rc = 0;

	if (copy == NULL)
		return fault_set(f, FAULT_SYSTEM, NULL, "no memory");
	while (rc == 0 && (word = strsep(&rest, " ,")) != NULL)
		if (*word != '\0')
			rc = take_prefix(a, word, f);
	if (rc == 0 && a->n_prefixes == before)
		rc = fault_set(f, FAULT_INVALID, NULL,
		    "give at least one, such as 172.20.0.0/27");
	if (rc != 0)
		a->n_prefixes = before;
	free(copy);
	return rc;
}

int
answer_take(struct answers *a, const struct question *q, const char *text,
    struct fault *f)
{
	size_t size;
	char *place;
	int rc;

	if (q->several)
		return take_prefixes(a, text, f);
	rc = network_check_value(q->field, text, f);
	if (rc != 0)
		return rc;
	place = q->place(a, &size);
	strlcpy(place, text, size);
	return 0;
}

bool
answer_given(struct answers *a, const struct question *q)
{
	size_t size;

	return q->several ? a->n_prefixes > 0 : *q->place(a, &size) != '\0';
}

static bool
ask(struct answers *a, const struct question *q, char **line, size_t *room)
{
	char guess[HOST_TEXT_MAX] = "";
	struct fault f;
	ssize_t len;

	if (q->guess != NULL)
		q->guess(a, guess, sizeof(guess));
	for (;;) {
		printf("%s%s%s%s: ", q->ask, *guess != '\0' ? " [" : "", guess,
		    *guess != '\0' ? "]" : "");
		fflush(stdout);
		len = getline(line, room, stdin);
		if (len < 0)
			return false;
		if ((*line)[len - 1] == '\n')
			(*line)[--len] = '\0';
		if (strlen(*line) == (size_t)len &&
		    answer_take(a, q, len > 0 ? *line : guess, &f) == 0)
			return true;
		printf("  %s\n", strlen(*line) == (size_t)len
				     ? f.text
				     : "has a character of value 0");
	}
}

bool
answers_ask(struct answers *a)
{
	char *line = NULL;
	size_t room = 0;
	bool good = true;

	for (const struct question *q = questions; good && q->option; q++)
		if (!answer_given(a, q))
			good = ask(a, q, &line, &room);
	free(line);
	return good;
}

void
answers_guess(struct answers *a)
{
	char guess[HOST_TEXT_MAX];

	for (const struct question *q = questions; q->option != NULL; q++) {
		if (q->guess == NULL || answer_given(a, q))
			continue;
		q->guess(a, guess, sizeof(guess));
		answer_take(a, q, guess, NULL);
	}
}
