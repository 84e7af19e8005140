#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "render/edgeos.h"
#include "render/render.h"
#include "render/text.h"

#define COMMANDS_MAX 100000
#define WORDS_MAX    16

/* A command without its "set": the words, '\n' behind each. */
struct command {
	char *words;
	size_t n; /* words */
};

struct state {
	struct command *list; /* as in the text */
	const char **sorted; /* their words */
	size_t n;
};

/*
 * Nodes that may go as one, "*" is any word; from the shallow to the deep. If
 * `whole`, so may any node below. Of what else our commands say, only the
 * command itself is ours: `lo` has addresses, and BGP neighbors and
 * parameters, that are not.
 */
static const struct {
	const char *node;
	bool whole;
} ours[] = {
	{ "firewall\nname\n*\nrule\n*\n", true },
	{ "interfaces\nwireguard\n*\n", true },
	{ "policy\nas-path-list\n*\n", true },
	{ "policy\nprefix-list\n*\n", true },
	{ "policy\nprefix-list6\n*\n", true },
	{ "protocols\nbgp\n*\n", false },
	{ "protocols\nbgp\n*\nneighbor\n*\n", true },
	{ "protocols\nstatic\ninterface-route\n*\n", true },
	{ "protocols\nstatic\ninterface-route6\n*\n", true },
	{ "protocols\nstatic\nroute\n*\n", true },
	{ "protocols\nstatic\nroute6\n*\n", true },
};

static void
state_free(struct state *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i].words);
	free(s->list);
	free(s->sorted);
}

/* A word, quoted or bare, to `out`; what follows it, or NULL. */
static const char *
take_word(FILE *out, const char *p, const char *end)
{
	char quote = *p == '\'' || *p == '"' ? *p++ : '\0';
	const char *stop = p;

	while (stop < end && (quote != '\0' ? *stop != quote : *stop != ' '))
		stop++;
	if (stop == p || (quote != '\0' && stop == end))
		return NULL;
	for (const char *c = p; c < stop; c++)
		if (*c < ' ' || *c > '~' || strchr("'\"\\?", *c) != NULL)
			return NULL;
	fwrite(p, 1, (size_t)(stop - p), out);
	fputc('\n', out);
	if (quote != '\0')
		stop++;
	return stop == end || *stop == ' ' ? stop : NULL;
}

/* 0, FAULT_INVALID for what is no command, or FAULT_SYSTEM. */
static int
take_command(struct command *out, const char *line, const char *end)
{
	char *words = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&words, &len);
	int rc = FAULT_SYSTEM;

	if (f == NULL)
		return rc;
	for (out->n = 0; line != NULL && line < end;) {
		if (*line == ' ') {
			line++;
			continue;
		}
		line = out->n++ < WORDS_MAX ? take_word(f, line, end) : NULL;
	}
	rc = line == NULL ? FAULT_INVALID : 0;
	if (fclose(f) != 0 && rc == 0)
		rc = FAULT_SYSTEM;
	if (rc == 0 && (out->n < 2 || strncmp(words, "set\n", 4) != 0))
		rc = FAULT_INVALID;
	if (rc == 0) {
		out->n--;
		memmove(words, words + 4, len - 3);
		out->words = words;
		words = NULL;
	}
	free(words);
	return rc;
}

static int
by_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
sort_state(struct state *s)
{
	s->sorted = calloc(s->n + 1, sizeof(*s->sorted));
	if (s->sorted == NULL)
		return FAULT_SYSTEM;
	for (size_t i = 0; i < s->n; i++)
		s->sorted[i] = s->list[i].words;
	qsort(s->sorted, s->n, sizeof(*s->sorted), by_words);
	return 0;
}

static int
bad_line(struct fault *f, const char *what, unsigned line)
{
	return fault_set(f, FAULT_INVALID, NULL,
	    "%s state, line %u: is no `set` command as meetme writes it", what,
	    line);
}

/* The commands of a text; comments and empty lines are passed over. */
static int
state_read(struct state *s, const char *text, const char *what, struct fault *f)
{
	size_t room = 1;
	unsigned line = 1;
	int rc;

	for (const char *c = text; *c != '\0'; c++)
		room += *c == '\n';
	s->list = calloc(room, sizeof(*s->list));
	if (s->list == NULL || room > COMMANDS_MAX)
		return s->list == NULL ? FAULT_SYSTEM
				       : bad_line(f, what, COMMANDS_MAX);
	for (; *text != '\0'; line++) {
		const char *end = strchrnul(text, '\n');

		if (*text != '#' && end != text) {
			rc = take_command(&s->list[s->n], text, end);
			if (rc == FAULT_INVALID)
				bad_line(f, what, line);
			if (rc != 0)
				return rc;
			s->n++;
		}
		text = *end == '\n' ? end + 1 : end;
	}
	return sort_state(s);
}

/* Is there a command that begins with these words? */
static bool
has_node(const struct state *s, const char *words, size_t len)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strncmp(s->sorted[mid], words, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->n && strncmp(s->sorted[low], words, len) == 0;
}

static bool
has_command(const struct state *s, const char *words)
{
	return bsearch(&words, s->sorted, s->n, sizeof(*s->sorted), by_words) !=
	       NULL;
}

/* The length of the node of `pattern` that the words begin with; 0: none. */
static size_t
match(const char *pattern, const char *words)
{
	const char *w = words;

	while (*pattern != '\0') {
		size_t n = strcspn(pattern, "\n") + 1;
		size_t len = strcspn(w, "\n") + 1;

		if (*w == '\0' || (*pattern != '*' &&
				      (n != len || memcmp(pattern, w, n) != 0)))
			return 0;
		pattern += n;
		w += len;
	}
	return (size_t)(w - words);
}

/* The shortest node of the command that is ours and holds nothing wanted. */
static size_t
node_to_delete(const char *words, const struct state *wanted)
{
	size_t len = strlen(words);

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		size_t n = match(ours[i].node, words);

		if (n > 0 && !has_node(wanted, words, n))
			return n;
		if (n > 0 && ours[i].whole)
			len = n;
	}
	while (words[len] != '\0' && has_node(wanted, words, len))
		len += strcspn(words + len, "\n") + 1;
	return len;
}

static void
put_command(FILE *f, const char *verb, const char *words, size_t len)
{
	const char *end = words + len;

	fputs(verb, f);
	while (words < end) {
		size_t n = strcspn(words, "\n");
		char *word = strndup(words, n);

		if (word == NULL)
			break;
		fputc(' ', f);
		edgeos_word(f, word);
		free(word);
		words += n + 1;
	}
	fputc('\n', f);
}

static void
put_changes(FILE *f, const struct state *old, const struct state *new)
{
	const char *last = NULL;
	size_t last_len = 0, n = 0;

	for (size_t i = 0; i < old->n; i++) {
		const char *words = old->sorted[i];

		if (has_command(new, words) ||
		    (last != NULL && strncmp(words, last, last_len) == 0))
			continue;
		last = words;
		last_len = node_to_delete(words, new);
		put_command(f, "delete", last, last_len);
		n++;
	}
	for (size_t i = 0; i < new->n; i++) {
		const char *words = new->list[i].words;

		if (has_command(old, words))
			continue;
		put_command(f, "set", words, strlen(words));
		n++;
	}
	if (n > 0)
		fputs("commit\nsave\n", f);
}

int
render_edgeos_changes(
    FILE *f, const char *from, const char *to, struct fault *fault)
{
	struct state old = { 0 }, new = { 0 };
	int rc;

	if ((rc = state_read(&old, from, "the old", fault)) != 0 ||
	    (rc = state_read(&new, to, "the new", fault)) != 0)
		goto out;
	put_changes(f, &old, &new);
	if (text_end(f) != 0)
		rc = fault_set(
		    fault, FAULT_SYSTEM, NULL, "the changes: a write failed");
	goto out_free;
out:
	if (rc == FAULT_SYSTEM)
		fault_set(fault, rc, NULL, "no memory");
out_free:
	state_free(&old);
	state_free(&new);
	return rc;
}
