#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Roles and commands log, libraries never do. A line goes to standard error
 * as "role: text"; "<N>" stands before it, N the syslog priority, where
 * journald reads it (sd-daemon(3)). Control characters become '?'.
 */

/* Sets the name before each line; the string is kept, not copied. */
void log_init(const char *role);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Logs the error and ends the process with status 1. */
_Noreturn void
log_fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
