#ifndef SHELL_UNITS_H
#define SHELL_UNITS_H

#include <stdint.h>

#define UNITS_MAX 80

/* All write to buf and return it. */

/* "2025-06-04 14:50:37 UTC" */
char *units_time(char buf[UNITS_MAX], int64_t seconds);

/* As `wg show` has it: "4 minutes, 1 second ago", "Now". */
char *units_ago(char buf[UNITS_MAX], int64_t then, int64_t now);

/* As `wg show` has it: "263.94 MiB". */
char *units_bytes(char buf[UNITS_MAX], uint64_t bytes);

#endif
