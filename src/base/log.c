#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/text.h"

#define LINE_MAX_BYTES 1024

static const char *log_role = "meetme";

void
log_init(const char *role)
{
	log_role = role;
}

static void log_line(int priority, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
log_line(int priority, const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES];

	vsnprintf(text, sizeof(text), fmt, ap);
	text_clean(text, sizeof(text), text, strlen(text));
	if (getenv("JOURNAL_STREAM") != NULL)
		fprintf(stderr, "<%d>%s: %s\n", priority, log_role, text);
	else
		fprintf(stderr, "%s: %s\n", log_role, text);
}

#define LOG_BODY(priority)                   \
	do {                                 \
		va_list ap;                  \
		va_start(ap, fmt);           \
		log_line(priority, fmt, ap); \
		va_end(ap);                  \
	} while (0)

void
log_error(const char *fmt, ...)
{
	LOG_BODY(LOG_ERR);
}

void
log_warn(const char *fmt, ...)
{
	LOG_BODY(LOG_WARNING);
}

void
log_info(const char *fmt, ...)
{
	LOG_BODY(LOG_INFO);
}

void
log_fatal(const char *fmt, ...)
{
	LOG_BODY(LOG_ERR);
	exit(1);
}
