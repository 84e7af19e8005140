#include "shell/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_MIN 12 /* a cell is not folded below this ... */
#define WORD_MIN 9 /* ... or that, where its words are short */
#define CUT_MIN	 5

struct column {
	char *heading;
	enum table_fit fit;
	unsigned body; /* its longest cell */
	unsigned word; /* its heading's longest word */
	unsigned piece; /* its cells', of WORD_MIN to FOLD_MIN */
};

struct table_cell {
	char *text;
	enum out_style style;
};

struct table {
	char *title;
	struct column column[TABLE_COLUMNS_MAX];
	unsigned columns;
	struct table_cell *cell;
	size_t cells, room;
	bool failed;
};

/* Left end, line, crossing, right end; and the upright. */
struct rule {
	const char *left, *line, *cross, *right;
};

struct frame {
	struct rule top, middle, bottom;
	const char *heavy, *light; /* upright, beside headings and cells */
	const char *more; /* stands for what was cut */
};

static const struct frame frame_utf8 = {
	{ "┏", "━", "┳", "┓" },
	{ "┡", "━", "╇", "┩" },
	{ "└", "─", "┴", "┘" },
	"┃",
	"│",
	"…",
};

static const struct frame frame_ascii = {
	{ "+", "-", "+", "+" },
	{ "+", "-", "+", "+" },
	{ "+", "-", "+", "+" },
	"|",
	"|",
	"~",
};

struct table *
table_new(const char *title)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	if (title != NULL) {
		t->title = strdup(title);
		t->failed = t->title == NULL;
	}
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < t->columns; i++)
		free(t->column[i].heading);
	for (size_t i = 0; i < t->cells; i++)
		free(t->cell[i].text);
	free(t->cell);
	free(t->title);
	free(t);
}

static unsigned
at_most(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
at_least(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned
longest_word(const char *text)
{
	unsigned longest = 0;

	while (*text != '\0') {
		unsigned len = (unsigned)strcspn(text, " ");

		longest = len > longest ? len : longest;
		text += len;
		text += strspn(text, " ");
	}
	return longest;
}

void
table_column(struct table *t, const char *heading, enum table_fit fit)
{
	struct column *c;

	if (t == NULL || t->columns == TABLE_COLUMNS_MAX)
		return;
	c = &t->column[t->columns++];
	*c = (struct column){
		.fit = fit, .heading = strdup(heading), .piece = WORD_MIN
	};
	if (c->heading == NULL)
		t->failed = true;
	else
		c->word = longest_word(c->heading);
}

static bool
has_room(struct table *t)
{
	size_t room = t->room > 0 ? 2 * t->room : 64;
	struct table_cell *cell;

	if (t->cells < t->room)
		return true;
	cell = reallocarray(t->cell, room, sizeof(*cell));
	if (cell == NULL)
		return false;
	t->cell = cell;
	t->room = room;
	return true;
}

static void add_cell(struct table *t, enum out_style style, const char *fmt,
    va_list ap) __attribute__((format(printf, 3, 0)));

static void
add_cell(struct table *t, enum out_style style, const char *fmt, va_list ap)
{
	struct column *c;
	unsigned len;
	char *text;
	int n;

	if (t == NULL || t->failed || t->columns == 0)
		return;
	n = has_room(t) ? vasprintf(&text, fmt, ap) : -1;
	if (n < 0) {
		t->failed = true;
		return;
	}
	for (char *p = text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	c = &t->column[t->cells % t->columns];
	t->cell[t->cells++] = (struct table_cell){ text, style };
	len = (unsigned)n;
	c->body = at_least(c->body, len);
	c->piece = at_least(c->piece, at_most(longest_word(text), FOLD_MIN));
}

void
table_cell(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_cell(t, OUT_PLAIN, fmt, ap);
	va_end(ap);
}

void
table_styled(struct table *t, enum out_style style, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_cell(t, style, fmt, ap);
	va_end(ap);
}

static unsigned
column_min(const struct column *c)
{
	unsigned body = c->body;

	if (c->fit == TABLE_FOLD || c->fit == TABLE_SPARE)
		body = at_most(body, c->piece);
	else if (c->fit == TABLE_CUT)
		body = at_most(body, CUT_MIN);
	return at_least(at_least(body, c->word), 1);
}

/*
 * The column that should give up a character: first one that is cut anyway,
 * then one whose heading can fold, then the widest that may fold. -1: none.
 */
static int
column_to_shrink(const struct table *t, const unsigned *width)
{
	int widest = -1;

	for (unsigned i = 0; i < t->columns; i++)
		if (t->column[i].fit == TABLE_CUT &&
		    width[i] > column_min(&t->column[i]))
			return (int)i;
	for (unsigned i = 0; i < t->columns; i++)
		if (width[i] > at_least(t->column[i].body, t->column[i].word))
			return (int)i;
	for (unsigned i = 0; i < t->columns; i++)
		if (width[i] > column_min(&t->column[i]) &&
		    (widest < 0 || width[i] > width[widest]))
			widest = (int)i;
	return widest;
}

/* False if the columns cannot be made to fit; their widths are set anyway. */
static bool
fit(const struct table *t, unsigned limit, unsigned *width)
{
	unsigned total = 1;

	for (unsigned i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];

		width[i] = at_least((unsigned)strlen(c->heading), c->body);
		total += width[i] + 3;
	}
	while (limit > 0 && total > limit) {
		int i = column_to_shrink(t, width);

		if (i < 0)
			return false;
		width[i]--;
		total--;
	}
	return true;
}

static void
pad(struct out *o, unsigned n)
{
	while (n-- > 0)
		out_raw(o, " ");
}

static void
rule_print(struct out *o, const struct rule *r, const unsigned *width,
    unsigned columns)
{
	for (unsigned i = 0; i < columns; i++) {
		out_raw(o, i == 0 ? r->left : r->cross);
		for (unsigned n = 0; n < width[i] + 2; n++)
			out_raw(o, r->line);
	}
	out_raw(o, r->right);
	out_raw(o, "\n");
}

/* How much of *text is its next line; moves *text behind it. */
static unsigned
next_piece(const char **text, unsigned width)
{
	unsigned len = (unsigned)strlen(*text), n = width;

	if (len <= width) {
		*text += len;
		return len;
	}
	while (n > 0 && (*text)[n] != ' ')
		n--;
	if (n == 0) { /* a word longer than the line */
		*text += width;
		return width;
	}
	*text += n;
	*text += strspn(*text, " ");
	return n;
}

struct cell {
	const char *text; /* what is left of it */
	enum out_style style;
	enum table_fit fit;
	unsigned width;
	unsigned skip; /* empty lines above it */
};

static unsigned
cell_height(struct cell c)
{
	unsigned n = 0;

	while (*c.text != '\0') {
		next_piece(&c.text, c.width);
		n++;
	}
	return n;
}

static void
cell_line(struct out *o, struct cell *c, const struct frame *frame)
{
	const char *text = c->text;
	unsigned len = (unsigned)strlen(text);

	if (c->skip > 0) {
		c->skip--;
		pad(o, c->width);
		return;
	}
	if (c->fit == TABLE_CUT && len > c->width) {
		len = c->width - 1;
		out_styled(o, c->style, "%.*s", (int)len, text);
		out_raw(o, frame->more);
		c->text += strlen(c->text);
		pad(o, c->width - len - 1);
		return;
	}
	len = next_piece(&c->text, c->width);
	if (len > 0)
		out_styled(o, c->style, "%.*s", (int)len, text);
	pad(o, c->width - len);
}

static void
row_print(struct out *o, struct cell *cell, unsigned columns, bool heading,
    const struct frame *frame)
{
	const char *upright = heading ? frame->heavy : frame->light;
	bool more = true;

	while (more) {
		more = false;
		for (unsigned i = 0; i < columns; i++) {
			out_raw(o, upright);
			pad(o, 1);
			cell_line(o, &cell[i], frame);
			pad(o, 1);
			more = more || *cell[i].text != '\0';
		}
		out_raw(o, upright);
		out_raw(o, "\n");
	}
}

static void
print_title(const struct table *t, struct out *o, const unsigned *width)
{
	unsigned total = 1, len;

	if (t->title == NULL)
		return;
	for (unsigned i = 0; i < t->columns; i++)
		total += width[i] + 3;
	len = (unsigned)strlen(t->title);
	if (len < total)
		pad(o, (total - len) / 2);
	out_styled(o, OUT_STRONG, "%s", t->title);
	out_raw(o, "\n");
}

/* Headings stand at the bottom of their row. */
static void
print_headings(const struct table *t, struct out *o, const unsigned *width,
    const struct frame *frame)
{
	struct cell cell[TABLE_COLUMNS_MAX];
	unsigned most = 0;

	for (unsigned i = 0; i < t->columns; i++) {
		cell[i] = (struct cell){ .text = t->column[i].heading,
			.style = OUT_HEADING,
			.fit = TABLE_FOLD,
			.width = width[i] };
		most = at_least(most, cell_height(cell[i]));
	}
	for (unsigned i = 0; i < t->columns; i++)
		cell[i].skip = most - cell_height(cell[i]);
	row_print(o, cell, t->columns, true, frame);
}

static void
print_grid(const struct table *t, struct out *o, const unsigned *width)
{
	const struct frame *frame = o->utf8 ? &frame_utf8 : &frame_ascii;
	struct cell cell[TABLE_COLUMNS_MAX];
	unsigned n = t->columns;

	print_title(t, o, width);
	rule_print(o, &frame->top, width, n);
	print_headings(t, o, width, frame);
	rule_print(o, &frame->middle, width, n);
	for (size_t at = 0; at + n <= t->cells; at += n) {
		for (unsigned i = 0; i < n; i++)
			cell[i] = (struct cell){ .text = t->cell[at + i].text,
				.style = t->cell[at + i].style,
				.fit = t->column[i].fit,
				.width = width[i] };
		row_print(o, cell, n, false, frame);
	}
	rule_print(o, &frame->bottom, width, n);
}

/* A row as a table of two columns: its headings, its cells. */
static void
print_record(const struct table *t, struct out *o, size_t at)
{
	struct table *r = table_new(NULL);
	unsigned width[TABLE_COLUMNS_MAX];
	unsigned limit = out_width(o);

	table_column(r, t->column[0].heading, TABLE_FOLD);
	table_column(r, t->cell[at].text, TABLE_FOLD);
	for (unsigned i = 1; i < t->columns; i++) {
		table_cell(r, "%s", t->column[i].heading);
		table_styled(
		    r, t->cell[at + i].style, "%s", t->cell[at + i].text);
	}
	if (r == NULL || r->failed) {
		out_print(o, "out of memory\n");
	} else {
		if (!fit(r, limit, width) && limit > 0) {
			unsigned room = at_least(limit, 9) - 7;

			width[0] = at_least(at_most(width[0], room / 2), 1);
			width[1] = at_least(room - width[0], 1);
		}
		print_grid(r, o, width);
	}
	table_free(r);
}

/* The same without what can be spared; NULL: without memory. */
static struct table *
without_spare(const struct table *t)
{
	struct table *r = table_new(t->title);

	for (unsigned i = 0; i < t->columns; i++)
		if (t->column[i].fit != TABLE_SPARE)
			table_column(r, t->column[i].heading, t->column[i].fit);
	for (size_t i = 0; i < t->cells; i++)
		if (t->column[i % t->columns].fit != TABLE_SPARE)
			table_styled(
			    r, t->cell[i].style, "%s", t->cell[i].text);
	return r;
}

void
table_print(const struct table *t, struct out *o)
{
	unsigned width[TABLE_COLUMNS_MAX];
	struct table *less;

	if (t == NULL || t->failed) {
		out_print(o, "out of memory\n");
		return;
	}
	if (fit(t, out_width(o), width)) {
		print_grid(t, o, width);
		return;
	}
	less = without_spare(t);
	if (less != NULL && !less->failed && fit(less, out_width(o), width)) {
		print_grid(less, o, width);
		table_free(less);
		return;
	}
	table_free(less);
	if (t->title != NULL)
		out_styled(o, OUT_STRONG, "%s\n", t->title);
	for (size_t at = 0; at + t->columns <= t->cells; at += t->columns)
		print_record(t, o, at);
}
