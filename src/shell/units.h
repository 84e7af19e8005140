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

/* As ping(8) has it, of microseconds: "0.42 ms", "11.3 ms", "204 ms". */
char *units_ms(char buf[UNITS_MAX], uint32_t us);

#endif
