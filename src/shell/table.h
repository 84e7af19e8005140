#ifndef SHELL_TABLE_H
#define SHELL_TABLE_H

#include "shell/out.h"

#define TABLE_COLUMNS_MAX 12

/* What a column does where the window is too narrow for all of them. */
enum table_fit {
	TABLE_KEEP, /* its cells stay whole; its heading folds */
	TABLE_FOLD, /* folds into several lines, once the cut ones are short */
	TABLE_CUT, /* shows the beginning */
	TABLE_SPARE, /* folds; left out where the others fit without it */
};

/*
 * A table with a heavy heading and a light body. Cells are added row by row,
 * and copied. Without memory it prints that instead.
 */
struct table;

struct table *table_new(const char *title); /* `title` may be NULL */
void table_free(struct table *t);

void table_column(struct table *t, const char *heading, enum table_fit fit);
void table_cell(struct table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void table_styled(struct table *t, enum out_style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Prints it within out_width() columns: columns shrink as they may; where that
 * is not enough, each row becomes a small table of its own.
 */
void table_print(const struct table *t, struct out *o);

#endif
